internal import Encoding

/// The cookies that a request brought (RFC 6265, section 5.4), read strictly.
///
/// A name may stand for several: of another path or another host of the same site. Whoever asks gets all of them, in the
/// order in which the browser sent them, and takes the first that it knows for its own.
public struct Cookies: Sendable {
  private let headers: [String]

  /// The cookies of a request.
  public init(of request: Request) {
    headers = request.parameters.values(of: "HTTP_COOKIE")
  }

  /// The values under this name, of which nothing is decoded. A pair is passed over that is not a name, "=" and
  /// characters that a cookie may have (RFC 6265, section 4.1.1): a site's other cookies are not this program's to judge.
  ///
  /// - Parameters:
  ///   - name: is compared byte by byte.
  ///   - longest: longer values are passed over; in bytes.
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

  /// The ends of the names that begin like this, each once, in the order in which they came first.
  ///
  /// - Parameters:
  ///   - start: is compared byte by byte.
  ///   - longest: longer ends are passed over; in bytes.
  ///   - most: no more are looked for.
  public func endsOfNames(startingWith start: String, atMost longest: Int, most: Int) -> [String] {
    let start = Array(start.utf8)
    var ends: [String] = []
    forEachPair(startingWith: start) { pair in
      let end = pair.dropFirst(start.count).prefix { $0 != UInt8(ascii: "=") }
      guard ends.count < most, end.count <= longest, end.endIndex < pair.endIndex, end.allSatisfy(Self.mayBeInValue)
      else { return }
      let text = String(decoding: end, as: UTF8.self)
      if !ends.contains(text) { ends.append(text) }
    }
    return ends
  }

  /// Bytes, because all the cookies of the site come with ours.
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

  /// A `cookie-octet`: printable ASCII without blanks, quotes, commas, semicolons and backslashes.
  fileprivate static func mayBeInValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\\"): false
    default: (0x21...0x7E).contains(byte)
    }
  }
}

/// A cookie of this program's own, under its name and with its attributes.
///
/// Over HTTPS the name begins with `__Host-`, which makes browsers refuse it from other hosts, for other paths and over
/// plain HTTP (RFC 6265bis, section 4.1.3.2). Over plain HTTP there is no such protection, and the prefix may not be
/// used: it is then another cookie, which nobody takes for the protected one.
public struct HostCookie: Sendable, Hashable {
  /// How the name begins over HTTPS.
  public enum Prefix: String, Sendable {
    case host = "__Host-"
    /// Which a script can neither set nor change (RFC 6265bis, draft 21, section 4.1.3.4); a browser that does not know it
    /// takes it for the other one, with which it begins.
    case hostHTTP = "__Host-Http-"
  }

  /// What it is called over HTTPS, and over plain HTTP.
  private let protectedName: String
  private let plainName: String

  /// - Parameters:
  ///   - name: without the prefix: lowercase letters, digits and hyphens.
  ///   - plainName: what it is called over plain HTTP; nil for the same.
  public init(_ name: String, prefix: Prefix = .host, plainName: String? = nil) {
    let plainName = plainName ?? name
    for name in [name, plainName] {
      precondition(
        !name.isEmpty
          && name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0.isDigit || $0 == UInt8(ascii: "-")
          },
        "a cookie's name")
    }
    protectedName = prefix.rawValue + name
    self.plainName = plainName
  }

  /// The name that the cookie has with this request's connection.
  public func name(with request: Request) -> String {
    name(isSecure: request.isSecure)
  }

  /// The values that a request brought under this name (`Cookies.values`).
  public func values(in request: Request, atMost longest: Int) -> [String] {
    Cookies(of: request).values(of: name(with: request), atMost: longest)
  }

  /// The value of the `Set-Cookie` field that hands it out in the answer to this request, for the whole host, out of the
  /// reach of scripts and not sent along from other sites' forms.
  ///
  /// - Parameters:
  ///   - value: characters that a cookie may have; anything else is a mistake of the program's.
  ///   - life: how long the browser keeps it; zero takes it away.
  public func field(_ value: String, life: Duration, answering request: Request) -> String {
    field(value, life: life, isSecure: request.isSecure)
  }

  /// - Parameter isSecure: whether the connection is by HTTPS.
  public func field(_ value: String, life: Duration, isSecure: Bool) -> String {
    precondition(value.utf8.allSatisfy(Cookies.mayBeInValue), "a cookie's value")
    return "\(name(isSecure: isSecure))=\(value); Path=/; Max-Age=\(max(0, life.components.seconds)); HttpOnly; "
      + "SameSite=Lax" + (isSecure ? "; Secure" : "")
  }

  /// - Parameter isSecure: whether the connection is by HTTPS.
  public func name(isSecure: Bool) -> String {
    isSecure ? protectedName : plainName
  }
}

extension Request {
  /// Whether the visitor came over HTTPS, as far as the web server says it.
  public var isSecure: Bool {
    let https = parameters["HTTPS"]?.lowercased()
    return https == "on" || https == "1" || parameters["REQUEST_SCHEME"]?.lowercased() == "https"
  }
}
