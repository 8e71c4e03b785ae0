import Foundation
import Testing

@testable import Flow
@testable import Pages

private let mark = Data([0xEF, 0xBB, 0xBF])

@Test func `a template as an editor of Windows saves it gives the same pages`() throws {
  try withTemporaryFolder { folder in
    for template in TemplateName.allCases {
      let text = String(decoding: template.builtIn, as: UTF8.self).replacing("\n", with: "\r\n")
      try (mark + Data(text.utf8)).write(to: folder.appending(path: template.fileName))
    }
    let page = String(decoding: try Pages(brand: Brand(), overrides: folder.path).startPage, as: UTF8.self)
    #expect(page.hasPrefix("<!"))
    #expect(!page.unicodeScalars.contains("\u{FEFF}"))
    let own = String(decoding: Pages(brand: Brand()).startPage, as: UTF8.self)
    #expect(page.replacing("\r\n", with: "\n") == own)
  }
}

@Test func `a template in UTF-16 is called that`() throws {
  try withTemporaryFolder { folder in
    let text = String(decoding: TemplateName.pin.builtIn, as: UTF8.self)
    try #require(text.data(using: .utf16)).write(to: folder.appending(path: TemplateName.pin.fileName))
    let failure = #expect(throws: PagesFailure.self) { try Pages(brand: Brand(), overrides: folder.path) }
    #expect(failure?.description.contains("UTF-16") == true)
  }
}

@Test func `files of the site's own are served without a byte order mark, and as UTF-8 only`() async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }  // a leftover in the temporary folder harms nobody
  try (mark + Data("<!doctype html>\r\n<p>ä".utf8)).write(to: folder.appending(path: "index.html"))
  try (mark + Data("p { color: red }".utf8)).write(to: folder.appending(path: "style.css"))
  var settings = FlowSettings(identity: "www.example.com")
  settings.staticFolder = folder.path
  let test = try TestSite(settings: settings)
  #expect(await test.get("/").text == "<!doctype html>\r\n<p>ä")
  #expect(await test.get("/style.css").text == "p { color: red }")
  for other in [Data([0x3C, 0xE4]), try #require("<p>".data(using: .utf16))] {
    try other.write(to: folder.appending(path: "index.html"))
    #expect(throws: StaticFilesFailure.self) { try TestSite(settings: settings) }
  }
}
