/// What happened since the start or the last reset, counted without a bound.
struct Statistics: Sendable, Codable, Hashable {
  /// Calls of each kind, whatever became of them.
  var starts = 0
  var checks = 0
  var controls = 0
  var searches = 0
  /// All messages, and of these the two kinds.
  var messages = 0
  var sms = 0
  var tts = 0
  /// Verifications that began, are running, and succeeded.
  var begun = 0
  var running = 0
  var verified = 0
  /// Requests that followed the redirection of a magic number; there should be none.
  var redirectsFollowed = 0
  /// For each kind of call, how often each status was answered; a fault without effect counts as "fault".
  var answers: [String: [String: Int]] = [:]

  mutating func count(_ operation: Operation, answer: String) {
    switch operation {
    case .start: starts += 1
    case .check: checks += 1
    case .control: controls += 1
    case .search: searches += 1
    }
    answers[operation.rawValue, default: [:]][answer, default: 0] += 1
  }

  mutating func count(_ message: OutboxMessage) {
    messages += 1
    switch message.channel {
    case .sms: sms += 1
    case .tts: tts += 1
    }
  }

  enum CodingKeys: String, CodingKey {
    case starts, checks, controls, searches, messages, sms, tts, begun, running, verified, answers
    case redirectsFollowed = "redirects_followed"
  }
}
