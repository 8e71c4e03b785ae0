import Foundation
import Gateway
import HTTPTypes
import Testing

@testable import Flow
@testable import Pages

@Test(arguments: [
  ("/", "text/html; charset=utf-8"), ("/index.html", "text/html; charset=utf-8"),
  ("/style.css", "text/css; charset=utf-8"),
])
func `a file has its type, its length and a validator`(path: String, type: String) async throws {
  let test = try TestSite()
  let response = await test.get(path)
  #expect(response.status == .ok)
  #expect(response.fields[.contentType] == type)
  #expect(response.fields[.contentLength] == String(response.body.count))
  #expect(response.fields[.xContentTypeOptions] == "nosniff")
  #expect(response.fields[.eTag]?.wholeMatch(of: /"[A-Za-z0-9_-]{22}"/) != nil)
  #expect(!response.body.isEmpty)
}

@Test func `HEAD says what GET would, without the body`() async throws {
  let test = try TestSite()
  for path in ["/", "/style.css"] {
    let (got, head) = (await test.get(path), await test.get(path, method: .head))
    #expect(head.body.isEmpty)
    #expect(head.fields == got.fields && head.status == got.status)
  }
}

@Test func `who has the file already is told so`() async throws {
  let test = try TestSite()
  let tag = try #require(await test.get("/style.css").fields[.eTag])
  for header in [tag, "W/" + tag, "\"other\", \(tag)", "*"] {
    for method in [HTTPRequest.Method.get, .head] {
      let response = await test.get("/style.css", method: method, ["HTTP_IF_NONE_MATCH": header])
      #expect(response.status == .notModified, "\(header)")
      #expect(response.body.isEmpty)
      #expect(response.fields[.eTag] == tag)
      #expect(response.fields[.contentLength] == nil)
    }
  }
  for header in ["\"other\"", String(tag.dropLast()), tag.lowercased() + "x", "W/"] {
    #expect(await test.get("/style.css", ["HTTP_IF_NONE_MATCH": header]).status == .ok, "\(header)")
  }
}

@Test func `two brands' start pages have two tags`() async throws {
  let one = try await TestSite(brand: Brand(name: "One")).get("/").fields[.eTag]
  let two = try await TestSite(brand: Brand(name: "Two")).get("/").fields[.eTag]
  #expect(one != two)
}

@Test func `the owner's own files are served with the date of their change`() async throws {
  try await withTemporaryFolderAsync { folder in
    try Data("<p>own".utf8).write(to: folder.appending(path: "index.html"))
    try Data("p{}".utf8).write(to: folder.appending(path: "style.css"))
    try Data("secret".utf8).write(to: folder.appending(path: "other.txt"))
    let date = Date(timeIntervalSince1970: 784_111_777)
    try FileManager.default.setAttributes(
      [.modificationDate: date], ofItemAtPath: folder.appending(path: "style.css").path)
    let test = try TestSite(settings: FlowSettings(identity: "x", staticFolder: folder.path))
    #expect(await test.get("/").text == "<p>own")
    let response = await test.get("/style.css")
    #expect(response.text == "p{}")
    #expect(response.fields[.lastModified] == "Sun, 06 Nov 1994 08:49:37 GMT")
    let fresh = ["HTTP_IF_MODIFIED_SINCE": "Sun, 06 Nov 1994 08:49:37 GMT"]
    #expect(await test.get("/style.css", fresh).status == .notModified)
    #expect(await test.get("/style.css", ["HTTP_IF_MODIFIED_SINCE": "Sun, 06 Nov 1994 08:49:38 GMT"]).status == .ok)
    // A tag that does not match counts more than a date that does (RFC 9110, section 13.2.2).
    #expect(await test.get("/style.css", fresh.merging(["HTTP_IF_NONE_MATCH": "\"x\""]) { $1 }).status == .ok)
    #expect(await test.get("/other.txt").status == .notFound)
  }
}

@Test func `a folder without the files is a failure that names the file`() throws {
  try withTemporaryFolder { folder in
    let settings = FlowSettings(identity: "x", staticFolder: folder.path)
    let failure = #expect(throws: StaticFilesFailure.self) { _ = try TestSite(settings: settings) }
    #expect(failure?.description == "\(folder.path)/index.html: No such file or directory")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "index.html"), withIntermediateDirectories: false)
    #expect(throws: StaticFilesFailure.self) { _ = try TestSite(settings: settings) }
  }
}
