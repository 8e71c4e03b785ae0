internal import Encoding
package import Tokens
internal import Verification

/// What the site's own code is told about a success. It contains no number.
///
///     {"type":"verified","timestamp":"2026-11-24T22:11:35Z","data":{"sub":"…","auth_time":1795558295,"amr":["sms"]}}
package struct VerifiedEvent: Sendable, Hashable {
  /// The same for every delivery, so that a receiver can recognize a repetition.
  package let id: String
  package let body: [UInt8]

  package init(_ proof: Proof) {
    var data = JSONWriter()
    data.put("sub", proof.subject)
    data.put("auth_time", proof.authenticatedAt.secondsSinceEpoch)
    data.put("amr", proof.methods.names)
    if !proof.purpose.isEmpty { data.put("purpose", proof.purpose) }
    var event = JSONWriter()
    event.put("type", "verified")
    event.put("timestamp", proof.authenticatedAt.rfc3339)
    event.put("data", data)
    id = "msg_" + BrowserID().text
    body = event.bytes
  }

  /// What waits in the store: the id and the body, one line each.
  package var content: [UInt8] { Array(id.utf8) + [UInt8(ascii: "\n")] + body }

  /// - Returns: nil if the content is not an event.
  package init?(content: [UInt8]) {
    guard let end = content.firstIndex(of: UInt8(ascii: "\n")),
      let id = String(validating: content[..<end], as: UTF8.self),
      id.hasPrefix("msg_"), id.utf8.allSatisfy({ $0.isUnreserved })
    else { return nil }
    self.id = id
    body = Array(content[(end + 1)...])
  }
}
