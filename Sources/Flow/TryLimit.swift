internal import Limits

/// What a visitor is told about the limit that prevents checking a PIN.
package enum TryLimit: String, Sendable, Hashable, CaseIterable {
  /// Many PINs came from this visitor in a short time.
  case visitor
  /// Many wrong ones came for this number.
  case number
  /// So many came that only the owner can open it again.
  case locked
  case shared
  /// The limit is this PIN's, or this attempt's: waiting does not help.
  case spent

  init(_ refusal: Refusal) {
    if refusal.reasons.contains(where: { $0.id == .requestWrong || $0.id == .attemptWrong }) {
      self = .spent
      return
    }
    let reason = refusal.reasons[0]
    switch reason.id {
    case .addressTries, .addressWrongHour, .browserTries: self = .visitor
    case .numberWrongHour, .numberWrongDay, .numberWrongTotal, .trustedWrongHour, .trustedWrongDay, .trustedWrongTotal:
      self = reason.wait == nil ? .locked : .number
    default: self = .shared
    }
  }
}
