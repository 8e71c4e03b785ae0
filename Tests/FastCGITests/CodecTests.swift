import FastCGIClient
import Gateway
import HTTPTypes
import Support
import Testing

@testable import FastCGI

@Suite struct CodecTests {
  private let codec: Codec

  init() throws {
    codec = try Codec()
  }

  private func received(_ parameters: [(name: String, value: String)], body: [UInt8] = []) -> ReceivedRequest {
    ReceivedRequest(
      requestID: 513, role: .responder, keepsConnection: true, parameters: FastCGIRequest.pairs(parameters),
      body: body, contentLength: .bytes(body.count))
  }

  @Test func `libfcgi understands what was received`() throws {
    for _ in 0..<3 {
      let request = try #require(
        codec.decode(received([("REQUEST_METHOD", "POST"), ("A", "b=c"), ("A", ""), ("B", "é")], body: [0, 1, 255])))
      #expect(request.method == .post && request.role == .responder)
      #expect(request.parameters.all.map(\.name) == ["REQUEST_METHOD", "A", "A", "B"])
      #expect(request.parameters.all.map(\.value) == ["POST", "b=c", "", "é"])
      #expect(request.body == .bytes([0, 1, 255]))
    }
  }

  @Test(arguments: [0, 1, 8_183, 8_184, 8_185, 65_535, 65_536, 65_537, 72_000])
  func `parameters and bodies of every length pass`(_ count: Int) throws {
    let long = String(repeating: "x", count: count)
    let request = try #require(codec.decode(received([("A", long)], body: Array(long.utf8.prefix(8_192)))))
    #expect(request.parameters.all.map(\.value) == [long])
    #expect(request.body == .bytes(Array(long.utf8.prefix(8_192))))
  }

  @Test(arguments: [0, 1, 8_168, 8_192, 32_767, 32_768, 32_769, 1_000_000])
  func `answers of every length are put into records`(_ count: Int) throws {
    let content = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    for _ in 0..<2 {
      let records = try #require(codec.encode(content, requestID: 513))
      var output: [UInt8] = []
      var rest = records[...]
      var types: [UInt8] = []
      while rest.count >= 8 {
        let header = RecordHeader(rest)
        #expect(header.requestID == 513)
        types.append(header.type)
        if header.type == 6 { output += rest.dropFirst(8).prefix(header.contentLength) }
        rest = rest.dropFirst(8 + header.contentLength + header.paddingLength)
      }
      #expect(rest.isEmpty && output == content)
      #expect(types.last == 3 && types.filter { $0 == 3 }.count == 1)
    }
  }

  @Test(arguments: [1, 7, 8, 9, 100, 8_168, 8_175, 8_176])
  func `an answer on the spot is the records that libfcgi writes`(_ count: Int) throws {
    let content = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    #expect(ShortAnswer.records(of: content, requestID: 513) == codec.encode(content, requestID: 513))
  }

  @Test func `parameters are taken apart as libfcgi does it`() throws {
    var random = SeededRandom(seed: 7)
    for _ in 0..<500 {
      let pairs = (0..<Int.random(in: 0...20, using: &random)).map { _ in
        (
          name: String(repeating: "N", count: .random(in: 1...200, using: &random)),
          value: String(
            (0..<Int.random(in: 0...300, using: &random)).map { _ in "=&é\n %".randomElement(using: &random)! })
        )
      }
      let received = received(pairs)
      let theirs = try #require(codec.decode(received)).parameters
      let ours = ParameterBlock.parameters(in: received.parameters)
      #expect(ours.all.elementsEqual(theirs.all) { $0 == $1 })
    }
  }

  @Test func `after a request that libfcgi refuses, the next one is understood`() throws {
    var broken = received([])
    broken.parameters = [1, 200, 65]
    #expect(codec.decode(broken) == nil)
    #expect(codec.decode(received([("A", "1")]))?.parameters["A"] == "1")
    #expect(codec.encode([1], requestID: 1) != nil)
  }
}
