/// Reads the fields of a record. A record that is too short or too long is corrupt.
package struct RecordReader {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package var isAtEnd: Bool { position == bytes.count }
  /// How many bytes are left.
  var left: Int { bytes.count - position }

  package mutating func take<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type = Value.self)
    throws(StoreFailure)
    -> Value
  {
    let size = Value.bitWidth / 8
    guard bytes.count - position >= size else { throw Self.corrupt }
    defer { position += size }
    let value = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: position, as: Value.self) }
    return Value(bigEndian: value)
  }

  package mutating func takeField() throws(StoreFailure) -> [UInt8] {
    let size = Int(try take(UInt16.self))
    guard bytes.count - position >= size else { throw Self.corrupt }
    defer { position += size }
    return Array(bytes[position..<position + size])
  }

  func finish() throws(StoreFailure) {
    guard isAtEnd else { throw Self.corrupt }
  }

  package static let corrupt = StoreFailure(.corrupt, "a record does not have the form it was written in")
}
