import Gateway
import HTTPTypes
import Testing

private func request(_ headers: String..., https: String = "") -> Request {
  Request(
    method: .get, parameters: Parameters(headers.map { (name: "HTTP_COOKIE", value: $0) } + [("HTTPS", https)]))
}

private let ours = HostCookie("ours")

@Test func `all cookies of a name are there, in order, from each header`() {
  let cookies = Cookies(of: request("ours=1; other=2;ours=3", "ours=4"))
  #expect(cookies.values(of: "ours", atMost: 10) == ["1", "3", "4"])
  #expect(cookies.values(of: "other", atMost: 10) == ["2"])
  #expect(cookies.values(of: "our", atMost: 10) == [])
  #expect(Cookies(of: request()).values(of: "ours", atMost: 10) == [])
}

@Test(arguments: [
  "ours", "ours =1", "OURS=1", "xours=1", "ours=a b", "ours=\"1\"", "ours=1,2", "ours=1\\2", "ours=é", "ours=1\u{7F}",
  "ours=\0", "ours=\t1", "\tours=1", "=ours", "x=ours=1",
])
func `what is not this name, "=" and a cookie's characters is passed over`(header: String) {
  #expect(Cookies(of: request(header + "; ours=good")).values(of: "ours", atMost: 10) == ["good"])
}

@Test func `a value is as long as its reader wants it at most`() {
  #expect(Cookies(of: request("ours=12345; ours=123456; ours=")).values(of: "ours", atMost: 5) == ["12345", ""])
}

@Test func `thousands of cookies are read to their end`() {
  let header = String(repeating: "a=b; ", count: 20_000) + "ours=1"
  #expect(Cookies(of: request(header)).values(of: "ours", atMost: 1) == ["1"])
  #expect(Cookies(of: request(String(repeating: ";", count: 100_000))).values(of: "ours", atMost: 1) == [])
}

@Test func `the protected cookie and that of plain HTTP are not taken for each other`() {
  let both = "__Host-ours=safe; ours=plain"
  #expect(ours.values(in: request(both, https: "on"), atMost: 10) == ["safe"])
  #expect(ours.values(in: request(both), atMost: 10) == ["plain"])
}

@Test func `it is handed out for the host alone, and over HTTPS protected`() {
  #expect(
    ours.field("v", life: .seconds(60), answering: request(https: "on"))
      == "__Host-ours=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure")
  #expect(
    ours.field("v", life: .seconds(60), answering: request()) == "ours=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax")
  #expect(ours.field("", life: .zero, answering: request()).contains("; Max-Age=0;"))
}

@Test func `names that begin alike are found by their ends, each once`() {
  let header = "ours-a=1; ours=2;ours-b=; ours-a=3; x=ours-c=1; ours-=4; ours-d; ours-toolong=5; ours-\"=6"
  let cookies = Cookies(of: request(header))
  #expect(cookies.endsOfNames(startingWith: "ours-", atMost: 3, limit: 10) == ["a", "b", ""])
  #expect(cookies.endsOfNames(startingWith: "ours-", atMost: 3, limit: 1) == ["a"])
}
