internal import Verification

extension FuzzTarget {
  /// A PIN as people type or paste it: what is found has six digits, which are in the text; and it is found again.
  static let typedCode = FuzzTarget(name: "typed-code") { input in
    let text = input.text
    guard case .code(let code) = CodeReading(text, length: 6...6) else { return }
    try require(code.digits.utf8.count == 6, "a PIN of \(code.digits.utf8.count) digits")
    try require(code.digits.utf8.allSatisfy { (0x30...0x39).contains($0) }, "a PIN of other digits")
    try require(CodeReading(code.digits, length: 6...6) == .code(code), "a PIN is read as another one")
    let digits = text.unicodeScalars.compactMap {
      $0.properties.numericType == .decimal ? $0.properties.numericValue : nil
    }
    var rest = digits.map { "\(Int($0))" }.joined()[...]
    for digit in code.digits {
      let place = try require(rest.firstIndex(of: digit), "a digit that is not in the text")
      rest = rest[place...].dropFirst()
    }
  }
}
