internal import Limits

/// What a visitor is told of the limit that stands in the way of a message.
///
/// Only what the visitor did, or what was done with their number, has words of its own. What many use up together (prefix,
/// country, net, site, a ration) has one page for all: nobody learns from it what others did. All of them are
/// answered alike, with 429, the time and the same form.
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
