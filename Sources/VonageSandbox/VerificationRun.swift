/// One verification from its start to its end: sends, checks and expires by the rules of its workflow.
///
/// It is told the time with each call, in order, and never asks for it.
struct VerificationRun: Sendable {
  enum State: String, Sendable {
    case inProgress = "IN PROGRESS"
    case success = "SUCCESS"
    case failed = "FAILED"
    case expired = "EXPIRED"
    case cancelled = "CANCELLED"
  }

  struct Event: Sendable {
    let id: String
    let channel: Channel
    let at: Duration
  }

  struct Check: Sendable {
    let code: String
    let isRight: Bool
    let at: Duration
  }

  enum Verdict: Sendable {
    case right, wrong, tooManyWrong
  }

  let id: String
  let account: String
  let order: StartOrder
  let submitted: Duration
  private(set) var state = State.inProgress
  private(set) var finalized: Duration?
  private(set) var events: [Event] = []
  private(set) var checks: [Check] = []
  /// When the next event fires, or when the request expires if there is none left.
  private(set) var due: Duration
  private var pin: String
  private var pinMadeAt: Duration
  private var wrongCodes = 0

  /// Sends nothing yet: the first event is due at once.
  init(id: String, account: String, order: StartOrder, at time: Duration) {
    self.id = id
    self.account = account
    self.order = order
    submitted = time
    due = time
    pin = order.pinCode ?? PIN.random(length: order.codeLength)
    pinMadeAt = time
  }

  var hasNextEvent: Bool { events.count < order.workflow.steps.count }

  /// The next thing of the workflow, now: an event, whose message is returned, or the end.
  mutating func proceed(at time: Duration) -> OutboxMessage? {
    guard hasNextEvent else {
      finish(.expired, at: time)
      return nil
    }
    renewPIN(at: time)
    let step = order.workflow.steps[events.count]
    due = time + (step.wait.map { order.nextEventWait ?? $0 } ?? order.codeLifetime)
    events.append(Event(id: PIN.eventID(), channel: step.channel, at: time))
    return OutboxMessage(order: order, pin: pin, requestID: id, channel: step.channel, at: SandboxTime.iso8601(time))
  }

  /// Compares a code. An expired one is as wrong as any other; three wrong ones for the same PIN end the request.
  mutating func check(_ code: String, at time: Duration) -> Verdict {
    let isRight = code == pin && isPINValid(at: time)
    checks.append(Check(code: code, isRight: isRight, at: time))
    guard !isRight else {
      finish(.success, at: time)
      return .right
    }
    wrongCodes += 1
    guard wrongCodes >= Self.mostWrongCodes else { return .wrong }
    finish(.failed, at: time)
    return .tooManyWrong
  }

  mutating func finish(_ end: State, at time: Duration) {
    state = end
    finalized = time
  }

  static let mostWrongCodes = 3

  /// The price of a verification is due when it succeeds.
  var price: String { state == .success ? "0.10000000" : "0.00000000" }

  /// 0.0333 EUR a message.
  var estimatedPrice: String {
    let tenThousandths = String(events.count * 333)
    return "0." + String(repeating: "0", count: 4 - tenThousandths.count) + tenThousandths + "0000"
  }

  private func isPINValid(at time: Duration) -> Bool { time < pinMadeAt + order.codeLifetime }

  /// The caller's own code stays the same forever; it only becomes valid anew.
  private mutating func renewPIN(at time: Duration) {
    guard !isPINValid(at: time) else { return }
    pin = order.pinCode ?? PIN.random(length: order.codeLength, otherThan: pin)
    pinMadeAt = time
    wrongCodes = 0
  }
}
