/// Where a visitor goes back to with a return token: the address with `vt=` at the end of its query.
enum ReturnAddress {
  /// - Parameter target: was judged before; it is kept byte by byte, but for return tokens that it had already.
  static func adding(_ token: String, to target: String) -> String {
    guard !token.isEmpty else { return target }
    let address = target.prefix { $0 != "#" }
    let path = address.prefix { $0 != "?" }
    var query = address[path.endIndex...].dropFirst().split(separator: "&", omittingEmptySubsequences: false)
    // An old one, out of a bookmark: many take the first of a name.
    query.removeAll { $0.hasPrefix("vt=") || $0 == "vt" }
    if query.last?.isEmpty == true { query.removeLast() }
    return "\(path)?\((query + ["vt=\(token)"]).joined(separator: "&"))\(target[address.endIndex...])"
  }
}
