internal import Encoding
internal import FoundationEssentials
internal import Limits

/// News of the limits, and of what could not be told, for the owner, as JSON: it never holds a number, an address or anything that a visitor typed.
///
///     {"at":"2026-11-24T22:11:35Z","count":160,"event":"limit.reached","id":"5f…","limit":200,"percent":80,
///      "row":"site.hour","site":"Example Shop"}
///
/// Its form is described in docs/limits.md.
struct Alert: Sendable, Encodable {
  /// Random, the same however often it is sent: who gets it twice knows so.
  let id: String
  let site: String
  let at: String
  let event: String
  let row: String
  var percent: Int?
  var count: Int?
  var limit: Int?
  /// The beginning of the counter's key, as `pingate limits show` shows it.
  var key: String?
  var seconds: Int64?
  var sends: Int?
  var verified: Int?
  /// How many messages a day there are for those who verify none.
  var perDay: Int?
  /// How many nets ask, about.
  var asking: Int?

  /// The names in its JSON.
  private enum CodingKeys: String, CodingKey {
    case id, site, at, event, row, percent, count, limit, key, seconds, sends, verified, asking
    case perDay = "per_day"
  }

  /// That there was no room for so many events of the webhook.
  init(overflow events: Int64, site: String, at time: String) {
    id = Hexadecimal.text([UInt8].random128())
    self.site = site
    at = time
    event = "webhook.overflow"
    row = "webhook"
    count = Int(clamping: events)
  }

  init(_ notice: LimitNotice, site: String, at time: String) {
    id = Hexadecimal.text([UInt8].random128())
    self.site = site
    at = time
    switch notice {
    case .reached(let row, let percent, let count, let limit):
      event = "limit.reached"
      self.row = row.rawValue
      self.percent = percent
      self.count = count
      self.limit = limit
    case .rationBegan(let limit, let key, let figures):
      event = "limit.rationed"
      row = limit.rawValue
      take(figures, key)
    case .rationEnded(let limit, let key, let figures, let time):
      event = "limit.ration_over"
      row = limit.rawValue
      seconds = time.components.seconds
      take(figures, key)
    }
  }

  private mutating func take(_ figures: RationFigures, _ key: CounterKey) {
    self.key = "\(key)"
    sends = figures.sends
    verified = figures.verified
    perDay = figures.perDay
    asking = figures.asking
  }

  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { preconditionFailure("texts and whole numbers are JSON") }
    return Array(data)
  }
}
