internal import Crypto
package import Gateway

/// The cookie that tells one browser from another: 128 random bits, and nothing about anybody.
///
/// Over HTTPS its name begins with `__Host-`, which makes browsers refuse it from other hosts, paths and from
/// plain HTTP (RFC 6265bis, section 4.1.3.2).
package struct BrowserCookie: Sendable, Hashable {
  /// 22 characters of base64url.
  package let value: String

  package init() {
    let halves = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    value = Base64URL.encode(halves.0.bigEndianBytes + halves.1.bigEndianBytes)
  }

  /// The one that a request brought, if it is well-formed.
  package init?(of request: Request) {
    let headers = request.parameters.values(of: "HTTP_COOKIE")
    guard !headers.isEmpty else { return nil }
    // Bytes, because a site's other cookies come with it.
    let start = Array("\(Self.name(Self.isSecure(request)))=".utf8)
    for header in headers {
      for pair in Array(header.utf8).split(separator: UInt8(ascii: ";")) {
        let pair = pair.drop { $0 == UInt8(ascii: " ") }
        guard pair.starts(with: start), pair.count == start.count + 22 else { continue }
        let value = String(decoding: pair.dropFirst(start.count), as: UTF8.self)
        guard Base64URL.decode(value)?.count == 16 else { continue }
        self.value = value
        return
      }
    }
    return nil
  }

  /// The field that hands it out. It lives at least as long as a verified number is known in a browser.
  package func header(for request: Request, life: Duration) -> String {
    let isSecure = Self.isSecure(request)
    return "\(Self.name(isSecure))=\(value); Path=/; Max-Age=\(life.components.seconds); HttpOnly; SameSite=Lax"
      + (isSecure ? "; Secure" : "")
  }

  /// What a form that is bound to it carries: 64 bits of its digest.
  package var tag: [UInt8] { Array(SHA256.hash(data: Array(value.utf8)).prefix(Self.tagLength)) }

  package static let tagLength = 8

  private static func name(_ isSecure: Bool) -> String {
    isSecure ? "__Host-pingate" : "pingate"
  }

  private static func isSecure(_ request: Request) -> Bool {
    let https = request.parameters["HTTPS"]?.lowercased()
    return https == "on" || https == "1" || request.parameters["REQUEST_SCHEME"]?.lowercased() == "https"
  }
}
