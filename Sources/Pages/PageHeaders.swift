internal import Encoding
internal import HTTPTypes
internal import Tokens

/// The header fields of every HTML answer, made from constants alone (OWASP Secure Headers; ASVS 5.0, chapter 3.4).
enum PageHeaders {
  /// Inline styles and scripts are admitted by their digests (CSP level 3, section 2.3.1), and nothing else inline is.
  ///
  /// - Parameters:
  ///   - accentStyle: the content of the one `<style>` element that a page may have.
  ///   - scripts: the contents of its `<script>` elements; a page without any admits no script at all.
  ///   - origins: a third party's origins, from which the page may load scripts, frames, and styles, and which it may connect to.
  static func fields(accentStyle: String?, scripts: [String], origins: [String] = []) -> HTTPFields {
    let styles = ["'self'"] + (accentStyle.map { [digest($0)] } ?? []) + origins
    let admitted = scripts.map(digest) + origins
    var scriptRule = admitted.isEmpty ? "" : "script-src \(admitted.joined(separator: " ")); "
    if !origins.isEmpty {
      let list = origins.joined(separator: " ")
      scriptRule += "frame-src \(list); connect-src \(list); "
    }
    return [
      .contentType: "text/html; charset=utf-8",
      .cacheControl: "no-store",
      .xContentTypeOptions: "nosniff",
      .referrerPolicy: referrerPolicy,
      .contentSecurityPolicy:
        "default-src 'none'; \(scriptRule)style-src \(styles.joined(separator: " ")); img-src 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'",
      .crossOriginOpenerPolicy: "same-origin",
      .crossOriginResourcePolicy: "same-origin",
      .permissionsPolicy: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
      .xFrameOptions: "DENY",
    ]
  }

  /// Not "no-referrer": browsers would then send "Origin: null" with our own forms (Fetch, section 3.2), and over plain HTTP
  /// nothing else tells our forms from foreign ones. Other sites get no referrer either way.
  static let referrerPolicy = "same-origin"

  /// For a page whose address shows it again: neither the site's other pages nor their logs get to see that address. The origin
  /// alone does not reveal it, but still tells our forms from foreign ones.
  static let referrerPolicyOfViews = "strict-origin"

  private static func digest(_ text: String) -> String {
    "'sha256-\(Base64.encode(ContentDigest.of(Array(text.utf8))))'"
  }
}

extension HTTPField.Name {
  static let referrerPolicy = constant("Referrer-Policy")
  static let crossOriginOpenerPolicy = constant("Cross-Origin-Opener-Policy")
  static let permissionsPolicy = constant("Permissions-Policy")
  static let xFrameOptions = constant("X-Frame-Options")

  private static func constant(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
    return name
  }
}
