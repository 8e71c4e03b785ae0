/// Random digits, from the system's cryptographic generator.
enum PIN {
  /// - Parameter old: a code that must not be drawn again.
  static func random(length: Int, otherThan old: String? = nil) -> String {
    while true {
      let pin = digits(length, from: "0123456789")
      if pin != old { return pin }
    }
  }

  /// 32 lower-case hexadecimal digits.
  static func requestID() -> String { digits(32, from: "0123456789abcdef") }

  /// In the form of the specification's example.
  static func eventID() -> String { "0A" + digits(14, from: "0123456789ABCDEF") }

  private static func digits(_ count: Int, from alphabet: String) -> String {
    let alphabet = Array(alphabet.utf8)
    // An empty alphabet is the only one without a random element.
    let bytes = (0..<count).map { _ in alphabet.randomElement() ?? 0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
