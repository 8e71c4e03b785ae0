@testable internal import Curl
@testable internal import VonageV1

extension FuzzTarget {
  /// A line of a provider's head: a value is printable ASCII without spaces at its ends, and a time to wait has its bounds.
  static let providerField = FuzzTarget(name: "provider-field") { input in
    guard let value = HeaderLine.value(of: "retry-after", in: input) else { return }
    try require(value.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "the value \(value)")
    try require(value.first != " " && value.last != " ", "a space at an end")
    try require(HeaderLine.value(of: "retry-after", in: Array("Retry-After:\(value)\r\n".utf8)) == value, "\(value)")
    if let delay = RetryAfter.delay(value) {
      try require(delay >= .seconds(1) && delay <= .seconds(3_600), "a wait of \(delay)")
    }
  }
}
