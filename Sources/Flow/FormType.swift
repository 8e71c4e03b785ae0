internal import Encoding

/// The media types of a body that contains form fields.
enum FormType {
  case urlencoded
  /// What `fetch` makes of a `FormData`. Like the URL-encoded type, a page of another site can send it without a
  /// preflight (CORS), so it is accepted under the same conditions (`SiteOrigin`).
  case multipart
  /// A JSON object, as programs send it. A page of another site can send it only after a successful preflight (CORS),
  /// which PinGate never answers.
  case json

  /// - Parameter contentType: the header field; its parameters are ignored.
  init?(_ contentType: String) {
    if contentType == Self.urlencodedName {
      self = .urlencoded
      return
    }
    guard let name = Array(contentType.utf8).split(separator: UInt8(ascii: ";"), maxSplits: 1).first else { return nil }
    // The type is compared without regard to case (RFC 9110, section 8.3.1).
    let type = String(decoding: name.trimming(\.isBlank).map(\.lowercased), as: UTF8.self)
    switch type {
    case Self.urlencodedName: self = .urlencoded
    case "multipart/form-data": self = .multipart
    case "application/json": self = .json
    default: return nil
    }
  }

  private static let urlencodedName = "application/x-www-form-urlencoded"
}
