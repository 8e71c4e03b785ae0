internal import Encoding
internal import Glibc

/// A screen color (sRGB), with WCAG 2.2's measure of how readable one color is on another.
public struct Color: Sendable, Hashable, CustomStringConvertible {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// - Parameter text: "#" and six hexadecimal digits, like "#2749d6"; nothing else is accepted.
  public init?(_ text: String) {
    guard text.utf8.count == 7, text.utf8.first == UInt8(ascii: "#"),
      text.utf8.dropFirst().allSatisfy({ $0.hexadecimalValue != nil }), let value = UInt32(text.dropFirst(), radix: 16)
    else { return nil }
    red = UInt8(truncatingIfNeeded: value >> 16)
    green = UInt8(truncatingIfNeeded: value >> 8)
    blue = UInt8(truncatingIfNeeded: value)
  }

  /// "#rrggbb", in lowercase.
  public var description: String {
    let digits = String(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }

  static let black = Color(red: 0, green: 0, blue: 0)
  static let white = Color(red: 255, green: 255, blue: 255)

  /// The contrast ratio of two colors, from 1 to 21 (WCAG 2.2, "contrast ratio").
  func contrast(with other: Color) -> Double {
    let (one, two) = (luminance, other.luminance)
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)
  }

  /// Black or white, whichever is more readable on this color. The contrast is never below 4.58.
  var readableText: Color {
    contrast(with: .black) >= contrast(with: .white) ? .black : .white
  }

  /// This color, mixed with black or white until its contrast with all `backgrounds` is at least `ratio`. The backgrounds must be
  /// all light or all dark, and black or white must have that contrast with each of them.
  func adjusted(to ratio: Double, on backgrounds: [Color]) -> Color {
    let target = backgrounds.first?.readableText ?? .black
    for step in 0..<64 {
      let candidate = mixed(with: target, share: Double(step) / 64)
      if backgrounds.allSatisfy({ candidate.contrast(with: $0) >= ratio }) { return candidate }
    }
    return target
  }

  private func mixed(with other: Color, share: Double) -> Color {
    func mix(_ one: UInt8, _ two: UInt8) -> UInt8 {
      UInt8((Double(one) * (1 - share) + Double(two) * share).rounded())
    }
    return Color(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  /// From 0, black, to 1, white (WCAG 2.2, "relative luminance").
  private var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }
}
