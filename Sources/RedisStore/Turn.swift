internal import LimitEngine
internal import Limits

/// A process's turn at a Redis that several processes share: from the script that grants it and reads the records to
/// the script that writes them and ends the turn. In between, this process decides.
///
/// A turn is fenced: it has a name of its own and a lease, and nothing is written once it is over. A process that dies,
/// hangs or is cut off loses its turn and nothing else; the others wait until the lease ends. Turns are granted in the
/// order of requests, so that nearby machines do not starve one that is far away.
///
/// It is confined to one thread.
final class Turn {
  enum Answer {
    /// It is the caller's turn: Redis's wall clock in milliseconds, and the records.
    case given(time: Int64, records: [[UInt8]?])
    /// This many processes are ahead of the caller.
    case queued(ahead: Int)
  }

  private let connection: RedisConnection
  private let names: RecordNames
  private let hashes: [[UInt8]]
  private let process: CounterKey
  private var name: [UInt8] = []

  /// How long a turn may last before another process gets it. Together with `silence` it is less than a second, which
  /// is the longest that others wait if a process dies during its turn.
  static let lease: Duration = .milliseconds(700)
  /// How long a waiting process may go without asking before it loses its place.
  static let silence: Duration = .milliseconds(200)
  /// How long Redis may take for a reply.
  static let answerTime: Duration = .seconds(1)

  /// - Parameters:
  ///   - hashes: the SHA-1 digests of the scripts, in the order of `TurnScript`.
  ///   - process: identifies this process in the queue.
  init(_ connection: RedisConnection, _ names: RecordNames, _ hashes: [[UInt8]], process: CounterKey) {
    self.connection = connection
    self.names = names
    self.hashes = hashes
    self.process = process
  }

  /// Asks for the turn.
  ///
  /// - Parameters:
  ///   - keys: the records to read.
  ///   - also: commands to send in the same round trip.
  func take(
    _ keys: [[UInt8]], also: [[[UInt8]]] = []
  ) throws(StoreFailure) -> (answer: Answer, also: [RedisReply]) {
    // A grant that was requested earlier and never received must not be taken for this one.
    name = Reservation.newID()
    let arguments = [
      process.bytes, name, Self.text(Self.lease.milliseconds), Self.text(Self.silence.milliseconds),
    ]
    let replies = try run(.take, [names.turn, names.queue, names.asked] + keys, arguments, also: also)
    switch replies[0] {
    case .integer(let position) where position >= 0:
      return (.queued(ahead: Int(clamping: position)), Array(replies[1...]))
    case .list(let items):
      guard items.count == 2, let time = items[0].integer, 0...RecordReader.mostTime ~= time,
        let records = items[1].list, records.count == keys.count
      else { throw Self.malformed }
      return (.given(time: time, records: records.map(\.bytes)), Array(replies[1...]))
    case .error(let error): throw RedisReply.failure(error)
    default: throw Self.malformed
    }
  }

  /// Reads records that were not read with the turn.
  ///
  /// - Parameter also: as for `take`.
  func read(
    _ keys: [[UInt8]], also: [[[UInt8]]] = []
  ) throws(StoreFailure) -> (records: [[UInt8]?], also: [RedisReply]) {
    let replies = try connection.ask([[Array("MGET".utf8)] + keys] + also, until: .now + Self.answerTime)
    if case .error(let error) = replies[0] { throw RedisReply.failure(error) }
    guard let records = replies[0].list, records.count == keys.count else { throw Self.malformed }
    return (records.map(\.bytes), Array(replies[1...]))
  }

  /// Writes the changes and ends the turn.
  ///
  /// - Parameters:
  ///    - changes: names, records (nil to delete one) and how long to keep them, in milliseconds (0 means forever).
  ///    - confirmations: how many replicas must have the changes.
  /// - Returns: false if the turn was over; then nothing was written.
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

  /// Ends the turn without writing.
  func end() throws(StoreFailure) {
    if case .error(let error) = try run(.end, [names.turn], [name], also: [])[0] { throw RedisReply.failure(error) }
  }

  /// Runs a script in one round trip. A Redis that has lost the script runs nothing, and gets it again.
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
