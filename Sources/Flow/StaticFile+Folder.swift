internal import HTTPTypes
internal import Threads

/// Where the two static files come from.
extension StaticFile {
  /// The first form and the style sheet: the site's own from its folder, or else those of the program.
  ///
  /// They are read once, here: a file that is changed is seen after SIGHUP, as templates and settings are. The answers
  /// are made of them when they are first asked for.
  static func startPageAndStyleSheet(
    of settings: SiteSettings, pages: Pages
  ) throws(StaticFilesFailure) -> (Deferred<StaticFile>, Deferred<StaticFile>) {
    guard let folder = settings.staticFolder else {
      return (
        Deferred { StaticFile(pages.startPage, modified: nil, fields: pages.page(.number(nil)).fields) },
        styleSheet(of: pages)
      )
    }
    let page = try file("index.html", in: folder)
    let sheet = try file("style.css", in: folder)
    return (
      Deferred { StaticFile(page, fields: pages.page(.number(nil)).fields) },
      Deferred { StaticFile(sheet, fields: styleSheetFields) }
    )
  }

  /// The style sheet that is part of the program.
  static func styleSheet(of pages: Pages) -> Deferred<StaticFile> {
    Deferred { StaticFile(pages.styleSheet, modified: nil, fields: styleSheetFields) }
  }

  private static let styleSheetFields: HTTPFields = [
    .contentType: "text/css; charset=utf-8", .xContentTypeOptions: "nosniff",
    .crossOriginResourcePolicy: "same-origin",
  ]

  /// A text of the site's own, without a byte order mark: it is served as UTF-8, so it has to be that.
  private static func file(
    _ name: String, in folder: String
  ) throws(StaticFilesFailure) -> (bytes: [UInt8], modified: Int64) {
    let path = folder + "/" + name
    do {
      let file = try SmallFile(path: path, limit: longest)
      return (Array(try file.utf8()), file.modified)
    } catch {
      throw StaticFilesFailure(path: path, code: error.code, reason: "\(error)")
    }
  }

  private static let longest = 1_048_576

  private init(_ file: (bytes: [UInt8], modified: Int64), fields: HTTPFields) {
    self.init(file.bytes, modified: HTTPDate(secondsSinceEpoch: file.modified), fields: fields)
  }
}
