internal import LimitEngine
internal import Limits

/// A process's turn at a Redis that several share: from the script that gives it, with the records, to the script that
/// writes and ends it. In between everything is decided here.
///
/// A turn is fenced: it has a name of its own and a lease, and nothing is written with one that is over. Whoever dies, stands
/// still or is cut off in its turn loses it and nothing else; the others wait for the rest of the lease. Turns are given in
/// order of asking, so that a machine far away is not starved by those nearby.
///
/// Used by one thread.
final class Turn {
  enum Answer {
    /// It is the caller's turn. Redis' wall clock, and the records.
    case given(time: Int64, records: [[UInt8]?])
    /// So many are before the caller.
    case inLine(Int)
  }

  private let connection: RedisConnection
  private let names: RecordNames
  private let hashes: [[UInt8]]
  private let process: CounterKey
  private var name: [UInt8] = []

  /// After which the turn is another's. With the silence it makes less than a second, which is what others wait at the most
  /// when somebody dies in a turn.
  static let lease: Duration = .milliseconds(700)
  /// How long somebody in line may go without asking.
  static let silence: Duration = .milliseconds(200)
  /// How long Redis may take for one answer.
  static let answerTime: Duration = .seconds(1)

  /// - Parameters:
  ///   - hashes: the scripts' names in Redis, in their order.
  ///   - process: who stands in line.
  init(_ connection: RedisConnection, _ names: RecordNames, _ hashes: [[UInt8]], process: CounterKey) {
    self.connection = connection
    self.names = names
    self.hashes = hashes
    self.process = process
  }

  /// Asks for it.
  ///
  /// - Parameters:
  ///   - keys: the records to be read.
  ///   - also: commands that are to be answered with it, in the same round trip.
  func take(
    _ keys: [[UInt8]], also: [[[UInt8]]] = []
  ) throws(StoreFailure) -> (answer: Answer, also: [RedisReply]) {
    // One that was asked for before and never answered must not be taken for this one.
    name = Reservation.newID()
    let arguments = [
      process.bytes, name, Self.text(Self.lease.milliseconds), Self.text(Self.silence.milliseconds),
    ]
    let replies = try run(.take, [names.turn, names.line, names.asked] + keys, arguments, also: also)
    switch replies[0] {
    case .integer(let position) where position >= 0: return (.inLine(Int(clamping: position)), Array(replies[1...]))
    case .list(let items):
      guard items.count == 2, let time = items[0].integer, 0...RecordReader.mostTime ~= time,
        let records = items[1].list, records.count == keys.count
      else { throw Self.malformed }
      return (.given(time: time, records: records.map(\.bytes)), Array(replies[1...]))
    case .error(let error): throw RedisReply.failure(error)
    default: throw Self.malformed
    }
  }

  /// Reads records that were not read with it.
  ///
  /// - Parameter also: as in `take`.
  func read(
    _ keys: [[UInt8]], also: [[[UInt8]]] = []
  ) throws(StoreFailure) -> (records: [[UInt8]?], also: [RedisReply]) {
    let replies = try connection.ask([[Array("MGET".utf8)] + keys] + also, until: .now + Self.answerTime)
    if case .error(let error) = replies[0] { throw RedisReply.failure(error) }
    guard let records = replies[0].list, records.count == keys.count else { throw Self.malformed }
    return (records.map(\.bytes), Array(replies[1...]))
  }

  /// Writes and ends it.
  ///
  /// - Parameters:
  ///   - changes: names, records (nil to delete one) and how long they are kept, in milliseconds (0: for ever).
  ///   - confirmations: how many replicas must have it.
  /// - Returns: false when it was over: then nothing was written.
  func put(
    _ changes: [(name: [UInt8], record: [UInt8]?, life: Int64)], confirmations: Int
  ) throws(StoreFailure) -> Bool {
    var arguments = [name]
    for change in changes {
      arguments.append(change.record ?? [])
      arguments.append(Self.text(change.record == nil ? -1 : change.life))
    }
    let wait = ["WAIT", "\(confirmations)", "\(Self.answerTime.milliseconds / 2)"].map { Array($0.utf8) }
    let replies = try run(
      .put, [names.turn] + changes.map(\.name), arguments, also: confirmations > 0 ? [wait] : [])
    switch replies[0] {
    case .integer(1): break
    case .error(let error) where error.hasPrefix("FENCED"): return false
    case .error(let error): throw RedisReply.failure(error)
    default: throw Self.malformed
    }
    guard confirmations > 0 else { return true }
    guard let confirmed = replies[1].integer, confirmed >= Int64(confirmations) else {
      throw StoreFailure(.unconfirmed, "fewer than \(confirmations) replicas have the reservation")
    }
    return true
  }

  /// Ends it without writing.
  func end() throws(StoreFailure) {
    if case .error(let error) = try run(.end, [names.turn], [name], also: [])[0] { throw RedisReply.failure(error) }
  }

  /// One round trip. A Redis that lost the script has run nothing of it, and gets it anew.
  private func run(
    _ script: TurnScript, _ keys: [[UInt8]], _ arguments: [[UInt8]], also: [[[UInt8]]]
  ) throws(StoreFailure) -> [RedisReply] {
    let count = Self.text(Int64(keys.count))
    func command(_ name: String, _ script: [UInt8]) -> [[UInt8]] {
      [Array(name.utf8), script, count] + keys + arguments
    }
    let replies = try connection.ask(
      [command("EVALSHA", hashes[script.rawValue])] + also, until: .now + Self.answerTime)
    guard case .error(let error) = replies[0], error.hasPrefix("NOSCRIPT") else { return replies }
    return try connection.ask([command("EVAL", Array(script.text.utf8))] + also, until: .now + Self.answerTime)
  }

  private static func text(_ number: Int64) -> [UInt8] { Array("\(number)".utf8) }

  static let malformed = StoreFailure(.corrupt, "the script answered something else")
}
