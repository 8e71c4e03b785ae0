internal import Glibc

/// Writes the pages out as files to edit.
extension Pages {
  /// Writes the templates into a folder that `PINGATE_PAGES` can name, and the first form, the style sheet, and the error pages, with
  /// the owner's brand, into its subfolder `www`, for a web server to serve by itself. Both folders are created if they are missing;
  /// the one above them has to exist.
  ///
  /// The web server sends no hash for a style element, so the brand's color is at the end of the style sheet.
  ///
  /// - Parameters:
  ///   - prefix: the path that the site is mounted at, "/phone"; empty at the root.
  ///   - replacing: whether to overwrite existing files. If not, and one exists, it is thrown as a failure before anything is
  ///     written.
  /// - Returns: the paths of the written files.
  public func export(
    to directory: String, prefix: String = "", replacing: Bool = false
  ) throws(StaticFilesFailure) -> [String] {
    let accent = brand.accentStyle.map { "\n/* The brand’s color. */\n\($0)\n" } ?? ""
    var files = sources.map { (path: "\(directory)/\($0.name.fileName)", bytes: Array($0.text.utf8)) }
    let plain = withoutColor
    files.append(("\(directory)/www/index.html", plain.startPage))
    files.append(("\(directory)/www/style.css", styleSheet + accent.utf8))
    for page in ErrorPage.allCases {
      files.append(("\(directory)/www/\(page.fileName)", plain.errorPage(page, prefix: prefix)))
    }
    if !replacing {
      for file in files where unsafe access(file.path, F_OK) == 0 {
        throw StaticFilesFailure(path: file.path, code: EEXIST, reason: "is there already and was not overwritten")
      }
    }
    for folder in [directory, directory + "/www"] {
      guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw .last(folder) }
    }
    for file in files {
      try Self.write(file.bytes, to: file.path, replacing: replacing)
    }
    return files.map(\.path)
  }

  private static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws(StaticFilesFailure) {
    let mode = O_WRONLY | O_CREAT | O_CLOEXEC | (replacing ? O_TRUNC : O_EXCL)
    let descriptor = unsafe open(path, mode, 0o644)
    guard descriptor >= 0 else { throw .last(path) }
    var length = 0
    while length < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: length), buffer.count - length)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let failure = StaticFilesFailure.last(path)
        close(descriptor)
        throw failure
      }
      length += count
    }
    // `close` reports a full disk at the latest.
    guard close(descriptor) == 0 else { throw .last(path) }
  }
}
