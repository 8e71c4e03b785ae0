import FastCGIClient
import Gateway
import Testing

@testable import FastCGI

@Suite struct RequestReaderTests {
  private static let limits = ServerLimits(parameters: 200, body: 20)

  private func read(
    _ bytes: [UInt8], portion: Int = .max, limits: ServerLimits = RequestReaderTests.limits
  ) -> [RequestReader.Finding] {
    var reader = RequestReader(limits: limits)
    var findings: [RequestReader.Finding] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      var input = rest.prefix(portion)
      rest = rest.dropFirst(portion)
      repeat {
        let finding = reader.read(&input)
        if finding == .needsMore { break }
        findings.append(finding)
        if case .refused = finding { return findings }
        if finding == .restTooLong { return findings }
      } while true
    }
    return findings
  }

  private func begin(role: UInt8 = 1, flags: UInt8 = 0, id: UInt16 = 1) -> [UInt8] {
    FastCGIRecord(1, id, [0, role, flags, 0, 0, 0, 0, 0]).bytes
  }

  private static let pair: [UInt8] = [1, 1] + "ab".utf8
  private static let length3: [UInt8] = [14, 1] + "CONTENT_LENGTH3".utf8

  private static func received(
    _ parameters: [UInt8], body: [UInt8] = [], _ length: ContentLength = .absent, isWhole: Bool = true
  ) -> RequestReader.Finding {
    .request(
      ReceivedRequest(
        requestID: 1, role: .responder, keepsConnection: false, parameters: parameters, body: body,
        contentLength: length, isWhole: isWhole))
  }

  @Test(arguments: 1...60) func `requests are the same in whatever portions they come`(_ portion: Int) {
    let request =
      begin() + FastCGIRecord(4, 1, Array(Self.length3.prefix(5)), padding: 3).bytes
      + FastCGIRecord(4, 1, Array(Self.length3.dropFirst(5)), padding: 255).bytes
      + FastCGIRecord(4, 1, padding: 9).bytes + FastCGIRecord(5, 1, [7], padding: 1).bytes
      + FastCGIRecord(5, 1, [8, 9]).bytes + FastCGIRecord(5, 1, padding: 2).bytes
    let found = Self.received(Self.length3, body: [7, 8, 9], .bytes(3))
    #expect(read(request + request + request, portion: portion) == [found, found, found])
  }

  @Test func `a request is not found before its last header`() {
    let request = begin() + FastCGIRecord(4, 1, Self.pair).bytes + FastCGIRecord(4, 1).bytes + FastCGIRecord(5, 1).bytes
    for count in 0..<request.count {
      #expect(read(Array(request.prefix(count))) == [])
    }
    #expect(read(request) == [Self.received(Self.pair)])
  }

  @Test func `role, flag and request id are those that were begun`() {
    let request = begin(role: 2, flags: 1, id: 0xABCD) + FastCGIRecord(4, 0xABCD).bytes
    let found = ReceivedRequest(requestID: 0xABCD, role: .authorizer, keepsConnection: true)
    #expect(read(request) == [.request(found)])
  }

  @Test func `a body that is announced as too long is not waited for`() {
    let parameters: [UInt8] = [14, 2] + "CONTENT_LENGTH21".utf8
    let request = begin() + FastCGIRecord(4, 1, parameters).bytes + FastCGIRecord(4, 1).bytes
    #expect(read(request) == [Self.received(parameters, .tooLarge, isWhole: false)])
  }

  @Test(arguments: [(20, true), (21, false)]) func `a body is read up to the limit`(_ count: Int, _ isWhole: Bool) {
    let head = begin() + FastCGIRecord(4, 1).bytes
    let body = [UInt8](repeating: 1, count: count)
    let findings = read(head + FastCGIRecord(5, 1, body).bytes + FastCGIRecord(5, 1).bytes)
    #expect(findings.first == Self.received([], body: isWhole ? body : [], isWhole: isWhole))
  }

  @Test(arguments: [(200, true), (201, false)])
  func `parameters are read up to the limit`(_ count: Int, _ isWithin: Bool) {
    let parameters: [UInt8] =
      [1, 0x80, 0, 0, UInt8(count - 6), UInt8(ascii: "a")] + [UInt8](repeating: 65, count: count - 6)
    let request =
      begin() + FastCGIRecord(4, 1, Array(parameters.prefix(100))).bytes
      + FastCGIRecord(4, 1, Array(parameters.dropFirst(100))).bytes + FastCGIRecord(4, 1).bytes
      + FastCGIRecord(5, 1).bytes
    #expect(read(request).first == (isWithin ? Self.received(parameters) : .parametersTooLong(requestID: 1)))
  }

  @Test(arguments: [
    ("another version", FastCGIRecord(1, 1, [0, 1, 0, 0, 0, 0, 0, 0], version: 2).bytes, ProtocolViolation.version),
    ("HTTP", Array("GET / HTTP/1.1\r\n\r\n".utf8), .version),
    ("a question about values", FastCGIRecord(9, 0, [14, 0] + "FCGI_MAX_CONNS".utf8).bytes, .managementRecord),
    ("a request without a name", FastCGIRecord(1, 0, [0, 1, 0, 0, 0, 0, 0, 0]).bytes, .managementRecord),
    ("a body of nothing", FastCGIRecord(5, 1, [1]).bytes, .type),
    ("parameters of nothing", FastCGIRecord(4, 1).bytes, .type),
    ("an unknown type", FastCGIRecord(77, 1).bytes, .type),
    ("an application's record", FastCGIRecord(6, 1).bytes, .type),
    ("a short beginning", FastCGIRecord(1, 1, [0, 1, 0, 0, 0, 0, 0]).bytes + [0], .length),
    ("a long beginning", FastCGIRecord(1, 1, [0, 1, 0, 0, 0, 0, 0, 0, 0]).bytes, .length),
    ("a filter", FastCGIRecord(1, 1, [0, 3, 0, 0, 0, 0, 0, 0]).bytes, .role),
    ("no role", FastCGIRecord(1, 1, [0, 0, 0, 0, 0, 0, 0, 0]).bytes, .role),
    ("a role of two bytes", FastCGIRecord(1, 1, [1, 1, 0, 0, 0, 0, 0, 0]).bytes, .role),
  ]) func `what no web server begins with is refused`(_ name: String, _ bytes: [UInt8], _ refusal: ProtocolViolation) {
    #expect(read(bytes) == [.refused(refusal)])
    #expect(read(bytes, portion: 1) == [.refused(refusal)])
  }

  @Test(arguments: [
    ("a second beginning", FastCGIRecord(1, 1, [0, 1, 0, 0, 0, 0, 0, 0]).bytes, ProtocolViolation.type),
    ("another request's beginning", FastCGIRecord(1, 2, [0, 1, 0, 0, 0, 0, 0, 0]).bytes, .requestID),
    ("another request's parameters", FastCGIRecord(4, 2, [1, 1] + "ab".utf8).bytes, .requestID),
    ("a body before the parameters' end", FastCGIRecord(5, 1).bytes, .type),
    ("a filter's data", FastCGIRecord(8, 1).bytes, .type),
    ("a question about values", FastCGIRecord(9, 0, [14, 0] + "FCGI_MAX_CONNS".utf8).bytes, .managementRecord),
    ("an abort with content", FastCGIRecord(2, 1, [1]).bytes, .length),
  ]) func `what does not belong into a request is refused`(
    _ name: String, _ bytes: [UInt8], _ refusal: ProtocolViolation
  ) {
    #expect(read(begin() + FastCGIRecord(4, 1, Self.pair).bytes + bytes) == [.refused(refusal)])
  }

  @Test func `parameters after the parameters' end are refused`() {
    let request = begin() + FastCGIRecord(4, 1).bytes + FastCGIRecord(4, 1, Self.pair).bytes
    #expect(read(request) == [.refused(.type)])
  }

  @Test(
    arguments: [
      ("a value that is not there", [1, 2] + Array("ab".utf8)),
      ("a name that is not there", [9, 0] + Array("ab".utf8)),
      ("a length alone", [1]),
      ("half a long length", [0x80, 0, 0]),
      ("a length of two gigabytes", [0xFF, 0xFF, 0xFF, 0xFF, 1] + Array("ab".utf8)),
      ("lengths that overflow", [0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF] + Array("ab".utf8)),
      ("a NUL in a value", [1, 2] + Array("aB".utf8) + [0]),
      ("a NUL in a name", [2, 1] + [65, 0, 66]),
      ("an = in a name", [3, 1] + Array("A=BC".utf8)),
      ("no name", [0, 1] + Array("a".utf8)),
    ] as [(String, [UInt8])]) func `parameters that libfcgi would misread are refused`(_ name: String, _ block: [UInt8])
  {
    let request = begin() + FastCGIRecord(4, 1, Self.pair + block).bytes + FastCGIRecord(4, 1).bytes
    #expect(read(request) == [.refused(.parameters)])
  }

  @Test func `a request that is taken back ends, and the next one is read`() {
    let abort = FastCGIRecord(2, 1).bytes
    let request = begin() + FastCGIRecord(4, 1).bytes + FastCGIRecord(5, 1).bytes
    #expect(read(begin() + abort + request) == [.aborted(requestID: 1), Self.received([])])
    #expect(read(request + abort + request) == [Self.received([]), Self.received([])])
  }

  @Test(arguments: 1...40) func `what is left of a request that was found early is passed over`(_ portion: Int) {
    let length: [UInt8] = [14, 2] + "CONTENT_LENGTH99".utf8
    let early = begin() + FastCGIRecord(4, 1, length).bytes + FastCGIRecord(4, 1).bytes
    let forged = begin() + FastCGIRecord(4, 1).bytes + FastCGIRecord(5, 1).bytes
    let rest = FastCGIRecord(5, 1, forged, padding: 3).bytes + FastCGIRecord(5, 1, forged).bytes
    let end = FastCGIRecord(5, 1, padding: 5).bytes
    let next =
      begin(id: 1) + FastCGIRecord(4, 1, Self.pair).bytes + FastCGIRecord(4, 1).bytes + FastCGIRecord(5, 1).bytes
    let found = [Self.received(length, .tooLarge, isWhole: false), Self.received(Self.pair)]
    // To its end, or not at all, or broken off between two records: the web server has its answer by then.
    for left in [rest + end, [], Array(rest.prefix(8 + forged.count + 3))] {
      #expect(read(early + left + next + early + left + next, portion: portion) == found + found)
    }
    #expect(read(early + rest + end + rest, portion: portion) == [found[0], .refused(.type)])
    #expect(read(early + FastCGIRecord(5, 2, forged).bytes, portion: portion) == [found[0], .refused(.type)])
  }

  @Test(arguments: [(100, true), (101, false)]) func `no more is passed over than the limit`(
    _ count: Int, _ isWithin: Bool
  ) {
    var limits = Self.limits
    limits.discardedBody = 100
    let head = begin() + FastCGIRecord(4, 1).bytes + FastCGIRecord(5, 1, [UInt8](repeating: 1, count: 21)).bytes
    // With three headers, and padding.
    let last = [UInt8](repeating: 1, count: count - 3 * RecordHeader.length - 1 - 7)
    let rest = FastCGIRecord(5, 1, [1]).bytes + FastCGIRecord(5, 1, last, padding: 7).bytes
    let findings = read(head + rest + FastCGIRecord(5, 1).bytes, limits: limits)
    #expect(findings == [Self.received([], isWhole: false)] + (isWithin ? [] : [.restTooLong]))
  }

  @Test(arguments: [
    ("parameters", FastCGIRecord(4, 1)), ("parameters with padding", FastCGIRecord(4, 1, padding: 255)),
    ("aborts", FastCGIRecord(2, 1)), ("aborts with padding", FastCGIRecord(2, 1, padding: 255)),
  ]) func `records of nothing are counted too`(_ name: String, _ record: FastCGIRecord) {
    var limits = Self.limits
    limits.discardedBody = 10_000
    let early = begin() + FastCGIRecord(4, 1).bytes + FastCGIRecord(5, 1, [UInt8](repeating: 1, count: 21)).bytes
    let most = 10_000 / record.bytes.count
    let flood = [[UInt8]](repeating: record.bytes, count: most).flatMap(\.self)
    let found = Self.received([], isWhole: false)
    // Each request begins anew.
    #expect(read(early + flood + early + flood, limits: limits) == [found, found])
    #expect(read(early + flood + record.bytes, limits: limits) == [found, .restTooLong])
  }

  @Test func `random bytes never trap and keep no more than the limits`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<3_000 {
      var reader = RequestReader(limits: Self.limits)
      var bytes = begin() + FastCGIRecord(4, 1, Self.length3).bytes + FastCGIRecord(4, 1).bytes
      bytes += FastCGIRecord(5, 1, [1, 2, 3]).bytes + FastCGIRecord(5, 1).bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      var input = bytes[...]
      for _ in 0..<10 {
        guard case .request(let request) = reader.read(&input) else { break }
        #expect(request.parameters.count <= 200 && request.body.count <= 20)
      }
    }
  }
}
