@testable internal import Flow

extension FuzzTarget {
  /// `Accept-Language`: what is made of it are few tags in lower case, and reading those again changes nothing.
  static let acceptedLanguages = FuzzTarget(name: "accepted-languages") { input in
    let tags = Languages.ranked(input.text)
    try require(tags.count <= Languages.mostRanges, "\(tags.count) languages")
    for tag in tags {
      try require(!tag.isEmpty && tag.utf8.allSatisfy(isOfTag), "the tag \(tag)")
    }
    // Without spaces, which can make it longer than the input: a header may have only so many bytes.
    try require(Languages.ranked(tags.joined(separator: ",")) == tags, "\(tags) are read as others")
  }

  private static func isOfTag(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
