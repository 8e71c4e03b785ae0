internal import Limits

/// What a visitor is told about the limit that prevents a message.
///
/// Only limits on what the visitor did, or on what was done with their number, have words of their own. Limits that many use up
/// together (prefix, country, net, site, a ration) share one page, so that nobody learns what others did. All of them are answered
/// alike, with 429, the time to wait, and the same form.
package enum SendLimit: String, Sendable, Hashable, CaseIterable {
  case address, browser, number, resends, shared

  init(_ refusal: Refusal) {
    if refusal.reasons.contains(where: { $0.id == .attemptResends }) {
      self = .resends
      return
    }
    switch refusal.reasons[0].id {
    case .addressMinute, .addressHour, .addressDay: self = .address
    case .browserHour: self = .browser
    case .numberHour, .numberDay, .trustedHour, .trustedDay: self = .number
    default: self = .shared
    }
  }
}
