internal import Gateway

@testable internal import Tokens

extension FuzzTarget {
  /// `Cookie`, a header a line: what is taken out of it can be put into one again, and is then the same.
  static let cookies = FuzzTarget(name: "cookies") { input in
    func values(_ headers: [String]) -> [String] {
      let parameters = headers.map { (name: "HTTP_COOKIE", value: $0) }
      return Cookies(of: Request(parameters: Parameters(parameters), body: .bytes([]))).values(of: "name", atMost: 64)
    }
    let headers = input.lines
    let found = values(headers)
    for value in found {
      try require(value.utf8.count <= 64, "a value of \(value.utf8.count) bytes")
      try require(value.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "the value \(value)")
      try require(headers.contains { $0.utf8.count >= value.utf8.count + 5 }, "a value that was not there")
      if let browser = BrowserID(value) { try require(browser.text == value, "another browser") }
    }
    let ends = Cookies(
      of: Request(parameters: Parameters(headers.map { (name: "HTTP_COOKIE", value: $0) }), body: .bytes([]))
    )
    .endsOfNames(startingWith: "name-", atMost: 16, limit: 8)
    try require(Set(ends).count == ends.count && ends.count <= 8, "a name twice, or too many")
    for end in ends where Proof.isPurpose(end) {
      // Bytes: what follows "=" may be one character with it.
      try require(headers.contains { $0.utf8.contains("name-\(end)=".utf8) }, "a name that was not there")
    }
    try require(values(found.map { "other=1; name=\($0)" }) == found, "\(found) are read as others")
  }
}
