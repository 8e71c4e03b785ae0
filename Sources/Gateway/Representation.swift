internal import Encoding
internal import HTTPTypes

/// The format of a response: a page for a person, or JSON for a program.
public enum Representation: Sendable, Hashable {
  case html, json

  /// The format that a request's `Accept` header prefers.
  public init(wantedBy request: Request) {
    self = request.accept?.representation ?? .html
  }
}

extension Request {
  /// Whether the `Accept` header names `text/html` itself, and not only a range that includes it.
  public var acceptsHTML: Bool { accept?.namesHTML ?? false }

  fileprivate var accept: AcceptHeader? { header(.accept).map(AcceptHeader.init) }
}

/// What an `Accept` header says about the two formats (RFC 9110, section 12.5.1).
///
/// A malformed range is ignored, and so is one with parameters that neither format has. A header that is too long is
/// not parsed at all.
struct AcceptHeader {
  private var html = Preference.none
  private var json = Preference.none

  init(_ header: String) {
    guard header.utf8.count <= Self.longest else { return }
    // Bytes are fast, and every browser sends this header with every form.
    for range in Array(header.utf8).split(separator: UInt8(ascii: ",")).prefix(Self.mostRanges) {
      guard let range = MediaRange(range) else { continue }
      html = max(html, range.preference(for: "text", "html"))
      json = max(json, range.preference(for: "application", "json"))
    }
  }

  /// JSON must have the greater weight, or the same weight and a more precise range, as in `application/json, */*`. A
  /// browser navigating to a page names `text/html`.
  var representation: Representation {
    json.weight > 0 && (json.weight, json.precision) > (html.weight, html.precision) ? .json : .html
  }

  var namesHTML: Bool { html.precision == Preference.exact && html.weight > 0 }

  static let longest = 1_000
  static let mostRanges = 20
}

/// How much a media type is wanted. The most precise range that includes it decides, whatever the other weights.
private struct Preference: Comparable {
  /// 3 for the type itself, 2 for `type/*`, 1 for `*/*`, 0 for a type that no range includes.
  let precision: Int
  /// In thousandths.
  let weight: Int

  static let none = Preference(precision: 0, weight: 0)
  static let exact = 3

  static func < (left: Preference, right: Preference) -> Bool {
    (left.precision, left.weight) < (right.precision, right.weight)
  }
}

/// One range of an `Accept` header, "application/json;q=0.5".
private struct MediaRange {
  private let kind: [UInt8]
  private let name: [UInt8]
  private let weight: Int

  /// - Returns: nil if it is malformed, or has a parameter other than its weight and the character set that all
  ///   responses have.
  init?(_ text: ArraySlice<UInt8>) {
    let parts = text.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
      $0.trimming(\.isBlank).map(\.lowercased)
    }
    let type = parts[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
    guard type.count == 2, type.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isTokenCharacter) }) else { return nil }
    (kind, name) = (type[0], type[1])
    var weight = 1_000
    for parameter in parts.dropFirst() where parameter != Self.characterSet {
      guard let given = QualityValue.thousandths(parameter) else { return nil }
      weight = given
    }
    self.weight = weight
  }

  func preference(for kind: StaticString, _ name: StaticString) -> Preference {
    let isOfKind = self.kind.is(kind)
    switch (isOfKind, self.name.is(name)) {
    case (true, true): return Preference(precision: Preference.exact, weight: weight)
    case (true, false) where self.name.is("*"): return Preference(precision: 2, weight: weight)
    case (false, _) where self.kind.is("*") && self.name.is("*"): return Preference(precision: 1, weight: weight)
    default: return .none
    }
  }

  private static let characterSet = Array("charset=utf-8".utf8)
}

extension [UInt8] {
  fileprivate func `is`(_ text: StaticString) -> Bool { text.withUTF8Buffer { unsafe elementsEqual($0) } }
}
