internal import Limits

/// What a visitor is told about the limit that prevents checking a PIN.
package enum TryLimit: String, Sendable, Hashable, CaseIterable {
  /// This visitor entered many PINs in a short time.
  case visitor
  /// Many wrong PINs were entered for this number.
  case number
  /// So many wrong PINs were entered that only the owner can unlock the number.
  case locked
  case shared
  /// The limit belongs to this PIN or this attempt: waiting does not help.
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
