internal import Tokens
internal import Verification

/// What the gate thinks of a request.
enum Judgement: Sendable, Hashable {
  case good(Proof)
  /// Genuine and of the right age, and not of one who may pass.
  case notAllowed
  case refused(Reason)

  enum Reason: String, Sendable, Hashable {
    /// There is no proof.
    case absent
    /// What is there was not made here, or for another site, or with a key that is gone.
    case foreign
    case expired
    /// From the future: a clock was set back.
    case early
    /// From before the time since which proofs count.
    case revoked
    /// Good for something else.
    case otherPurpose
    /// The proof of another user than the one whose password the web server has checked, or of none.
    case otherUser
    /// The user's, and got with another number than the user has now.
    case otherNumber
    /// The verification is older than the folder's owner wants it.
    case tooOld
  }

  /// How far the clocks of two machines may be apart.
  static let leeway: Duration = .seconds(60)
}
