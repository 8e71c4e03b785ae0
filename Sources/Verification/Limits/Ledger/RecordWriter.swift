/// Writes the fields of a record, big-endian.
struct RecordWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  /// At most 65,535 bytes, after two with their number.
  mutating func put(_ field: [UInt8]) {
    put(UInt16(field.count))
    bytes += field
  }
}
