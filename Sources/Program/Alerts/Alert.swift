internal import Encoding
internal import FoundationEssentials
internal import Limits

/// News of the limits for the owner, as JSON: it never holds a number, an address or anything that a visitor typed.
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
    case .breakerOpened(let row, let key, let time, let sends, let verified):
      event = "limit.closed"
      self.row = row.rawValue
      self.key = "\(key)"
      seconds = time.components.seconds
      self.sends = sends
      self.verified = verified
    case .breakerClosed(let row, let key, let sends, let verified):
      event = "limit.opened"
      self.row = row.rawValue
      self.key = "\(key)"
      self.sends = sends
      self.verified = verified
    }
  }

  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { preconditionFailure("texts and whole numbers are JSON") }
    return Array(data)
  }
}
