package import Tokens
package import Verification

/// The arguments for the texts on an outcome's page; none of them is itself a text.
package struct OutcomeArguments: Sendable {
  /// The number for the page: as typed until it is known to be a number, then in the usual format. Never for the log.
  package var number = ""
  /// The last two digits of a number of which no more may be shown; nil if `number` may be shown.
  package var ending: String?
  /// The sealed ticket of a user whom the gate sent to the form; empty if there is none.
  package var entry = ""
  /// Whether a form that they had submitted is lost.
  package var lostForm = false
  /// What the number form carries, sealed; empty if there is no such form.
  package var formToken = ""
  /// The PIN form that the visitor has or gets.
  package var pinForm: PINForm?
  /// How many tries are left after a wrong PIN.
  package var triesLeft: Int?
  /// The channel that was requested; nil if none was. A page may show a PIN that came through another channel; what it
  /// says about the request follows this one.
  package var channel: Channel?
  /// The country of a number that is not served; nil if unknown.
  package var owner: Country?
  /// The served countries, if they matter.
  package var served: [(country: Country, callingCode: String?)] = []
  /// What was proved, for a caller who redeems a return token.
  package var proof: Proof?
  /// The return token, sealed; empty if there is none.
  package var returnToken = ""
  /// The numbers that could be meant.
  package var choices: [Choice] = []

  /// What the visitor has to do or wait for first; nil for nothing.
  package var challenge: Challenge?

  /// What a visitor has to do before a message is sent.
  package struct Challenge: Sendable {
    package let token: ChallengeToken
    /// The sealed challenge.
    package let text: String

    package init(_ token: ChallengeToken, _ text: String) {
      self.token = token
      self.text = text
    }
  }

  /// A PIN form.
  package struct PINForm: Sendable {
    /// The pending attempt, sealed.
    package var token: String
    /// The channel of the latest message.
    package var channel: Channel
    package var lifetime: PINLifetime
    package var next: NextMessage
    /// How many digits a PIN has.
    package var codeLength: ClosedRange<Int>
    /// Whether the number can also get text messages.
    package var takesMessages: Bool
    /// Whether the provider makes calls.
    package var makesCalls: Bool
    /// When the PIN expires; nil if unknown.
    package var endsAt: Timestamp?
    /// When the next message can be requested; nil if never in this attempt.
    package var nextSendAt: Timestamp?

    package init(
      token: String, channel: Channel, lifetime: PINLifetime, next: NextMessage, codeLength: ClosedRange<Int>,
      takesMessages: Bool = true, makesCalls: Bool = true, endsAt: Timestamp? = nil, nextSendAt: Timestamp? = nil
    ) {
      self.token = token
      self.channel = channel
      self.lifetime = lifetime
      self.next = next
      self.codeLength = codeLength
      self.takesMessages = takesMessages
      self.makesCalls = makesCalls
      self.endsAt = endsAt
      self.nextSendAt = nextSendAt
    }

    /// The channels for the next message.
    package var channels: [Channel] { (takesMessages ? [.text] : []) + (makesCalls ? [.call] : []) }
  }

  /// When the next message can be requested.
  package enum NextMessage: Sendable, Hashable {
    case now
    case after(Duration)
    /// Not in this attempt.
    case never
  }

  /// A number on a button.
  package struct Choice: Sendable {
    /// The number in international format: what the button posts.
    package let number: String
    package let country: Country
    package let line: Destination.Line
  }

  package init() {}
}

extension Duration {
  /// A time to wait in whole seconds, rounded up, and at least one.
  package var wholeSeconds: Int64 {
    max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0))
  }
}
