internal import Encoding
internal import Gateway
internal import HTTPTypes
internal import Tokens

/// A file that does not change while the program runs, served with validators (RFC 9110, section 8.8), so that a browser that has
/// it already gets 304 and no body.
struct StaticFile: Sendable {
  let bytes: [UInt8]
  /// When the file was last changed; nil for one that is built into the program.
  let modified: HTTPDate?
  private let fields: HTTPFields
  private let tag: String

  /// - Parameter isWeak: whether what is sent may differ from the bytes in what means nothing to its reader (RFC 9110,
  ///   section 8.8.1).
  init(_ bytes: [UInt8], modified: HTTPDate?, fields: HTTPFields, isWeak: Bool = false) {
    self.bytes = bytes
    self.modified = modified
    // Half of the digest identifies the content well enough; the rest would only make the header longer.
    tag = "\"" + Base64URL.encode(Array(ContentDigest.of(bytes).prefix(16))) + "\""
    var fields = fields
    // Browsers ask again each time: the file is small, and an owner who edits it wants to see the change.
    fields[.cacheControl] = "no-cache"
    fields[.eTag] = isWeak ? "W/" + tag : tag
    fields[.lastModified] = modified?.text
    self.fields = fields
  }

  /// - Parameter body: what is sent in the place of the bytes, of which it is a variant.
  func response(to request: Request, body: () -> [UInt8]? = { nil }) -> Response {
    guard !isFresh(for: request) else { return Response(status: .notModified, fields: fields) }
    return Response(status: .ok, fields: fields, body: body() ?? bytes)
  }

  /// Whether the visitor's copy is this one (RFC 9110, section 13.2.2: a tag is asked about first, and then alone).
  private func isFresh(for request: Request) -> Bool {
    if request.hasHeader(.ifNoneMatch) {
      return request.header(.ifNoneMatch).map(matches) ?? false
    }
    // The date must be exactly the one we sent, as in nginx: a file that was replaced by an older one is new, too.
    return modified != nil && request.header(.ifModifiedSince) == modified?.text
  }

  private func matches(_ header: String) -> Bool {
    header.split(separator: ",").contains { candidate in
      let candidate = candidate.drop { $0 == " " }.prefix { $0 != " " }
      let strong = candidate.hasPrefix("W/") ? candidate.dropFirst(2) : candidate
      return strong == tag || candidate == "*"
    }
  }
}
