internal import LimitEngine
internal import Limits

/// What a store in Redis says of itself, written anew by each turn that changes anything: form, birth, and the limiter's
/// time of its newest write.
struct StoreHead: Sendable, Hashable {
  /// Random, from when it was empty.
  let birth: [UInt8]
  var write: Int64

  /// How records are kept. A store of another form is refused and left alone.
  static let form: UInt8 = 4

  static func made(at time: Int64) -> StoreHead {
    StoreHead(birth: Reservation.newID(), write: time)
  }

  private init(birth: [UInt8], write: Int64) {
    self.birth = birth
    self.write = write
  }

  /// - Throws: `store.incompatible` for what this PinGate did not write.
  init(_ bytes: [UInt8]) throws(StoreFailure) {
    guard bytes.first == Self.form, bytes.count == 25 else { throw Self.incompatible }
    birth = Array(bytes[1..<17])
    var reader = RecordReader(bytes[17...])
    write = try reader.takeTime()
  }

  static let incompatible = StoreFailure(
    .incompatible,
    "another PinGate wrote to it, in another form than \(form). Deleting the keys of this prefix sets all limits back")

  var bytes: [UInt8] {
    var writer = RecordWriter(size: 25)
    writer.put(Self.form)
    for byte in birth { writer.put(byte) }
    writer.put(write)
    return writer.bytes
  }
}
