internal import Glibc
internal import Synchronization

/// The loops of one server, as each of them sees the others: the counts that the server's limits are for, and the queues by
/// which one loop speaks to another.
///
/// The first loop accepts for all of them, and gives each connection to the one that has fewest. So few connections that a
/// web server keeps are spread evenly, which the kernel would not do: it wakes the same loop again and again for as long as
/// that one keeps up. A connection stays with its loop, and so does all that is done for its requests.
///
/// Sendable: the counts are atomic, the queues have locks of their own.
final class LoopGroup: Sendable {
  /// One loop, as the others see it.
  final class Member: Sendable {
    let events = EventQueue()
    fileprivate let connections = Atomic(0)
    /// Whether it has requests in its queue for which the responder had no room.
    fileprivate let waitsForRoom = Atomic(false)

    /// Whether it has connections, those that it has not taken over yet included.
    var hasConnections: Bool { connections.load(ordering: .sequentiallyConsistent) > 0 }
  }

  let members: [Member]
  private let limits: Limits
  private let unanswered = Atomic(0)
  private let isOverloaded = Atomic(false)
  private let acceptorWaits = Atomic(false)
  private let accepts = Atomic(true)
  private let left: Atomic<Int>
  private let unfinished = Atomic(0)

  /// - Parameter count: how many loops there are, one at least.
  init(_ count: Int, limits: Limits) {
    precondition(count > 0, "a server has a loop")
    members = (0..<count).map { _ in Member() }
    left = Atomic(count)
    self.limits = limits
  }

  /// The loop that accepts.
  var acceptor: Member { members[0] }

  // MARK: Connections

  /// How many connections all loops have.
  var connections: Int {
    members.reduce(0) { $0 + $1.connections.load(ordering: .sequentiallyConsistent) }
  }

  /// Counts a connection that was accepted, for the loop that it is to go to.
  ///
  /// While there are few, one more or less matters. Where there are many, each as short as a request, going to another thread
  /// costs more than a small difference does.
  func assign(_ descriptor: Int32) -> AcceptedSocket {
    var target = acceptor
    let own = acceptor.connections.load(ordering: .relaxed)
    var fewest = own
    for member in others {
      let count = member.connections.load(ordering: .relaxed)
      if count < fewest, own > count + count / 8 { (target, fewest) = (member, count) }
    }
    target.connections.add(1, ordering: .sequentiallyConsistent)
    return AcceptedSocket(descriptor, of: target, in: self)
  }

  fileprivate func countClosed(_ member: Member) {
    member.connections.subtract(1, ordering: .sequentiallyConsistent)
    if acceptorWaits.load(ordering: .sequentiallyConsistent) { acceptor.events.look() }
  }

  /// Has the accepting loop woken whenever a connection is closed; it looks at the count after this.
  func setAcceptorWaits(_ waits: Bool) {
    acceptorWaits.store(waits, ordering: .sequentiallyConsistent)
  }

  /// All loops but the one that accepts.
  var others: ArraySlice<Member> { members.dropFirst() }

  // MARK: Requests

  /// Counts one more request that is to be answered.
  ///
  /// - Returns: false when that is one too many.
  func admit() -> Bool {
    var count = unanswered.load(ordering: .relaxed)
    while count < limits.requestsInFlight {
      let (isDone, now) = unanswered.weakCompareExchange(expected: count, desired: count + 1, ordering: .relaxed)
      if isDone { return true }
      count = now
    }
    return false
  }

  /// One less is to be answered.
  func countAnswered() {
    let left = unanswered.subtract(1, ordering: .relaxed).newValue
    // Well below, so that the event is not said at every other request.
    if left < limits.requestsInFlight - limits.requestsInFlight / 10, isOverloaded.load(ordering: .relaxed) {
      isOverloaded.store(false, ordering: .relaxed)
    }
  }

  /// - Returns: whether this is the first request that is too many, since there was room.
  func beginOverload() -> Bool {
    !isOverloaded.exchange(true, ordering: .relaxed)
  }

  /// Has a loop woken when another one has made room for what is in its queue; it looks once more after this.
  func setWaitsForRoom(_ member: Member) {
    guard members.count > 1 else { return }
    member.waitsForRoom.store(true, ordering: .sequentiallyConsistent)
  }

  /// Wakes the loops that wait for room, where there is some: the loop that made it has turns by itself, they have none.
  func shareRoom(madeBy maker: Member, _ hasRoom: () -> Bool) {
    guard members.count > 1 else { return }
    for member in members where member !== maker && member.waitsForRoom.load(ordering: .sequentiallyConsistent) {
      guard hasRoom() else { return }
      if member.waitsForRoom.exchange(false, ordering: .sequentiallyConsistent) { member.events.look() }
    }
  }

  // MARK: The end

  /// Asks all loops to stop. None of them depends on another one to hear of it, which may have ended already.
  func stop(within grace: Duration) {
    for member in members { member.events.stop(within: grace) }
  }

  /// Whether connections may still be accepted, for any loop.
  var isAccepting: Bool { accepts.load(ordering: .sequentiallyConsistent) }

  /// Says that the last connection was accepted: the other loops may end when they have none.
  func endAccepting() {
    accepts.store(false, ordering: .sequentiallyConsistent)
    for member in others { member.events.look() }
  }

  /// A loop has ended, and left so many requests unfinished.
  ///
  /// - Returns: how many all of them have, if it was the last.
  func end(unfinished count: Int) -> Int? {
    let all = unfinished.add(count, ordering: .acquiringAndReleasing).newValue
    return left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 ? all : nil
  }
}

/// A connection that was accepted, and counts as one for as long as its descriptor is open: until nobody holds it any more.
final class AcceptedSocket: Sendable {
  let descriptor: Int32
  /// Whose it is.
  let member: LoopGroup.Member
  private let group: LoopGroup

  fileprivate init(_ descriptor: Int32, of member: LoopGroup.Member, in group: LoopGroup) {
    self.descriptor = descriptor
    self.member = member
    self.group = group
  }

  deinit {
    close(descriptor)
    group.countClosed(member)
  }
}
