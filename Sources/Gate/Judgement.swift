internal import Tokens
internal import Verification

/// What the gate makes of the proof in a request.
enum Judgement: Sendable, Hashable {
  case good(Proof)
  /// The proof is genuine and fresh enough, but its holder is not among those who may pass.
  case notAllowed
  case refused(Reason)

  enum Reason: String, Sendable, Hashable {
    /// There is no proof.
    case absent
    /// What is there was not made here, or was made for another site, or with a key that is no longer used.
    case foreign
    case expired
    /// It was issued in the future: a clock was set back.
    case early
    /// The verification is from before `PINGATE_PROOF_SINCE`.
    case revoked
    /// It has another purpose.
    case otherPurpose
    /// It does not belong to the user whose password the web server has checked, or to no user at all.
    case otherUser
    /// It belongs to that user, who had another number then.
    case otherNumber
    /// The verification is older than the folder allows.
    case tooOld
  }

  /// How far apart the clocks of two machines may be.
  static let leeway: Duration = .seconds(60)
}
