@testable internal import Gate

extension FuzzTarget {
  /// Where a visitor wants to go back to: what is accepted leads browsers to the site itself or to a listed host.
  static let returnTarget = FuzzTarget(name: "return-target") { input in
    guard let target = ReturnTarget(input.text, hosts: hosts, longest: 4_096)?.text else { return }
    try require(target.utf8.count <= 4_096, "a target of \(target.utf8.count) bytes")
    try require(target.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a target that ends a header")
    try require(staysHere(target), "\(target) leads elsewhere")
    try require(ReturnTarget(target, hosts: hosts, longest: 4_096)?.text == target, "a target is read as another one")
  }

  private static let hosts: Set = ["www.example.com"]

  /// Where browsers go (WHATWG URL Standard, section 4.4), as far as hosts are concerned.
  private static func staysHere(_ target: String) -> Bool {
    let target = target.replacing("\\", with: "/").lowercased()
    if target.hasPrefix("/") { return !target.hasPrefix("//") }
    guard target.hasPrefix("https:") else { return false }
    return hosts.contains(String(target.dropFirst(6).drop { $0 == "/" }.prefix { !"/?#".contains($0) }))
  }
}
