/// The brand's color as the style sheet's custom properties, for the light and the dark scheme.
///
/// Buttons are filled with the color and have black or white text. Links, focus rings, and button borders get the nearest shade
/// of it that is readable on the page (WCAG 2.2, 1.4.3: 4.5 to 1), so any color will do.
struct Accent: Sendable {
  let style: String

  init(_ color: Color) {
    let light = Self.properties(color, on: Self.lightBackgrounds)
    // On a dark page a dark fill would look like a hole. A fill need not be readable, so 3 to 1 is enough (1.4.11).
    let dark = Self.properties(color.adjusted(to: 3, on: Self.darkBackgrounds), on: Self.darkBackgrounds)
    style = ":root{\(light)}@media (prefers-color-scheme:dark){:root{\(dark)}}"
  }

  /// What the style sheet draws text on: `--card` and `--page`, in either scheme.
  static let lightBackgrounds = [Color.white, Color(red: 0xF1, green: 0xF3, blue: 0xF7)]
  static let darkBackgrounds = [
    Color(red: 0x17, green: 0x1B, blue: 0x22), Color(red: 0x0E, green: 0x11, blue: 0x16),
  ]

  private static func properties(_ fill: Color, on backgrounds: [Color]) -> String {
    "--accent:\(fill);--on-accent:\(fill.readableText);--accent-text:\(fill.adjusted(to: 4.5, on: backgrounds))"
  }
}

extension Brand {
  /// The content of the one `<style>` element, which carries the brand's color.
  var accentStyle: String? { color.map { Accent($0).style } }
}
