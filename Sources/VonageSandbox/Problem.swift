/// A problem document (RFC 9457).
struct Problem: Encodable {
  let title: String
  let detail: String

  var json: [UInt8] { JSONText.bytes(of: self) }
}
