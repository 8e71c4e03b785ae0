import Gateway
import HTTPTypes
import Testing

@Suite struct ResponseTests {
  @Test func `an answer is written as CGI has it`() {
    let response = Response(
      status: .seeOther, fields: [.location: "./", .contentType: "text/html; charset=utf-8"], body: [0, 1, 255])
    let head = "Status: 303 See Other\r\nLocation: ./\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    #expect(response.cgiBytes == Array(head.utf8) + [0, 1, 255])
  }

  @Test func `a field that comes twice is written twice`() {
    var response = Response(status: .methodNotAllowed)
    response.fields.append(HTTPField(name: .allow, value: "GET"))
    response.fields.append(HTTPField(name: .allow, value: "POST"))
    #expect(String(decoding: response.cgiBytes, as: UTF8.self).hasSuffix("Allow: GET\r\nAllow: POST\r\n\r\n"))
  }

  @Test(arguments: ["a\r\nSet-Cookie: b", "a\nSet-Cookie: b", "a\rb", "a\u{0}b", "a\r\n\r\n<script>"])
  func `nothing can be put between the header fields`(_ value: String) {
    let bytes = Response(status: .ok, fields: [.location: value]).cgiBytes
    #expect(bytes.filter { $0 == UInt8(ascii: "\n") }.count == 3)
    #expect(bytes.filter { $0 == UInt8(ascii: "\r") }.count == 3)
    #expect(!bytes.contains(0))
  }

  @Test func `a status without words of its own is written`() {
    #expect(Response(status: .init(code: 299)).cgiBytes.starts(with: Array("Status: 299 \r\n".utf8)))
  }
}
