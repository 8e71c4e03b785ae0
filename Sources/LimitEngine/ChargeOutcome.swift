package import Limits

/// What a transaction says to a charge, without what whoever asked has already: the decision is made of both
/// (`ChargeDecision.init(_:of:id:)`).
///
/// Thousands of decisions wait for the provider at a time. What a store's thread allocates for them lies between what it
/// needs for its transactions, and keeps that memory from being used for anything else: so it hands over this, which is
/// short and soon gone.
package struct ChargeOutcome: Sendable {
  package enum Verdict: Sendable {
    case admitted(Passage)
    case refused(Refusal)
    case repeated(Repeat)
    case used
  }

  /// How a charge passed.
  package struct Passage: Sendable {
    /// Whether its number is known in its browser: which of its rules it passed.
    let isKnown: Bool
    /// In the limiter's time.
    let time: Int64
    let next: Duration?
    /// How many more each of the rules admits, in their order.
    let left: [Int]
    let wouldRefuse: Refusal?

    package init(isKnown: Bool, time: Int64, next: Duration?, left: [Int], wouldRefuse: Refusal?) {
      self.isKnown = isKnown
      self.time = time
      self.next = next
      self.left = left
      self.wouldRefuse = wouldRefuse
    }
  }

  let verdict: Verdict
  let notices: [LimitNotice]

  package init(_ verdict: Verdict, notices: [LimitNotice] = []) {
    self.verdict = verdict
    self.notices = notices
  }
}

extension ChargeDecision {
  /// - Parameter id: 16 random bytes, the receipt's name.
  package init(_ outcome: ChargeOutcome, of charge: Charge, id: [UInt8]) {
    let verdict: Verdict
    switch outcome.verdict {
    case .admitted(let passage):
      let rules = charge.rules(isKnown: passage.isKnown)
      verdict = .admitted(
        Admission(
          receipt: Receipt(
            id: id, time: passage.time, rules: rules, guards: charge.guards(isKnown: passage.isKnown), of: charge),
          next: passage.next, left: RowsLeft(rules.map(\.row), passage.left), wouldRefuse: passage.wouldRefuse))
    case .refused(let refusal): verdict = .refused(refusal)
    case .repeated(let earlier): verdict = .repeated(earlier)
    case .used: verdict = .used
    }
    self.init(verdict, notices: outcome.notices)
  }
}
