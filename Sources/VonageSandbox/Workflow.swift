/// One of Vonage's seven predefined sequences of text messages and calls (Verify guide "Workflows and events").
enum Workflow: Int, Sendable, CaseIterable {
  case smsTtsTts = 1
  case smsSmsTts, ttsTts, smsSms, smsTts, sms, tts

  /// One delivery event and the time until the next one, or until the request expires.
  struct Step: Sendable, Hashable {
    let channel: Channel
    /// Nil: as long as the code is good (`pin_expiry`), whatever `next_event_wait` says.
    let wait: Duration?
  }

  var steps: [Step] {
    switch self {
    case .smsTtsTts: [step(.sms, 125), step(.tts, 180), step(.tts, 300)]
    case .smsSmsTts: [step(.sms, 125), step(.sms, 180), step(.tts, 300)]
    case .ttsTts: [step(.tts, 150), step(.tts, 150)]
    case .smsSms: [step(.sms, 120), step(.sms, 180)]
    case .smsTts: [step(.sms, 120), step(.tts, 180)]
    case .sms: [Step(channel: .sms, wait: nil)]
    case .tts: [Step(channel: .tts, wait: nil)]
    }
  }

  private func step(_ channel: Channel, _ seconds: Int) -> Step {
    Step(channel: channel, wait: .seconds(seconds))
  }
}
