/// The CGI parameters of one request (RFC 3875, section 4.1), in the order in which the web server sent them.
///
/// A name may occur more than once. One of the web server's own parameters occurs twice if the owner adds a line after
/// `include fastcgi_params`: then the last one is meant. A repeated `HTTP_…` may be a header that a client repeated, or
/// a different one whose name looks the same in CGI (`X_Forwarded_For`): see `Request.header`.
public struct Parameters: Sendable, ExpressibleByDictionaryLiteral {
  /// All of them.
  public private(set) var all: [(name: String, value: String)]

  /// Parameters in this order.
  public init(_ all: [(name: String, value: String)]) {
    self.all = all
  }

  /// Parameters in the order of the literal, in which a name may occur more than once.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { (name: $0.0, value: $0.1) })
  }

  /// The value of the last parameter with this name. An empty value counts as absent (RFC 3875 lets a server choose
  /// between the two), even if the owner uses it to undo what was included.
  public subscript(name: String) -> String? {
    all.last { Self.isSame($0.name, name) }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  /// All values of the parameters with this name, in order.
  public func values(of name: String) -> [String] {
    all.compactMap { Self.isSame($0.name, name) ? $0.value : nil }
  }

  /// Compares lengths first: most names already differ in length, and each is looked up several times per request.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.count == other.utf8.count && one == other
  }
}
