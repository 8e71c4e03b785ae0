/// The media types of a body with a form's fields.
enum FormType {
  case urlencoded
  /// What `fetch` makes of a `FormData`. As with the other one, a page of another site can send it without asking first
  /// (CORS), so it is admitted under the same conditions (`SiteOrigin`).
  case multipart
  /// An object, as programs send it. A page of another site can send it only where a site answers that it may (CORS), and
  /// PinGate never does.
  case json

  /// - Parameter contentType: the header field, of which parameters do not count.
  init?(_ contentType: String) {
    if contentType == Self.urlencodedName {
      self = .urlencoded
      return
    }
    guard var type = contentType.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 1).first else { return nil }
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    type = type.drop(while: isBlank)
    while let last = type.last, isBlank(last) { type.removeLast() }
    func isType(_ name: String) -> Bool {
      type.elementsEqual(name.utf8) { theirs, ours in
        // The type is compared without regard to case (RFC 9110, section 8.3.1).
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(theirs) ? theirs + 0x20 == ours : theirs == ours
      }
    }
    if isType(Self.urlencodedName) {
      self = .urlencoded
    } else if isType("multipart/form-data") {
      self = .multipart
    } else if isType("application/json") {
      self = .json
    } else {
      return nil
    }
  }

  private static let urlencodedName = "application/x-www-form-urlencoded"
}
