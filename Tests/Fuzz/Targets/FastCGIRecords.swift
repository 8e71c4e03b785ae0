@testable internal import FastCGI

extension FuzzTarget {
  /// What a peer sends: in whatever portions it comes, the same is found; and what is found libfcgi takes, and as long as it was.
  ///
  /// The first byte is the size of the portions.
  static let fastCGIRecords = FuzzTarget(name: "fastcgi-records") { input in
    guard let first = input.first else { return }
    let whole = findings(input.dropFirst(), portion: .max)
    let parts = findings(input.dropFirst(), portion: Int(first) + 1)
    try require(whole == parts, "portions of \(first) bytes make another request")
    let codec = try Codec()
    for case .request(let received) in whole {
      try require(received.parameters.count <= limits.parameters, "parameters over the limit")
      try require(received.body.count <= limits.body, "a body over the limit")
      _ = try require(codec.decode(received), "libfcgi does not take a request")
    }
  }

  private static let limits = ServerLimits(parameters: 4_096, body: 1_024, discardedBody: 16_384)

  /// All that is found, up to the end of the connection.
  private static func findings(_ bytes: ArraySlice<UInt8>, portion: Int) -> [RequestReader.Finding] {
    var reader = RequestReader(limits: limits)
    var findings: [RequestReader.Finding] = []
    var rest = bytes
    while !rest.isEmpty {
      var input = rest.prefix(portion)
      rest = rest.dropFirst(portion)
      while true {
        let finding = reader.read(&input)
        if finding == .needsMore { break }
        findings.append(finding)
        switch finding {
        case .refused, .restTooLong: return findings
        case .needsMore, .request, .aborted, .parametersTooLong: break
        }
      }
    }
    return findings
  }
}
