internal import Verification

/// One of the predefined sequences of messages and calls (`workflow_id`; Verify guide "Workflows and events").
struct VonageWorkflow: Sendable, Hashable {
  enum Step: Sendable, Hashable {
    case sms, tts
  }

  let id: Int
  private let steps: [(step: Step, wait: Int64)]

  init(id: Int) {
    self.id = id
    steps =
      switch id {
      case 2: [(.sms, 125), (.sms, 180), (.tts, 300)]
      case 3: [(.tts, 150), (.tts, 150)]
      case 4: [(.sms, 120), (.sms, 180)]
      case 5: [(.sms, 120), (.tts, 180)]
      case 6: [(.sms, 300)]
      case Self.callOnly: [(.tts, 300)]
      default: [(.sms, 125), (.tts, 180), (.tts, 300)]
      }
  }

  /// A single call.
  static let callOnly = 7
  /// A single text message: what is charged is what is sent.
  static let usual = 6

  /// The number of messages and calls.
  var count: Int { steps.count }
  var first: Step { steps[0].step }

  /// The next step, judging by the clock; nil if none is left.
  ///
  /// Vonage continues by itself after each step's wait, and may choose a different wait for some networks. So this is
  /// an estimate; if it is wrong, a call is made instead of a text or vice versa, and nothing worse.
  ///
  /// - Parameter wait: how long Vonage was told to wait after each step.
  func next(of attempt: Attempt, at now: Timestamp, wait: Duration?) -> Step? {
    var taken = attempt.requestSends
    var time = attempt.lastSentAt
    while taken < steps.count {
      let due = time + (wait ?? .seconds(steps[max(0, taken - 1)].wait))
      guard due <= now else { return steps[max(0, taken)].step }
      taken += 1
      time = due
    }
    return nil
  }

  static func == (left: VonageWorkflow, right: VonageWorkflow) -> Bool { left.id == right.id }
  func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
