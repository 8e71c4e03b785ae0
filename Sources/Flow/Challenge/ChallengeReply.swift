internal import Limits
internal import Tokens
internal import Verification

/// What a form brings along, so that its message is sent under attack too: a challenge that was made for it, with what its
/// visitor did about it.
///
/// One reference: see `RequestContext`.
final class ChallengeReply: Sendable {
  enum State: Sendable, Hashable {
    case passed
    /// The third party has to be asked about this, which may be empty.
    case widget(String)
    /// The work was not done, or wrongly.
    case unsolved
    /// Its slot is not ready for so long.
    case early(Duration)
    /// The visitor wants to wait instead.
    case wantsSlot
  }

  let token: ChallengeToken
  /// The same as it is sealed.
  let text: String
  let state: State

  init(_ token: ChallengeToken, _ text: String, _ state: State) {
    self.token = token
    self.text = text
    self.state = state
  }

  /// How many rounds are passed, where nobody has to be asked.
  var rounds: Int { state == .passed ? token.rounds : 0 }

  /// What the third party is asked about, where its word would let pass what was refused.
  func response(after refusal: Refusal) -> String? {
    guard case .widget(let response) = state, let rounds = refusal.challenge, rounds <= token.rounds else { return nil }
    return response
  }
}

extension ChallengeReply {
  /// Names of fields.
  static let challengeField = "challenge"
  static let solutionField = "solution"
  static let waitField = "wait"
}
