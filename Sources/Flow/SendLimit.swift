internal import Limits

/// What a visitor is told about the limit that prevents a message.
///
/// Only limits on what the visitor did, or on what was done with their number, have words of their own. Limits that many use up
/// together (prefix, country, net, site, a ration) share one page, so that nobody learns what others did. All of them are answered
/// alike, with 429, the time to wait, and the same form. Where a lot decides, that time is no promise, and its page says so.
package enum SendLimit: String, Sendable, Hashable, CaseIterable {
  case address, browser, number, resends, shared, lot

  init(_ refusal: Refusal) {
    if refusal.reasons.contains(where: { $0.id == .attemptResends }) {
      self = .resends
      return
    }
    if !refusal.isPromised {
      self = .lot
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
