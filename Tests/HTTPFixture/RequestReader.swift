/// Takes requests with `Content-Length` out of the bytes of one connection.
struct RequestReader {
  private var bytes: [UInt8] = []

  mutating func append(_ more: some Sequence<UInt8>) {
    bytes += more
  }

  /// The next complete request, or nil while it has not come whole.
  mutating func next(number: Int, connection: Int) -> ReceivedRequest? {
    if let first = bytes.first, !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) {
      defer { bytes = [] }  // not HTTP: a TLS handshake, for one
      return ReceivedRequest(number: number, connection: connection, method: "", target: "", fields: [], body: bytes)
    }
    guard let headEnd = endOfHead() else { return nil }
    let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
    let first = lines[0].split(separator: " ").map(String.init)
    let fields = lines.dropFirst().map { line -> (name: String, value: String) in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
    }
    let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
    guard bytes.count >= headEnd + length else { return nil }
    let body = Array(bytes[headEnd..<headEnd + length])
    bytes.removeFirst(headEnd + length)
    return ReceivedRequest(
      number: number, connection: connection, method: first[0], target: first[1], fields: fields, body: body)
  }

  private func endOfHead() -> Int? {
    let end = Array("\r\n\r\n".utf8)
    guard bytes.count >= end.count else { return nil }
    return (end.count...bytes.count).first { bytes[($0 - end.count)..<$0].elementsEqual(end) }
  }
}
