internal import Encoding

/// The cookies of a request (RFC 6265, section 5.4), read strictly.
///
/// Several can have the same name, from another path or another host of the same site. Callers get all of them, in the
/// order in which the browser sent them, and take the first one that they recognize.
public struct Cookies: Sendable {
  private let headers: [String]

  /// The cookies of a request.
  public init(of request: Request) {
    headers = request.parameters.values(of: "HTTP_COOKIE")
  }

  /// The values of the cookies with this name, undecoded. A pair that is not a name, "=", and characters allowed in a
  /// cookie (RFC 6265, section 4.1.1) is skipped: the site's other cookies are none of this program's business.
  ///
  /// - Parameters:
  ///   - name: compared byte by byte.
  ///   - longest: the longest value in bytes; longer ones are skipped.
  public func values(of name: String, atMost longest: Int) -> [String] {
    let start = Array(name.utf8) + [UInt8(ascii: "=")]
    var values: [String] = []
    forEachPair(startingWith: start) { pair in
      let value = pair.dropFirst(start.count)
      guard value.count <= longest, value.allSatisfy(Self.mayBeInValue) else { return }
      values.append(String(decoding: value, as: UTF8.self))
    }
    return values
  }

  /// The rest of each name that begins with `start`, without duplicates, in the order in which they were first sent.
  ///
  /// - Parameters:
  ///   - start: compared byte by byte.
  ///   - longest: the longest rest in bytes; longer ones are skipped.
  ///   - limit: the maximum number of results.
  public func endsOfNames(startingWith start: String, atMost longest: Int, limit: Int) -> [String] {
    let start = Array(start.utf8)
    var ends: [String] = []
    forEachPair(startingWith: start) { pair in
      let end = pair.dropFirst(start.count).prefix { $0 != UInt8(ascii: "=") }
      guard ends.count < limit, end.count <= longest, end.endIndex < pair.endIndex, end.allSatisfy(Self.mayBeInValue)
      else { return }
      let text = String(decoding: end, as: UTF8.self)
      if !ends.contains(text) { ends.append(text) }
    }
    return ends
  }

  /// Processes bytes, because all of the site's cookies are sent along with ours.
  private func forEachPair(startingWith start: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
    for header in headers {
      let bytes = Array(header.utf8)
      var next = 0
      while next < bytes.count {
        if bytes[next] == UInt8(ascii: " ") {
          next += 1
          continue
        }
        var end = next
        while end < bytes.count, bytes[end] != UInt8(ascii: ";") { end += 1 }
        if bytes[next..<end].starts(with: start) { body(bytes[next..<end]) }
        next = end + 1
      }
    }
  }

  /// A `cookie-octet`: printable ASCII without spaces, quotes, commas, semicolons, and backslashes.
  fileprivate static func mayBeInValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\\"): false
    default: (0x21...0x7E).contains(byte)
    }
  }
}

/// One of this program's own cookies, with its name and its attributes.
///
/// Over HTTPS the name begins with `__Host-`, which makes browsers refuse the cookie from other hosts, for other paths,
/// and over plain HTTP (RFC 6265bis, section 4.1.3.2). Over plain HTTP there is no such protection, and the prefix must
/// not be used: the cookie then has a different name, so it cannot be taken for the protected one.
public struct HostCookie: Sendable, Hashable {
  /// The prefix of the name over HTTPS.
  public enum Prefix: String, Sendable {
    case host = "__Host-"
    /// Scripts can neither set nor change the cookie (RFC 6265bis, draft 21, section 4.1.3.4). A browser that does not
    /// know this prefix treats it like the other one, with which it begins.
    case hostHTTP = "__Host-Http-"
  }

  /// The names over HTTPS and over plain HTTP.
  private let protectedName: String
  private let plainName: String

  /// - Parameters:
  ///   - name: the name without the prefix: lowercase letters, digits, and hyphens.
  ///   - plainName: the name over plain HTTP; nil for the same name.
  public init(_ name: String, prefix: Prefix = .host, plainName: String? = nil) {
    let plainName = plainName ?? name
    for name in [name, plainName] {
      precondition(
        !name.isEmpty
          && name.utf8.allSatisfy { ($0.isLetterOrDigit && !$0.isUpperCaseLetter) || $0 == UInt8(ascii: "-") },
        "not a cookie's name")
    }
    protectedName = prefix.rawValue + name
    self.plainName = plainName
  }

  /// The cookie's name over this request's connection.
  public func name(with request: Request) -> String {
    name(isSecure: request.isSecure)
  }

  /// The values of this cookie in a request (`Cookies.values`).
  public func values(in request: Request, atMost longest: Int) -> [String] {
    Cookies(of: request).values(of: name(with: request), atMost: longest)
  }

  /// The value of the `Set-Cookie` field that sets the cookie in the response to a request: for the whole host,
  /// inaccessible to scripts, and not sent with other sites' forms.
  ///
  /// - Parameters:
  ///   - value: characters allowed in a cookie; anything else is a programming error.
  ///   - life: how long the browser keeps it; zero deletes it.
  public func field(_ value: String, life: Duration, answering request: Request) -> String {
    field(value, life: life, isSecure: request.isSecure)
  }

  /// - Parameter isSecure: whether the connection uses HTTPS.
  public func field(_ value: String, life: Duration, isSecure: Bool) -> String {
    precondition(value.utf8.allSatisfy(Cookies.mayBeInValue), "not a cookie's value")
    return "\(name(isSecure: isSecure))=\(value); Path=/; Max-Age=\(max(0, life.components.seconds)); HttpOnly; "
      + "SameSite=Lax" + (isSecure ? "; Secure" : "")
  }

  /// - Parameter isSecure: whether the connection uses HTTPS.
  public func name(isSecure: Bool) -> String {
    isSecure ? protectedName : plainName
  }
}

extension Request {
  /// Whether the visitor came over HTTPS, according to the web server.
  public var isSecure: Bool {
    let https = parameters["HTTPS"]?.lowercased()
    return https == "on" || https == "1" || parameters["REQUEST_SCHEME"]?.lowercased() == "https"
  }
}
