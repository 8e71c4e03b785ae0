import Foundation
import Testing

@testable import Flow
@testable import Pages

private func text(_ folder: URL, _ name: String) throws -> String {
  try String(contentsOf: folder.appending(path: name), encoding: .utf8)
}

@Test func `what is exported is what the program has, and can be used at once`() throws {
  try withTemporaryFolder { parent in
    let folder = parent.appending(path: "pages")
    let brand = Brand(name: "Acme", color: Color("#0f766e"))
    let paths = try Pages(brand: brand).export(to: folder.path)
    #expect(paths.count == 15)
    for path in paths { #expect(FileManager.default.fileExists(atPath: path)) }
    for name in TemplateName.allCases {
      #expect(try Data(contentsOf: folder.appending(path: name.fileName)) == Data(name.builtIn))
    }
    let pages = try Pages(brand: brand, overrides: folder.path)
    #expect(pages.startPage == Pages(brand: brand).startPage)
    let settings = FlowSettings(identity: "x", staticFolder: folder.path + "/www")
    #expect(throws: Never.self) { try TestSite(settings: settings) }
  }
}

@Test func `the exported pages have the owner's brand, and its color in the style sheet`() throws {
  try withTemporaryFolder { folder in
    let brand = Brand(name: "Acme", logoPath: "/logo.svg", color: Color("#0f766e"))
    _ = try Pages(brand: brand).export(to: folder.path)
    for name in ["index.html", "404.html", "413.html", "429.html", "busy.html"] {
      let page = try text(folder, "www/" + name)
      #expect(page.contains("– Acme</title>") && page.contains("/logo.svg"))
      #expect(!page.contains("<style"))
    }
    let sheet = try text(folder, "www/style.css")
    #expect(sheet.hasPrefix(String(decoding: Pages(brand: brand).styleSheet, as: UTF8.self)))
    #expect(sheet.contains("--accent:#0f766e"))
  }
}

@Test func `without a brand the export is the two files of the repository`() throws {
  try withTemporaryFolder { folder in
    _ = try Pages(brand: Brand()).export(to: folder.path)
    #expect(try text(folder, "www/index.html") == String(decoding: Pages(brand: Brand()).startPage, as: UTF8.self))
    #expect(try text(folder, "www/style.css") == String(decoding: Pages(brand: Brand()).styleSheet, as: UTF8.self))
  }
}

@Test func `the exported page for "not found" leads to where the site is mounted`() throws {
  try withTemporaryFolder { folder in
    _ = try Pages(brand: Brand()).export(to: folder.path, prefix: "/phone")
    #expect(try text(folder, "www/404.html").contains(#"href="/phone/style.css""#))
    #expect(try text(folder, "www/429.html").contains(#"href="./style.css""#))
  }
}

@Test(arguments: ["pin.mustache", "www/style.css"])
func `a file that is there is not overwritten, and nothing else is written then`(name: String) throws {
  try withTemporaryFolder { folder in
    try FileManager.default.createDirectory(at: folder.appending(path: "www"), withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: folder.appending(path: name))
    let pages = Pages(brand: Brand())
    let failure = #expect(throws: StaticFilesFailure.self) { try pages.export(to: folder.path) }
    #expect(failure?.description == "\(folder.path)/\(name): is there already and was not overwritten")
    #expect(try text(folder, name) == "mine")
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == ["www", name].sorted())
    _ = try pages.export(to: folder.path, replacing: true)
    #expect(try text(folder, name) != "mine")
  }
}

@Test func `a folder that cannot be made is a failure that names it`() throws {
  try withTemporaryFolder { folder in
    try Data().write(to: folder.appending(path: "file"))
    let pages = Pages(brand: Brand())
    let path = folder.path + "/file/pages"
    let failure = #expect(throws: StaticFilesFailure.self) { try pages.export(to: path) }
    #expect(failure?.description == "\(path): Not a directory")
  }
}
