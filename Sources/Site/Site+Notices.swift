internal import Logging
internal import Verification

/// What the owner hears of the limits.
extension Site {
  func heed(_ decision: ChargeDecision, _ exchange: Exchange) {
    for notice in decision.notices {
      record(notice)
      limiter.notify(notice)
    }
    guard case .admitted(let admission) = decision.verdict, let refusal = admission.wouldRefuse else { return }
    log.warning(
      "limits.would_refuse",
      metadata: [
        "exchange": "\(exchange.name)", "rows": "\(refusal.reasons.map(\.row.rawValue).joined(separator: ","))",
        "number": exchange.number.map { "\($0)" } ?? "-",
      ])
  }

  private func record(_ notice: LimitNotice) {
    switch notice {
    case .reached(let row, let percent, let count, let limit):
      log.log(
        level: percent >= 100 ? .critical : .warning, "limits.reached",
        metadata: ["row": "\(row.rawValue)", "percent": "\(percent)", "count": "\(count)", "limit": "\(limit)"])
    case .closed(let row, let key, let time, let sends, let verified):
      log.critical(
        "limits.closed",
        metadata: [
          "row": "\(row.rawValue)", "key": "\(key)", "seconds": "\(time.components.seconds)", "sends": "\(sends)",
          "verified": "\(verified)",
        ])
    }
  }
}
