package import Tokens
package import Verification

/// What the words of an outcome's page are about: its arguments, none of them a word.
package struct OutcomeArguments: Sendable {
  /// The number for the page: as it was typed while it is not known to be one, else as its owner would write it. Never
  /// for the log.
  package var number = ""
  /// The last two digits of a number that is not shown otherwise; nil where `number` may be.
  package var ending: String?
  /// Where a user was going whom the gate has sent to the form, sealed; empty for nowhere.
  package var entry = ""
  /// Whether what they sent there is lost.
  package var lostForm = false
  /// What the number form carries, sealed; empty where there is none.
  package var formToken = ""
  /// The PIN form that the visitor has or gets.
  package var pinForm: PINForm?
  /// How many tries are left after a wrong PIN.
  package var triesLeft: Int?
  /// How the PIN shall come that was asked for. A page may show one that came another way, and what is said of the asking
  /// follows this. Nil where none was asked for.
  package var channel: Channel?
  /// Whose number it is that is not served; nil where that is not known.
  package var owner: Country?
  /// Which countries are served, for whom it matters.
  package var served: [(country: Country, callingCode: String?)] = []
  /// What was proved, for who redeems a return token.
  package var proof: Proof?
  /// What a site that cannot read the proof's cookie redeems, sealed; empty where there is none.
  package var returnToken = ""
  /// The numbers that could be meant.
  package var choices: [Choice] = []

  /// What is asked for first, or waited for; nil where nothing is.
  package var challenge: Challenge?

  /// What a visitor has to do before a message is sent.
  package struct Challenge: Sendable {
    package let token: ChallengeToken
    /// As it is sealed.
    package let text: String

    package init(_ token: ChallengeToken, _ text: String) {
      self.token = token
      self.text = text
    }
  }

  /// A PIN form.
  package struct PINForm: Sendable {
    /// The pending attempt as it was sealed.
    package var token: String
    /// How the newest message came.
    package var channel: Channel
    package var lifetime: PINLifetime
    package var next: NextMessage
    /// How many digits a PIN has.
    package var codeLength: ClosedRange<Int>
    /// Whether the number gets text messages too.
    package var takesMessages: Bool
    /// Whether the provider makes calls.
    package var makesCalls: Bool
    /// Until when the PIN is good; nil where that is not known.
    package var endsAt: Timestamp?
    /// From when on the next message may be asked for; nil when not in the life of the attempt.
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

    /// By what the next message can come.
    package var channels: [Channel] { (takesMessages ? [.text] : []) + (makesCalls ? [.call] : []) }
  }

  /// When the next message may be asked for.
  package enum NextMessage: Sendable, Hashable {
    case now
    case after(Duration)
    /// Not in the life of the attempt.
    case never
  }

  /// A number on a button.
  package struct Choice: Sendable {
    /// As its owner would write it abroad: what the button posts.
    package let number: String
    package let country: Country
    package let line: Destination.Line
  }

  package init() {}
}

extension Duration {
  /// Whole seconds, rounded up, and at least one: a time to wait, never too short.
  package var wholeSeconds: Int64 {
    max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0))
  }
}
