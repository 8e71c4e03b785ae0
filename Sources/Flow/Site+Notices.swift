internal import Limits
internal import Logging

/// What the owner hears of the limits.
extension Site {
  func heed(_ settlement: Settlement) {
    for notice in settlement.notices { limiter.notify(notice) }
  }

  func heed(_ decision: ChargeDecision, _ exchange: Exchange) {
    for notice in decision.notices { limiter.notify(notice) }
    guard case .admitted(let admission) = decision.verdict, let refusal = admission.wouldRefuse else { return }
    log.warning(
      "limits.would_refuse",
      metadata: [
        "exchange": "\(exchange.name)", "rows": "\(refusal.reasons.map(\.row.rawValue).joined(separator: ","))",
        "number": exchange.number.map { "\($0)" } ?? "-",
      ])
  }
}
