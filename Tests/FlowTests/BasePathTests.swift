import Gateway
import HTTPTypes
import Testing

@testable import Flow

@Test func `below a prefix the site works as at the root`() async throws {
  let test = try TestSite(settings: FlowSettings(identity: "x", prefix: "/phone"))
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
  let test = try TestSite(settings: FlowSettings(identity: "x", prefix: "/phone"))
  #expect(await test.get("/cgi-bin/pingate", ["PATH_INFO": "/style.css"]).status == .ok)
  #expect(await test.get("/cgi-bin/pingate", ["PATH_INFO": "/phone/style.css"]).status == .notFound)
}

/// A request for a path below the prefix "/phone", as each web server says it.
@Test(
  arguments: [
    ["SCRIPT_NAME": "/phone/verify"],
    ["SCRIPT_NAME": "/phone/verify", "PATH_INFO": ""],
    ["SCRIPT_NAME": "", "PATH_INFO": "/phone/verify"],
    ["SCRIPT_NAME": "/", "PATH_INFO": "/phone/verify"],
    ["SCRIPT_NAME": "/phone/verify", "PATH_INFO": "/phone/verify"],
    ["SCRIPT_NAME": "/phone", "PATH_INFO": "/verify"],
    ["SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": "/verify"],
    ["SCRIPT_NAME": "", "DOCUMENT_URI": "/phone/verify"],
  ]) func `a page below the prefix is found however the web server says it`(_ parameters: [String: String]) async throws
{
  let test = try TestSite(settings: FlowSettings(identity: "x", prefix: "/phone"))
  #expect(await test.get("", parameters).status == .methodNotAllowed, "\(parameters)")
  #expect(await test.post("", "pin=1", parameters).status == .badRequest, "\(parameters)")
}

@Test(
  arguments: [
    ["SCRIPT_NAME": "", "PATH_INFO": "/verify"],
    ["SCRIPT_NAME": "", "PATH_INFO": "/phonebook"],
    ["SCRIPT_NAME": "", "PATH_INFO": "/phoneverify"],
    ["SCRIPT_NAME": "", "PATH_INFO": "/"],
    ["SCRIPT_NAME": "/verify"],
    ["SCRIPT_NAME": "/phone", "PATH_INFO": "/phone/verify"],
    ["SCRIPT_NAME": ""],
  ]) func `what lies outside of the prefix is not there`(_ parameters: [String: String]) async throws
{
  let test = try TestSite(settings: FlowSettings(identity: "x", prefix: "/phone"))
  #expect(await test.get("", parameters).status == .notFound, "\(parameters)")
  #expect(await test.post("", "pin=1", parameters).status == .notFound, "\(parameters)")
}

@Test func `the mount's own path leads on where the server leaves the program's name empty, too`() async throws {
  let test = try TestSite(settings: FlowSettings(identity: "x", prefix: "/a/phone"))
  let response = await test.get("", ["SCRIPT_NAME": "", "PATH_INFO": "/a/phone"])
  #expect(response.status == .permanentRedirect)
  #expect(response.fields[.location] == "phone/")
}

/// lighttpd with "/" and Apache's SetHandler split at the first slash that they come to.
@Test(
  arguments: [
    (["SCRIPT_NAME": "/a", "PATH_INFO": "/phone/verify"], HTTPResponse.Status.methodNotAllowed),
    (["SCRIPT_NAME": "/a/phone", "PATH_INFO": "/verify"], .methodNotAllowed),
    (["SCRIPT_NAME": "/a", "PATH_INFO": "/phone"], .permanentRedirect),
    (["SCRIPT_NAME": "/a", "PATH_INFO": "/verify"], .notFound),
    (["SCRIPT_NAME": "/a", "PATH_INFO": "/phonebook/verify"], .notFound),
    // At the program, as CGI, wherever that is.
    (["SCRIPT_NAME": "/a/phone/pingate", "PATH_INFO": "/verify"], .methodNotAllowed),
    (["SCRIPT_NAME": "/a/phonebook", "PATH_INFO": "/verify"], .methodNotAllowed),
  ] as [([String: String], HTTPResponse.Status)])
func `a path that is split within the prefix is put together`(
  _ parameters: [String: String], _ status: HTTPResponse.Status
) async throws {
  let test = try TestSite(settings: FlowSettings(identity: "x", prefix: "/a/phone"))
  #expect(await test.get("", parameters).status == status, "\(parameters)")
}

/// fcgiwrap with the README's location for nginx: the server calls the program by the page's name.
@Test(arguments: [("", "/register"), ("/phone", "/phone/register"), ("", "/style.css")])
func `a page is not taken for the program's own path`(prefix: String, path: String) async throws {
  let name = path.split(separator: "/").last.map(String.init)
  let test = try TestSite(settings: FlowSettings(identity: "x", prefix: prefix, scriptName: name))
  let expected: HTTPResponse.Status = path.hasSuffix("css") ? .ok : .methodNotAllowed
  #expect(await test.get(path).status == expected)
}

@Test(arguments: [("/phone", "phone/"), ("/a/phone", nil)])
func `the mount's own path leads to the same with a slash`(path: String, location: String?) async throws {
  let test = try TestSite(settings: FlowSettings(identity: "x", prefix: "/phone"))
  let response = await test.get(path)
  #expect(response.status == (location == nil ? .notFound : .permanentRedirect))
  #expect(response.fields[.location] == location)
  #expect(await test.post(path, "number=12025550143").status == .notFound)
}

@Test func `the program's own path leads to the same with a slash, as CGI`() async throws {
  let test = try TestSite(settings: FlowSettings(identity: "x", scriptName: "pingate"))
  let response = await test.get("/cgi-bin/pingate")
  #expect(response.status == .permanentRedirect)
  #expect(response.fields[.location] == "pingate/")
  #expect(await test.get("/cgi-bin/pingate", ["PATH_INFO": "/"]).status == .ok)
  #expect(await test.get("/cgi-bin/xpingate").status == .notFound)
}
