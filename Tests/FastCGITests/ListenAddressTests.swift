import FastCGI
import Testing

@Suite struct ListenAddressTests {
  @Test(arguments: ["unix:/run/pingate/s", "127.0.0.1:9000", "127.0.0.1:0", "127.0.0.1:65535", "[::1]:9000"])
  func `an address is read and written the same`(_ text: String) throws {
    #expect(try ListenAddress(text).description == text)
  }

  @Test(arguments: [
    ("0.0.0.0:9000", "network"), (":9000", "network"), ("[::]:9000", "network"), ("192.0.2.1:9000", "network"),
    ("localhost:9000", "network"), ("127.0.0.1", "write"), ("9000", "write"), ("", "write"),
    ("127.0.0.1:65536", "port"), ("127.0.0.1:", "port"), ("127.0.0.1:+1", "port"), ("127.0.0.1:x", "port"),
    ("unix:", "begin with /"), ("unix:run/s", "begin with /"), ("unix:/run/", "file"), ("/run/s", "unix:/run/s"),
  ]) func `anything else is refused with a reason`(_ text: String, _ reason: String) {
    let malformation = #expect(throws: ListenAddress.Malformation.self) { try ListenAddress(text) }
    #expect(malformation?.description.contains(reason) == true)
  }

  @Test func `a path has at most 107 bytes`() throws {
    let path = "unix:/" + String(repeating: "x", count: 106)
    #expect(try ListenAddress(path).description == path)
    #expect(throws: ListenAddress.Malformation.self) { try ListenAddress(path + "x") }
  }
}
