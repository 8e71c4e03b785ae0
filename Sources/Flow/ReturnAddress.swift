/// Where a visitor goes back to with a return token: the address with `vt=` at the end of its query.
enum ReturnAddress {
  /// - Parameter target: was judged before; it is kept byte by byte.
  static func adding(_ token: String, to target: String) -> String {
    guard !token.isEmpty else { return target }
    let address = target.prefix { $0 != "#" }
    let mark = address.contains("?") ? (address.hasSuffix("?") || address.hasSuffix("&") ? "" : "&") : "?"
    return "\(address)\(mark)vt=\(token)\(target[address.endIndex...])"
  }
}
