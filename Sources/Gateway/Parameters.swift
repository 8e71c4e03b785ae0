/// The CGI parameters of one request (RFC 3875, section 4.1), in the order in which the web server sent them.
///
/// A name may come more than once. A parameter that is the web server's own comes twice when its owner puts a line of
/// their own behind `include fastcgi_params`: then they mean the last one. A repeated `HTTP_…` may be a visitor's
/// repeated header, or another one whose name looks the same to CGI (`X_Forwarded_For`): see `Request.header`.
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

  /// The value of the last parameter with this name; an empty value counts as absent (RFC 3875 lets a server choose
  /// between the two), also one with which an owner takes back what was included.
  public subscript(name: String) -> String? {
    all.last { Self.isSame($0.name, name) }.flatMap { $0.value.isEmpty ? nil : $0.value }
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
