import Testing

@testable import Pages

@Test(arguments: ["#2749d6", "#000000", "#ffffff", "#00000a"])
func `a color is a hash and six digits`(text: String) {
  #expect(Color(text)?.description == text)
  #expect(Color(text.uppercased())?.description == text)
}

@Test(arguments: [
  "", "#", "2749d6", "#2749d", "#2749d60", "#fff", "red", "#2749g6", "#+749d6", "#-749d6", "##749d6",
  "#2749d6;", "#٢749d",
])
func `nothing else is a color`(text: String) {
  #expect(Color(text) == nil)
}

@Test func `contrast is what WCAG says`() {
  #expect(Color.black.contrast(with: .white) == 21)
  #expect(Color.white.contrast(with: .white) == 1)
  let gray = Color("#767676")!  // the darkest gray whose neighbor #777777 fails 4.5 to 1 on white
  #expect(gray.contrast(with: .white) >= 4.5)
  #expect(Color("#777777")!.contrast(with: .white) < 4.5)
}

@Test func `text on each color can be read, and links in each color's shade in both schemes`() {
  for red in stride(from: 0, through: 255, by: 51) {
    for green in stride(from: 0, through: 255, by: 51) {
      for blue in stride(from: 0, through: 255, by: 51) {
        let color = Color(red: UInt8(red), green: UInt8(green), blue: UInt8(blue))
        #expect(color.contrast(with: color.readableText) >= 4.5)
        for backgrounds in [Accent.lightBackgrounds, Accent.darkBackgrounds] {
          for background in backgrounds {
            #expect(color.adjusted(to: 4.5, on: backgrounds).contrast(with: background) >= 4.5)
          }
        }
      }
    }
  }
}

@Test func `a color that can be read stays as it is, and black is light enough on a dark page`() {
  #expect(
    Accent(Color("#2749d6")!).style.hasPrefix(":root{--accent:#2749d6;--on-accent:#ffffff;--accent-text:#2749d6}"))
  #expect(Accent(Color("#ffd400")!).style.contains("{--accent:#ffd400;--on-accent:#000000;--accent-text:#ffd400}}"))
  #expect(Accent(Color("#000000")!).style.contains("dark){:root{--accent:#000000") == false)
}

@Test func `the accent knows what the style sheet draws on`() {
  let sheet = String(decoding: Pages(brand: Brand()).styleSheet, as: UTF8.self)
  for color in Accent.lightBackgrounds + Accent.darkBackgrounds {
    #expect(sheet.contains(": \(color);"), "\(color)")
  }
}
