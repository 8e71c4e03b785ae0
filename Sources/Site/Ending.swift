internal import Verification

/// How one request ended: every way there is. `Verdict` says for each what the visitor and the operator are told.
enum Ending: Sendable, Hashable {
  // POST register
  case sent
  case alreadyRunning
  case numberMissing
  case numberUnreadable
  case numberRefused
  case destinationUnsupported
  case numberBlocked
  case startFailed(VerifierFailure.Kind)

  // POST verify
  case verified
  case pinMissing
  case pinUnreadable
  case wrongPIN
  /// Wrong, and so late that a newer PIN may have been sent since.
  case wrongOrOldPIN
  case tooManyWrongPINs
  case expired
  /// Right once before, or cancelled: over at the provider before its time.
  case used
  /// Over at the provider, and nobody here knows since when it was running.
  case ended
  case foreignRequest
  case checkFailed(VerifierFailure.Kind)

  // Any request
  case notFound
  case methodNotAllowed
  case crossSite
  case unsupportedType
  case tooLarge
  case lengthMissing
  case malformed
  case overloaded
  case notConfigured
  case malfunction

  /// All of them, for the tests and for whoever wants to see the table.
  static let all: [Ending] =
    [
      .sent, .alreadyRunning, .numberMissing, .numberUnreadable, .numberRefused, .destinationUnsupported,
      .numberBlocked, .verified, .pinMissing, .pinUnreadable, .wrongPIN, .wrongOrOldPIN, .tooManyWrongPINs, .expired,
      .used, .ended, .foreignRequest, .notFound, .methodNotAllowed, .crossSite, .unsupportedType, .tooLarge,
      .lengthMissing,
      .malformed, .overloaded, .notConfigured, .malfunction,
    ] + VerifierFailure.Kind.allCases.map { .startFailed($0) } + VerifierFailure.Kind.allCases.map { .checkFailed($0) }
}
