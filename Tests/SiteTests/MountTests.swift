import Gateway
import HTTPTypes
import Testing

@testable import Site

@Test func `below a prefix the site works as at the root`() async throws {
  let test = try TestSite(settings: SiteSettings(identity: "x", prefix: "/phone"))
  #expect(await test.get("/phone/").status == .ok)
  #expect(await test.get("/phone/style.css").status == .ok)
  #expect(await test.post("/phone/register", "number=12025550143").status == .ok)
  #expect(await test.get("/phonebook").status == .notFound)
  #expect(await test.get("/phone/x/y").text.contains(#"href="../style.css""#))
  let outside = await test.get("/register")
  #expect(outside.status == .notFound)
  #expect(outside.text.contains(#"href="/phone/style.css""#))
}

@Test func `a path that the web server split is taken as it is`() async throws {
  let test = try TestSite(settings: SiteSettings(identity: "x", prefix: "/phone"))
  #expect(await test.get("/cgi-bin/pingate", ["PATH_INFO": "/style.css"]).status == .ok)
  #expect(await test.get("/cgi-bin/pingate", ["PATH_INFO": "/phone/style.css"]).status == .notFound)
}

@Test(arguments: [("/phone", "phone/"), ("/a/phone", nil)])
func `the mount's own path leads to the same with a slash`(path: String, location: String?) async throws {
  let test = try TestSite(settings: SiteSettings(identity: "x", prefix: "/phone"))
  let response = await test.get(path)
  #expect(response.status == (location == nil ? .notFound : .permanentRedirect))
  #expect(response.fields[.location] == location)
  #expect(await test.post(path, "number=12025550143").status == .notFound)
}

@Test func `the program's own path leads to the same with a slash, as CGI`() async throws {
  let test = try TestSite(settings: SiteSettings(identity: "x", scriptName: "pingate"))
  let response = await test.get("/cgi-bin/pingate")
  #expect(response.status == .permanentRedirect)
  #expect(response.fields[.location] == "pingate/")
  #expect(await test.get("/cgi-bin/pingate", ["PATH_INFO": "/"]).status == .ok)
  #expect(await test.get("/cgi-bin/xpingate").status == .notFound)
}
