internal import Encoding
internal import HTTPTypes
internal import Tokens

/// The header fields of every HTML answer, made of constants alone (OWASP Secure Headers; ASVS 5.0, chapter 3.4).
enum PageHeaders {
  /// What stands inline is admitted by its digest (CSP level 3, section 2.3.1), and nothing else inline is.
  ///
  /// - Parameters:
  ///   - accentStyle: the content of the one `<style>` element that a page may have.
  ///   - scripts: the contents of its `<script>` elements. A page without admits no script at all.
  ///   - origins: of a third party that may put scripts, frames and styles into the page, and be connected to from there.
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

  /// Not "no-referrer": with it a browser sends "Origin: null" with our own forms (Fetch, section 3.2), and over plain
  /// HTTP it sends nothing else that tells our form from a foreign one. Other sites get no referrer either way.
  static let referrerPolicy = "same-origin"

  /// Of a page whose address shows it again: neither the site's other pages nor their logs get to see that address. The
  /// origin alone does not name it, and tells our own forms from others.
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
