internal import Limits
internal import Logging

/// What the owner hears of the limits.
extension Flow {
  func heed(_ settlement: Settlement) {
    for notice in settlement.notices { limiter.notify(notice) }
  }

  func heed(_ decision: ChargeDecision, _ context: RequestContext) {
    for notice in decision.notices { limiter.notify(notice) }
    guard case .admitted(let admission) = decision.verdict, let refusal = admission.wouldRefuse else { return }
    log.warning(
      "limits.would_refuse",
      metadata: [
        "exchange": "\(context.reference)", "rows": "\(refusal.reasons.map(\.row.rawValue).joined(separator: ","))",
        "number": context.number.map { "\($0)" } ?? "-",
      ])
  }
}
