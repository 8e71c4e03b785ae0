internal import HTTPTypes

/// Where the two static files come from.
extension StaticFile {
  /// The first form and the style sheet: the site's own from its folder, or else those of the program.
  ///
  /// They are read once, here: a file that is changed is seen after SIGHUP, as templates and settings are.
  static func startPageAndStyleSheet(
    of settings: SiteSettings, pages: Pages
  ) throws(StaticFilesFailure) -> (StaticFile, StaticFile) {
    var html = PageHeaders.fields(accentStyle: pages.accentStyle, scripts: pages.scripts(on: .number(nil)))
    html[.cacheControl] = nil
    guard let folder = settings.staticFolder else {
      return (StaticFile(pages.startPage, modified: nil, fields: html), styleSheet(of: pages))
    }
    return (
      try StaticFile(contentsOf: folder + "/index.html", fields: html),
      try StaticFile(contentsOf: folder + "/style.css", fields: styleSheetFields)
    )
  }

  /// The style sheet that is part of the program.
  static func styleSheet(of pages: Pages) -> StaticFile {
    StaticFile(pages.styleSheet, modified: nil, fields: styleSheetFields)
  }

  private static let styleSheetFields: HTTPFields = [
    .contentType: "text/css; charset=utf-8", .xContentTypeOptions: "nosniff",
    .crossOriginResourcePolicy: "same-origin",
  ]

  private init(contentsOf path: String, fields: HTTPFields) throws(StaticFilesFailure) {
    let file = try FileContents(path: path)
    self.init(file.bytes, modified: HTTPDate(secondsSinceEpoch: file.modified), fields: fields)
  }
}
