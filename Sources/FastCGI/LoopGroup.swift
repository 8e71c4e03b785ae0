internal import Glibc
internal import Synchronization

/// The loops of one server as they see each other: the counters that the server's limits apply to, and the queues
/// through which loops talk to each other.
///
/// The first loop accepts for all of them and hands each connection to the loop that has the fewest. That spreads the
/// few connections that a web server keeps alive evenly, which the kernel would not do: it wakes the same loop again
/// and again as long as that one keeps up. A connection stays with its loop, and so does all work for its requests.
///
/// Sendable: the counters are atomic, and the queues have locks of their own.
final class LoopGroup: Sendable {
  /// One loop, as the others see it.
  final class Member: Sendable {
    let events = EventQueue()
    fileprivate let connections = Atomic(0)
    /// Whether it has queued requests for which the responder had no room.
    fileprivate let waitsForRoom = Atomic(false)

    /// Whether it has connections, including those that it has not taken over yet.
    var hasConnections: Bool { connections.load(ordering: .sequentiallyConsistent) > 0 }
  }

  let members: [Member]
  private let limits: ServerLimits
  private let unanswered = Atomic(0)
  private let isOverloaded = Atomic(false)
  private let acceptorWaits = Atomic(false)
  private let accepts = Atomic(true)
  private let left: Atomic<Int>
  private let unfinished = Atomic(0)

  /// - Parameter count: the number of loops, at least one.
  init(_ count: Int, limits: ServerLimits) {
    precondition(count > 0, "a server has a loop")
    members = (0..<count).map { _ in Member() }
    left = Atomic(count)
    self.limits = limits
  }

  /// The loop that accepts.
  var acceptor: Member { members[0] }

  // MARK: Connections

  /// The number of connections of all loops together.
  var connections: Int {
    members.reduce(0) { $0 + $1.connections.load(ordering: .sequentiallyConsistent) }
  }

  /// Picks the loop for an accepted connection, and counts the connection there.
  ///
  /// With few connections, one more or less matters. With many, each as short as a request, handing one to another
  /// thread costs more than a small imbalance.
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
    if acceptorWaits.load(ordering: .sequentiallyConsistent) { acceptor.events.requestTurn() }
  }

  /// Has the accepting loop woken whenever a connection is closed. The caller must check the count after this call.
  func setAcceptorWaits(_ waits: Bool) {
    acceptorWaits.store(waits, ordering: .sequentiallyConsistent)
  }

  /// All loops except the one that accepts.
  var others: ArraySlice<Member> { members.dropFirst() }

  // MARK: Requests

  /// Counts one more request to be answered.
  ///
  /// - Returns: false if that would exceed the limit.
  func admit() -> Bool {
    var count = unanswered.load(ordering: .relaxed)
    while count < limits.requestsInFlight {
      let (isDone, now) = unanswered.weakCompareExchange(expected: count, desired: count + 1, ordering: .relaxed)
      if isDone { return true }
      count = now
    }
    return false
  }

  /// Counts one request fewer to be answered.
  func countAnswered() {
    let left = unanswered.subtract(1, ordering: .relaxed).newValue
    // Well below the limit, so that the event is not reported for every other request.
    if left < limits.requestsInFlight - limits.requestsInFlight / 10, isOverloaded.load(ordering: .relaxed) {
      isOverloaded.store(false, ordering: .relaxed)
    }
  }

  /// Notes that a request exceeds the limit.
  ///
  /// - Returns: whether it is the first one since there was room.
  func beginOverload() -> Bool {
    !isOverloaded.exchange(true, ordering: .relaxed)
  }

  /// Has a loop woken when another one has made room for its queued requests. The caller must check once more after
  /// this call.
  func setWaitsForRoom(_ member: Member) {
    guard members.count > 1 else { return }
    member.waitsForRoom.store(true, ordering: .sequentiallyConsistent)
  }

  /// Wakes the loops that wait for room, if there is some. The loop that made the room is running anyway; the others
  /// may not be.
  func shareRoom(madeBy maker: Member, _ hasRoom: () -> Bool) {
    guard members.count > 1 else { return }
    for member in members where member !== maker && member.waitsForRoom.load(ordering: .sequentiallyConsistent) {
      guard hasRoom() else { return }
      if member.waitsForRoom.exchange(false, ordering: .sequentiallyConsistent) { member.events.requestTurn() }
    }
  }

  // MARK: Stopping

  /// Asks all loops to stop. No loop depends on another to pass this on, since that one may already have ended.
  func stop(within grace: Duration) {
    for member in members { member.events.stop(within: grace) }
  }

  /// Whether connections may still be accepted, for any loop.
  var isAccepting: Bool { accepts.load(ordering: .sequentiallyConsistent) }

  /// Notes that the last connection has been accepted: the other loops may end once they have no connections.
  func endAccepting() {
    accepts.store(false, ordering: .sequentiallyConsistent)
    for member in others { member.events.requestTurn() }
  }

  /// Notes that a loop has ended with `count` requests unfinished.
  ///
  /// - Returns: the number of unfinished requests of all loops, if this was the last loop.
  func end(unfinished count: Int) -> Int? {
    let all = unfinished.add(count, ordering: .acquiringAndReleasing).newValue
    return left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 ? all : nil
  }
}

/// An accepted connection. It counts as open as long as its descriptor is, that is until the last reference is
/// released.
final class AcceptedSocket: Sendable {
  let descriptor: Int32
  /// The loop that owns it.
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
