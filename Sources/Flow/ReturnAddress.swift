/// The URL that a visitor returns to with a return token, `vt=` at the end of its query.
enum ReturnAddress {
  /// - Parameter target: a URL that was checked before. It is kept byte for byte, except for return tokens in it.
  static func adding(_ token: String, to target: String) -> String {
    guard !token.isEmpty else { return target }
    let address = target.prefix { $0 != "#" }
    let path = address.prefix { $0 != "?" }
    var query = address[path.endIndex...].dropFirst().split(separator: "&", omittingEmptySubsequences: false)
    // One from an old bookmark: many parsers take the first parameter with a name.
    query.removeAll { $0.hasPrefix("vt=") || $0 == "vt" }
    if query.last?.isEmpty == true { query.removeLast() }
    return "\(path)?\((query + ["vt=\(token)"]).joined(separator: "&"))\(target[address.endIndex...])"
  }
}
