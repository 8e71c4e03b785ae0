package import Limits

/// What a transaction decides, without what whoever asked has already: the decision is made of both
/// (`ReservationDecision.init(_:of:id:)`).
///
/// Thousands of decisions wait for the provider at a time. What a store's thread allocates for them lies between what it
/// needs for its transactions, and keeps that memory from being used for anything else: so it hands over this, which is
/// short and soon gone.
package typealias EngineDecision = Decision<BarePermit>

/// How a request passed.
package struct BarePermit: Sendable {
  /// Whether its browser is trusted: which of its rules it passed.
  let isTrusted: Bool
  /// In the limiter's time.
  let time: Int64
  let next: Duration?
  /// How many more each of the rules admits, in their order.
  let left: [Int]
  let wouldRefuse: Refusal?
  /// Whose message it is; nil for a try.
  let rank: SenderRank?
  /// See `Reservation`.
  let unchargedRations: [LimitID]
  let tookChance: Bool

  package init(
    isTrusted: Bool, time: Int64, next: Duration?, left: [Int], wouldRefuse: Refusal?, rank: SenderRank?,
    unchargedRations: [LimitID] = [], tookChance: Bool = false
  ) {
    self.tookChance = tookChance
    self.rank = rank
    self.unchargedRations = unchargedRations
    self.isTrusted = isTrusted
    self.time = time
    self.next = next
    self.left = left
    self.wouldRefuse = wouldRefuse
  }
}

extension ReservationDecision {
  /// - Parameter id: 16 random bytes, the reservation's name.
  package init(_ decision: EngineDecision, of request: ReservationRequest, id: [UInt8]) {
    self = decision.map { permit in
      let rules = request.rules(isTrusted: permit.isTrusted)
      return Permit(
        reservation: Reservation(
          id: id, time: permit.time, rules: rules, unchargedRations: permit.unchargedRations, rank: permit.rank,
          tookChance: permit.tookChance, of: request),
        next: permit.next, left: LimitsLeft(rules.map(\.id), permit.left), wouldRefuse: permit.wouldRefuse)
    }
  }
}
