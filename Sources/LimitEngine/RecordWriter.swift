/// Writes the fields of a record, big-endian.
package struct RecordWriter {
  private var buffer: [UInt8]
  private var position = 0

  /// - Parameter size: how many bytes there will be; a guess costs a copy.
  package init(size: Int = 64) {
    buffer = [UInt8](repeating: 0, count: size)
  }

  /// What was written.
  package var bytes: [UInt8] { position == buffer.count ? buffer : Array(buffer[..<position]) }

  package mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
    let size = Value.bitWidth / 8
    makeRoom(size)
    unsafe buffer.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: value.bigEndian, toByteOffset: position, as: Value.self)
    }
    position += size
  }

  /// A number of 0...2⁶³−1 in as few bytes as it takes, the lowest seven bits first (LEB128).
  mutating func putShort(_ number: Int64) {
    var rest = UInt64(number)
    while rest >= 0x80 {
      put(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    put(UInt8(rest))
  }

  /// At most 65,535 bytes, after two with their number.
  package mutating func put(_ field: [UInt8]) {
    put(UInt16(field.count))
    append(field[...])
  }

  /// A field of what `body` writes, of any length, after four bytes with their number: the answers to a number's sends in all
  /// of its browsers are one.
  mutating func putField(_ body: (inout RecordWriter) -> Void) {
    let start = position
    put(UInt32(0))
    body(&self)
    let end = position
    position = start
    put(UInt32(end - start - 4))
    position = end
  }

  /// Bytes without their number.
  mutating func append(_ bytes: ArraySlice<UInt8>) {
    makeRoom(bytes.count)
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position...]).copyMemory(from: bytes)
      }
    }
    position += bytes.count
  }

  private mutating func makeRoom(_ size: Int) {
    let missing = position + size - buffer.count
    if missing > 0 { buffer += [UInt8](repeating: 0, count: max(missing, buffer.count)) }
  }
}
