internal import LimitEngine
internal import Limits

/// What a store in Redis says about itself, rewritten by each turn that changes anything: its format, its identity, and
/// the time of its latest write.
struct StoreHead: Sendable, Hashable {
  /// Random bytes, drawn when the store was empty.
  let identity: [UInt8]
  var write: Int64
  /// In the limit engine's milliseconds.

  /// The format of the records. A store with a different format is refused and left alone.
  static let format: UInt8 = 4

  static func made(at time: Int64) -> StoreHead {
    StoreHead(identity: Reservation.newID(), write: time)
  }

  private init(identity: [UInt8], write: Int64) {
    self.identity = identity
    self.write = write
  }

  /// - Throws: `store.incompatible` for anything that this version did not write.
  init(_ bytes: [UInt8]) throws(StoreFailure) {
    guard bytes.first == Self.format, bytes.count == 25 else { throw Self.incompatible }
    identity = Array(bytes[1..<17])
    var reader = RecordReader(bytes[17...])
    write = try reader.takeTime()
  }

  static let incompatible = StoreFailure(
    .incompatible,
    "another PinGate wrote to it, in a format other than \(format). Deleting the keys of this prefix resets all limits")

  var bytes: [UInt8] {
    var writer = RecordWriter(size: 25)
    writer.put(Self.format)
    for byte in identity { writer.put(byte) }
    writer.put(write)
    return writer.bytes
  }
}
