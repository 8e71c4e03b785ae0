internal import Limits
internal import Logging

/// What the owner hears of the limits.
extension Flow {
  func report(_ settlement: Settlement) {
    for notice in settlement.notices { limiter.notify(notice) }
  }

  func report(_ decision: ReservationDecision, _ context: RequestContext) {
    for notice in decision.notices { limiter.notify(notice) }
    guard case .permitted(let permit) = decision.result, let refusal = permit.wouldRefuse else { return }
    log.warning(
      "limits.would_refuse",
      metadata: [
        "exchange": "\(context.reference)", "rows": "\(refusal.reasons.map(\.id.rawValue).joined(separator: ","))",
        "number": context.number.map { "\($0)" } ?? "-",
      ])
  }
}
