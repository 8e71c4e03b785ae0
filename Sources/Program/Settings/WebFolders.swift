internal import Glibc

/// The folders of this machine that a web server hands out to everybody, as far as the program knows.
struct WebFolders: Sendable {
  /// The folders that the web server itself names: it tells a CGI program its document root (RFC 3875 leaves that to servers; all of
  /// them do it), and Apache also the folder of an alias or of a user's site. If one is inside an account's web folder, that folder
  /// counts, too: most hosters put an additional domain there, and the first domain hands out all of it.
  let served: [String]

  /// - Parameter environment: the process's own, never the parameters of a FastCGI request: those name folders of the web server's
  ///   machine, which may be another one.
  init(environment: [String: String]) {
    let named = ["DOCUMENT_ROOT", "CONTEXT_DOCUMENT_ROOT"].compactMap { environment[$0] }.filter { path in
      // A server whose root is the whole disk, or that names none, tells nothing.
      path.hasPrefix("/") && path.contains { $0 != "/" }
    }
    served = named + named.compactMap(Self.account(with:)).filter { !named.contains($0) }
  }

  /// The served folder that a file is in, or will be in, by its path and by where links lead; nil if it is in none.
  func folder(with file: String) -> String? {
    served.first { Self.contains($0, file) }
  }

  /// The folder above a file that, by its name, is a web server's, judging by the names that hosters and systems use.
  ///
  /// - Parameter certain: whether to consider only names that nobody gives to anything else.
  static func folder(byNameOf file: String, certain: Bool) -> String? {
    let names = certain ? certainNames : certainNames.union(likelyNames)
    let parts = (resolved(file) ?? file).split(separator: "/").dropLast()
    guard let index = parts.lastIndex(where: { names.contains($0.lowercased()) }) else { return nil }
    return "/" + parts[...index].joined(separator: "/")
  }

  /// cPanel, DirectAdmin and many others; Plesk; Windows' and FTP programs' habit.
  private static let certainNames: Set<String> = ["public_html", "httpdocs", "httpsdocs", "wwwroot"]
  /// Debian, SUSE, ISPConfig, nginx; folders above a web server's have these names, too.
  private static let likelyNames: Set<String> = ["www", "htdocs", "html", "web", "webroot", "public", "htdocs-secure"]

  /// Folders that hold those of all users and sites of a machine. A file directly in one of them belongs to nobody's site.
  private static let systemFolders: Set<String> = ["home", "mnt", "opt", "srv", "tmp", "usr", "var"]

  /// The outermost folder at or above a served one that, by its name, is certainly a web server's; nil if there is none.
  private static func account(with served: String) -> String? {
    guard let parts = resolved(served)?.split(separator: "/"),
      let web = parts.firstIndex(where: { certainNames.contains($0.lowercased()) })
    else { return nil }
    return "/" + parts[...web].joined(separator: "/")
  }

  /// The nearest folder above a served one that is not, by its name, inside another one: an owner's files are safe there, and are
  /// looked for there first. Nil if only the system's folders are left.
  static func folder(above served: String) -> String? {
    guard let real = resolved(served) else { return nil }
    var parts = real.split(separator: "/").map { $0.lowercased() }[...]
    let length =
      parts.firstIndex(where: certainNames.contains)
      // The sites of a machine are often together in /var/www or /srv/www: below that, each has a folder of its own.
      ?? parts.indices.first { $0 > 1 && likelyNames.contains(parts[$0]) }
    if let length { parts = parts[...length] }
    _ = parts.popLast()
    while let last = parts.last, certainNames.contains(last) || likelyNames.contains(last) { parts.removeLast() }
    guard let last = parts.last, parts.count > 1 || !systemFolders.contains(last) else { return nil }
    return "/" + real.split(separator: "/").prefix(parts.count).joined(separator: "/")
  }

  /// Whether a file is somewhere below a folder. Folders are compared as the file system knows them, so that links, `..`, and, if it
  /// ignores case, upper and lowercase make no difference.
  static func contains(_ folder: String, _ file: String) -> Bool {
    guard let identity = identity(of: folder) else { return false }
    // Web servers follow links inside a served folder, and links to it.
    return [parent(of: file), resolved(file).map(parent(of:))].compactMap { $0.flatMap(resolved) }.contains { start in
      var parts = start.split(separator: "/")
      while true {
        if Self.identity(of: "/" + parts.joined(separator: "/")) == identity { return true }
        if parts.isEmpty { return false }
        parts.removeLast()
      }
    }
  }

  private static func parent(of file: String) -> String {
    let parent = file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)
    return parent.isEmpty ? "/" : String(parent)
  }

  private static func identity(of path: String) -> [UInt64]? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  /// The path without links (realpath(3)); nil if nothing is there.
  private static func resolved(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}
