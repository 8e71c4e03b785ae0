internal import Limits
internal import Tokens
internal import Verification

/// A message that a visitor asks for.
///
/// One reference: see `RequestContext`.
final class SendRequest: Sendable {
  let intent: SendIntent
  /// Of the page that asks; nil where that had none.
  let formNonce: FormNonce?
  let number: PhoneNumber
  let channel: Channel
  /// What it is sent again for; nil for the first one.
  let previous: PendingAttempt?
  /// The request that the visitor gave up before.
  let givenUp: RequestID?

  init(
    intent: SendIntent, formNonce: FormNonce?, number: PhoneNumber, channel: Channel, previous: PendingAttempt?,
    givenUp: RequestID?
  ) {
    self.intent = intent
    self.formNonce = formNonce
    self.number = number
    self.channel = channel
    self.previous = previous
    self.givenUp = givenUp
  }

  /// Under which an answer to it is found.
  var pair: ReservationRequest.Pair {
    ReservationRequest.Pair(number: intent.number.number, browser: intent.visitor.browser)
  }

  /// The form that the visitor has, and gets back when nothing was sent.
  var form: Outcome.Form { previous == nil ? .number : .pin }

  /// - Parameter endedRequest: whether the request that was to be sent again has ended: its page is dead, and a new start
  /// is the way on. It joins a message that was sent all the same.
  func failed(_ kind: VerifierFailure.Kind, endedRequest: Bool) -> Outcome {
    previous == nil || endedRequest ? .startFailed(kind) : .resendFailed(kind)
  }

  /// The attempt after the message was asked for.
  ///
  /// - Parameters:
  ///   - next: when the one after it may be asked for.
  ///   - lifetime: of a PIN.
  func pending(
    _ request: RequestID, next: Duration?, lifetime: Duration, for client: Client, at now: Timestamp
  ) -> PendingAttempt {
    let nextSendAt = next.map { now + .seconds($0.wholeSeconds) } ?? .never
    guard let previous else {
      let attempt = Attempt(requestID: request, number: number, startedAt: now, sends: 1, channel: channel)
      return PendingAttempt(
        attempt: attempt, isJoined: false, pinMadeAt: now, nextSendAt: nextSendAt, browserTag: client.tag)
    }
    // The next message of the same request repeats the PIN while that is good.
    let isSame = request == previous.attempt.requestID
    let isSamePIN = isSame && now - previous.pinMadeAt < lifetime
    return PendingAttempt(
      attempt: previous.attempt.sent(again: request, by: channel, at: now), isJoined: isSame && previous.isJoined,
      pinMadeAt: isSamePIN ? previous.pinMadeAt : now, nextSendAt: nextSendAt, browserTag: client.tag)
  }

  /// The attempt when a request turns out to be running already: nothing was sent.
  func joined(_ request: RequestID, for client: Client, at now: Timestamp) -> PendingAttempt {
    let attempt = Attempt(requestID: request, number: number, startedAt: now, sends: 1, channel: channel)
    return PendingAttempt(attempt: attempt, isJoined: true, pinMadeAt: now, nextSendAt: now, browserTag: client.tag)
  }
}

extension Timestamp {
  static let never = Timestamp(secondsSinceEpoch: .max)
}
