internal import Limits
internal import Logging

/// Reports limits to the owner that are watched but not enforced.
extension Flow {
  func recordWouldRefuse(_ result: ReservationDecision.Result, _ context: RequestContext) {
    guard case .permitted(let permit) = result, let refusal = permit.wouldRefuse else { return }
    log.warning(
      "limits.would_refuse",
      metadata: [
        "exchange": "\(context.reference)", "rows": "\(refusal.reasons.map(\.id.rawValue).joined(separator: ","))",
        "number": context.number.map { "\($0)" } ?? "-",
      ])
  }
}
