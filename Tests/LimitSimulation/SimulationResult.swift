public import Limits

extension Simulation {
  /// What came of it.
  public struct Result: Sendable {
    public var asked = 0
    /// New visitors who were refused, by the first reason.
    public var refused: [LimitID: Int] = [:]
    public var failedChallenges = 0
    /// Visitors whose message did not come, and who were refused another one: those are not among the refused.
    public var askedAgain = 0
    public var refusedAgain: [LimitID: Int] = [:]
    /// New visitors whose numbers are of the prefix that an attacker pumps: they are not among the others.
    public var ofPrefixAsked = 0
    public var ofPrefixRefused: [LimitID: Int] = [:]
    /// Those in trusted browsers or with a proof.
    public var knownAsked = 0
    public var knownRefused: [LimitID: Int] = [:]
    /// The attacker's, by day.
    public var messages: [Int]
    /// So many of those were sent again.
    public var resentMessages = 0
    /// All, by day.
    public var sent: [Int]
    public var notices = 0
    /// Why the attacker was refused.
    public var attackRefused: [LimitID: Int] = [:]

    init(days: Int) {
      messages = Array(repeating: 0, count: days)
      sent = messages
    }

    public func refusedPercent(forgivingBudget: Bool) -> Double {
      let counted = refused.filter { !forgivingBudget || ![.siteHour, .siteDay].contains($0.key) }
      return 100 * Double(counted.values.reduce(failedChallenges, +)) / Double(max(1, asked))
    }

    /// Since the attack began.
    public var messagesADay: Double { Double(messages.reduce(0, +)) / Double(max(1, messages.count - 1)) }
  }
}
