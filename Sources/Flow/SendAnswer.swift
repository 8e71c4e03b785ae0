internal import Tokens
internal import Verification

/// The result of a send, which the store keeps for idempotent replay.
enum SendAnswer: Sendable, Hashable {
  /// The pending attempt, sealed.
  case pending(String)
  /// Nobody knows whether the message was sent.
  case failed(VerifierFailure.Kind, endedRequest: Bool)

  /// Whether the provider said that a message is on its way.
  var wasSent: Bool {
    switch self {
    case .pending: true
    case .failed: false
    }
  }

  var bytes: [UInt8] {
    switch self {
    case .pending(let token): Array("T\(token)".utf8)
    case .failed(let kind, let endedRequest): Array("\(endedRequest ? "E" : "F")\(kind.rawValue)".utf8)
    }
  }

  init?(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes.dropFirst(), as: UTF8.self) else { return nil }
    switch bytes.first {
    case UInt8(ascii: "T"): self = .pending(text)
    case UInt8(ascii: "E"), UInt8(ascii: "F"):
      guard let kind = VerifierFailure.Kind(rawValue: text) else { return nil }
      self = .failed(kind, endedRequest: bytes.first == UInt8(ascii: "E"))
    default: return nil
    }
  }
}
