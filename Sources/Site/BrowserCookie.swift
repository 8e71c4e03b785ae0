internal import Crypto
internal import Gateway

/// The cookie that tells one browser from another: 128 random bits, and nothing about anybody.
///
/// Over HTTPS its name begins with `__Host-`, which makes browsers refuse it from other hosts, paths and from
/// plain HTTP (RFC 6265bis, section 4.1.3.2).
struct BrowserCookie: Sendable, Hashable {
  /// 22 characters of base64url.
  let value: String

  init() {
    let halves = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    value = Base64URL.encode(halves.0.bigEndianBytes + halves.1.bigEndianBytes)
  }

  /// The one that a request brought, if it is well-formed.
  init?(of request: Request) {
    let name = Self.name(for: request)
    for header in request.parameters.values(of: "HTTP_COOKIE") {
      for pair in header.split(separator: ";") {
        let pair = pair.drop { $0 == " " }
        guard pair.hasPrefix(name + "=") else { continue }
        let value = pair.dropFirst(name.utf8.count + 1)
        guard value.utf8.count == 22, Base64URL.decode(String(value))?.count == 16 else { continue }
        self.value = String(value)
        return
      }
    }
    return nil
  }

  /// The field that hands it out. It lives at least as long as a verified number is known in a browser.
  func header(for request: Request, life: Duration) -> String {
    let isSecure = Self.isSecure(request)
    return "\(Self.name(for: request))=\(value); Path=/; Max-Age=\(life.components.seconds); HttpOnly; SameSite=Lax"
      + (isSecure ? "; Secure" : "")
  }

  /// What a form that is bound to it carries: 64 bits of its digest.
  var tag: [UInt8] { Array(SHA256.hash(data: Array(value.utf8)).prefix(Self.tagLength)) }

  static let tagLength = 8

  private static func name(for request: Request) -> String {
    isSecure(request) ? "__Host-pingate" : "pingate"
  }

  private static func isSecure(_ request: Request) -> Bool {
    let https = request.parameters["HTTPS"]?.lowercased()
    return https == "on" || https == "1" || request.parameters["REQUEST_SCHEME"]?.lowercased() == "https"
  }
}
