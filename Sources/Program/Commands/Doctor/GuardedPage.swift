internal import Curl

/// An address that the gate should guard, split into the two parts that requests need.
struct GuardedPage: Sendable {
  let text: String
  let url: ServiceURL
  /// The request target, beginning with a slash.
  let path: String
  /// The site's origin, for requests to other paths.
  let origin: ServiceURL
  let isSecure: Bool

  init(_ text: String) throws(ServiceURL.Problem) {
    url = try ServiceURL(text)
    self.text = url.text
    isSecure = url.isSecure
    let rest = url.text.drop { $0 != ":" }.dropFirst(3)
    let host = rest.prefix { $0 != "/" }
    let path = String(rest.dropFirst(host.count))
    self.path = path.isEmpty ? "/" : path
    origin = try ServiceURL("\(url.isSecure ? "https" : "http")://\(host)/")
  }

  /// The folder that it is in, with its final slash.
  var folder: String {
    let path = path.prefix { $0 != "?" }
    return String(path[...(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// Another spelling of the path, or one that a web server or an application may take for the same path.
  struct Spelling: Sendable {
    let name: String
    let path: String
  }

  var spellings: [Spelling] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    guard let first = parts.first else { return [] }
    let tail = path.hasSuffix("/") && parts.count >= 1 ? "/" : ""
    func joined(_ parts: [String]) -> String { "/" + parts.joined(separator: "/") + tail }
    let rest = Array(parts.dropFirst())
    let letter = first.utf8.first.map { "%" + String($0, radix: 16) } ?? ""
    let swapped = String(first.map { $0.isUppercase ? Character($0.lowercased()) : Character($0.uppercased()) })
    return [
      Spelling(name: "//", path: "/" + path),
      Spelling(name: "a slash too many", path: "/" + first + "/" + joined(rest)),
      Spelling(name: "/./", path: "/." + path),
      Spelling(name: "/x/../", path: "/x/.." + path),
      Spelling(name: "..;", path: "/..;" + path),
      Spelling(name: "..;/", path: "/x/..;" + path),
      Spelling(name: "a letter as \(letter)", path: joined([letter + String(first.dropFirst())] + rest)),
      Spelling(
        name: "an encoded slash", path: "/" + first + "%2f" + rest.joined(separator: "/") + (rest.isEmpty ? "" : tail)),
      Spelling(name: "another case", path: joined([swapped] + rest)),
      Spelling(name: "a path behind the file", path: path + (path.hasSuffix("/") ? "index.html/foo" : "/foo")),
      Spelling(name: "an index behind it", path: path + (path.hasSuffix("/") ? "index.html" : "/index.html")),
      Spelling(name: "a semicolon", path: joined([first + ";x=y"] + rest)),
      Spelling(name: "a dot at the end", path: path.hasSuffix("/") ? String(path.dropLast()) + "./" : path + "."),
      Spelling(name: "a question mark", path: path + "?pingate=1"),
    ]
  }
}
