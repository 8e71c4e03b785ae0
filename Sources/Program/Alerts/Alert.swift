internal import Encoding
internal import FoundationEssentials
internal import Limits

/// News for the owner about the limits, and about webhook events that found no room, as JSON. It never contains a number, an
/// address, or anything that a visitor typed.
///
///     {"at":"2026-11-24T22:11:35Z","count":160,"event":"limit.reached","id":"5f…","limit":200,"percent":80,
///      "row":"site.hour","site":"Example Shop"}
///
/// Its form is described in docs/limits.md.
struct Alert: Sendable, Encodable {
  /// Random, and the same for every delivery, so that a receiver recognizes a repeated one.
  let id: String
  let site: String
  let at: String
  let event: String
  let row: String
  var percent: Int?
  var count: Int?
  var limit: Int?
  /// The beginning of the counter's key, as in `pingate limits show`.
  var key: String?
  var seconds: Int64?
  var sends: Int?
  var verified: Int?
  /// How many messages a day are for those who verify none.
  var perDay: Int?
  /// About how many nets are asking.
  var asking: Int?

  /// The names in its JSON.
  private enum CodingKeys: String, CodingKey {
    case id, site, at, event, row, percent, count, limit, key, seconds, sends, verified, asking
    case perDay = "per_day"
  }

  /// The alert that this many webhook events found no room.
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
