internal import HTTPTypes
internal import Threads

/// Where the two static files come from.
extension StaticFile {
  /// The first form and the style sheet: the site's own from its folder, or else those of the program.
  ///
  /// They are read once, here: a file that is changed is seen after SIGHUP, as templates and settings are. The answers
  /// are made of them when they are first asked for.
  ///
  /// - Parameter folder: the site's own; nil for those of the program.
  static func startPageAndStyleSheet(
    in folder: String?, pages: Pages
  ) throws(StaticFilesFailure) -> (Deferred<StaticFile>, Deferred<StaticFile>) {
    guard let folder else {
      return (
        Deferred { StaticFile(pages.startPage, modified: nil, fields: pages.page(.number(nil)).fields) },
        styleSheet(of: pages)
      )
    }
    let (page, sheet) = try read(folder)
    return (
      Deferred { StaticFile(page, fields: pages.page(.number(nil)).fields) },
      Deferred { StaticFile(sheet, fields: styleSheetFields) }
    )
  }

  /// The style sheet that is part of the program.
  static func styleSheet(of pages: Pages) -> Deferred<StaticFile> {
    Deferred { StaticFile(pages.styleSheet, modified: nil, fields: styleSheetFields) }
  }

  /// The two files of a folder.
  fileprivate static func read(_ folder: String) throws(StaticFilesFailure) -> (page: Content, sheet: Content) {
    (try content(of: "index.html", in: folder), try content(of: "style.css", in: folder))
  }

  typealias Content = (bytes: [UInt8], modified: Int64)

  private static let styleSheetFields: HTTPFields = [
    .contentType: "text/css; charset=utf-8", .xContentTypeOptions: "nosniff",
    .crossOriginResourcePolicy: "same-origin",
  ]

  /// A text of the site's own, without a byte order mark: it is served as UTF-8, so it has to be that.
  private static func content(
    of name: String, in folder: String
  ) throws(StaticFilesFailure) -> Content {
    let path = folder + "/" + name
    do {
      let file = try SmallFile(path: path, limit: longest)
      return (Array(try file.utf8()), file.modified)
    } catch {
      throw StaticFilesFailure(path: path, code: error.code, reason: "\(error)")
    }
  }

  private static let longest = 1_048_576

  private init(_ file: Content, fields: HTTPFields) {
    self.init(file.bytes, modified: HTTPDate(secondsSinceEpoch: file.modified), fields: fields)
  }
}

/// The two static files of a site, the first form and the style sheet, as they are served.
public struct StaticFiles: Sendable {
  let startPage: Deferred<StaticFile>
  let styleSheet: Deferred<StaticFile>

  /// Reads the site's own from its folder.
  ///
  /// - Parameter folder: nil for those of the program.
  public init(in folder: String?, pages: Pages) throws(StaticFilesFailure) {
    (startPage, styleSheet) = try StaticFile.startPageAndStyleSheet(in: folder, pages: pages)
  }
}

/// The folder with a site's own first form and style sheet.
public enum StaticFolder {
  /// Reads the files that a site with this folder would serve.
  public static func check(_ folder: String) throws(StaticFilesFailure) {
    _ = try StaticFile.read(folder)
  }
}
