/// The CGI parameters of one request (RFC 3875, section 4.1), in the order in which the web server sent them.
///
/// A name may come more than once: nginx sends a repeated header as a repeated parameter.
public struct Parameters: Sendable, ExpressibleByDictionaryLiteral {
  /// All of them.
  public private(set) var all: [(name: String, value: String)]

  /// Parameters in this order.
  public init(_ all: [(name: String, value: String)]) {
    self.all = all
  }

  /// Parameters in the order of the literal, in which a name may come more than once.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { (name: $0.0, value: $0.1) })
  }

  /// The value of the first parameter with this name; an empty value counts as absent (RFC 3875 lets a server choose
  /// between the two).
  public subscript(name: String) -> String? {
    all.first { Self.isSame($0.name, name) && !$0.value.isEmpty }?.value
  }

  /// All values of the parameters with this name, in order.
  public func values(of name: String) -> [String] {
    all.compactMap { Self.isSame($0.name, name) ? $0.value : nil }
  }

  /// Most names differ in their length already, and each of them is asked for several times a request.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.count == other.utf8.count && one == other
  }
}
