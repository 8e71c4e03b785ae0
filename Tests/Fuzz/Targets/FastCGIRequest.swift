internal import FastCGIClient
internal import Gateway

@testable internal import FastCGI

extension FuzzTarget {
  /// What a web server says comes through libfcgi as it was said, whatever the sizes of the records and their padding; and
  /// an answer comes back as it was made.
  ///
  /// Two bytes are those sizes; then there is a parameter a line, and behind an empty line the body.
  static let fastCGIRequest = FuzzTarget(name: "fastcgi-request") { input in
    guard input.count > 2 else { return }
    let content = Array(input.dropFirst(2))
    let border = content.firstRange(of: [0x0A, 0x0A])
    let head = border.map { Array(content[..<$0.lowerBound]) } ?? content
    let body = border.map { Array(content[$0.upperBound...]) } ?? []
    guard body.count <= 8 << 10, head.count <= 32 << 10 else { return }

    var sent = FastCGIRequest("POST", "/", body: body, contentLength: body.count)
    sent.recordLength = Int(input[0]) * 16 + 1
    sent.padding = Int(input[1])
    for line in head.lines {
      let name = String(line.prefix { $0 != "=" })
      guard !name.isEmpty, !line.utf8.contains(0), name != "CONTENT_LENGTH" else { continue }
      sent.parameters.append((name: name, value: String(line.dropFirst(name.count + 1))))
    }
    var reader = RequestReader(limits: ServerLimits())
    var bytes = sent.bytes[...]
    guard case .request(let received) = reader.read(&bytes) else {
      throw Broken(description: "a web server’s request is not understood")
    }
    try require(bytes.isEmpty && !reader.awaitsRest, "something is left of a request")
    let codec = try Codec()
    let request = try require(codec.decode(received), "libfcgi does not take a request")
    try require(request.body == .bytes(body), "the body is another one")
    let parameters = request.parameters.all.map { "\($0.name)=\($0.value)" }
    try require(parameters == sent.parameters.map { "\($0.name)=\($0.value)" }, "the parameters are others")

    let records = try require(codec.encode(body, requestID: 7), "libfcgi makes no answer")
    try require(output(records, requestID: 7) == body, "the answer is another one")
  }

  /// What the records of an answer have for standard output.
  private static func output(_ records: [UInt8], requestID: UInt16) throws -> [UInt8] {
    var rest = records[...]
    var output: [UInt8] = []
    while rest.count >= RecordHeader.length {
      let header = RecordHeader(rest)
      rest = rest.dropFirst(RecordHeader.length)
      try require(header.requestID == requestID, "a record of another request")
      if header.type == 6 { output += rest.prefix(header.contentLength) }
      rest = rest.dropFirst(header.contentLength + header.paddingLength)
    }
    try require(rest.isEmpty, "half a record")
    return output
  }
}
