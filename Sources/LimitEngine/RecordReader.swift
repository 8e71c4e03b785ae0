package import Limits

/// Reads the fields of a record. A record that is too short or too long is damaged.
package struct RecordReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  package init(_ bytes: [UInt8]) {
    self.init(bytes[...])
  }

  package var isAtEnd: Bool { position == bytes.endIndex }
  /// How many bytes are left.
  var left: Int { bytes.endIndex - position }

  package mutating func take<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type = Value.self)
    throws(StoreFailure)
    -> Value
  {
    let size = Value.bitWidth / 8
    guard left >= size else { throw Self.damaged }
    let offset = position - bytes.startIndex
    position += size
    let value = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
    return Value(bigEndian: value)
  }

  /// A time in milliseconds, or another number that is reckoned with: within 0...2⁵³, so that no sum of it with a window
  /// overflows. (The clocks of Linux end at a thousandth of that.)
  package mutating func takeTime() throws(StoreFailure) -> Int64 {
    let time: Int64 = try take()
    guard 0...Self.mostTime ~= time else { throw Self.damaged }
    return time
  }

  /// What a double, as Redis reckons with, still holds exactly.
  package static let mostTime: Int64 = 1 << 53

  /// What `RecordWriter.putShort` wrote: 0...2⁶³−1, and in no more bytes than it takes.
  mutating func takeShort() throws(StoreFailure) -> Int64 {
    var value: Int64 = 0
    for shift in stride(from: 0, to: 63, by: 7) {
      let byte: UInt8 = try take()
      value |= Int64(byte & 0x7F) << shift
      if byte & 0x80 == 0 {
        guard byte != 0 || shift == 0 else { break }
        return value
      }
    }
    throw Self.damaged
  }

  package mutating func takeField() throws(StoreFailure) -> [UInt8] {
    Array(try take(Int(try take(UInt16.self))))
  }

  package mutating func takeKey() throws(StoreFailure) -> CounterKey {
    let bytes = try takeField()
    guard 1...64 ~= bytes.count else { throw Self.damaged }
    return CounterKey(bytes)
  }

  /// What `RecordWriter.putField` wrote, where it is, without a copy.
  mutating func takeSlice() throws(StoreFailure) -> ArraySlice<UInt8> {
    try take(Int(try take(UInt32.self)))
  }

  private mutating func take(_ size: Int) throws(StoreFailure) -> ArraySlice<UInt8> {
    guard left >= size else { throw Self.damaged }
    defer { position += size }
    return bytes[position..<position + size]
  }

  func finish() throws(StoreFailure) {
    guard isAtEnd else { throw Self.damaged }
  }

  package static let damaged = StoreFailure(
    .damaged, "a record does not have the form it was written in; pingate limits clear, or pingate forget, removes it")
}
