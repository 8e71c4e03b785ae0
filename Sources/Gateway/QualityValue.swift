internal import Encoding

/// The weight of an item in a header that states preferences (RFC 9110, section 12.4.2).
package enum QualityValue {
  /// "q=0.8" as 800; nil for anything else.
  package static func thousandths(_ text: some Collection<UInt8>) -> Int? {
    guard (3...7).contains(text.count), text.prefix(2).map(\.lowercased) == Array("q=".utf8) else { return nil }
    let digits = text.dropFirst(2)
    guard let whole = digits.first, whole == UInt8(ascii: "0") || whole == UInt8(ascii: "1") else { return nil }
    var thousandths = Int(whole - UInt8(ascii: "0")) * 1000
    let fraction = digits.dropFirst()
    guard fraction.isEmpty || fraction.first == UInt8(ascii: ".") else { return nil }
    var unit = 100
    for digit in fraction.dropFirst() {
      guard digit.isDigit else { return nil }
      thousandths += Int(digit - UInt8(ascii: "0")) * unit
      unit /= 10
    }
    return thousandths <= 1000 ? thousandths : nil
  }
}
