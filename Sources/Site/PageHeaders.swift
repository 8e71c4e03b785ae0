internal import Crypto
internal import FoundationEssentials
internal import HTTPTypes

/// The header fields of every HTML answer, made of constants alone (OWASP Secure Headers; ASVS 5.0, chapter 3.4).
enum PageHeaders {
  /// - Parameter accentStyle: the content of the one `<style>` element that a page may have; it is admitted by its
  ///   digest (CSP level 3, section 2.3.1), and nothing else inline is.
  static func fields(accentStyle: String?) -> HTTPFields {
    var styles = "'self'"
    if let accentStyle {
      let digest = SHA256.hash(data: Array(accentStyle.utf8))
      styles += " 'sha256-\(Data(digest).base64EncodedString())'"
    }
    return [
      .contentType: "text/html; charset=utf-8",
      .cacheControl: "no-store",
      .xContentTypeOptions: "nosniff",
      // Not "no-referrer": with it a browser sends "Origin: null" with our own forms (Fetch, section 3.2), and over
      // plain HTTP it sends nothing else that tells our form from a foreign one. Other sites get no referrer either way.
      .referrerPolicy: "same-origin",
      .contentSecurityPolicy: "default-src 'none'; style-src \(styles); img-src 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'",
      .crossOriginOpenerPolicy: "same-origin",
      .crossOriginResourcePolicy: "same-origin",
      .permissionsPolicy: "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
      .xFrameOptions: "DENY",
    ]
  }
}

extension HTTPField.Name {
  /// `Host`, which HTTPTypes only has as a part of its own request type.
  static let requestHost = constant("Host")
  static let secFetchSite = constant("Sec-Fetch-Site")
  static let referrerPolicy = constant("Referrer-Policy")
  static let crossOriginOpenerPolicy = constant("Cross-Origin-Opener-Policy")
  static let permissionsPolicy = constant("Permissions-Policy")
  static let xFrameOptions = constant("X-Frame-Options")

  private static func constant(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
    return name
  }
}
