internal import Limits
internal import Tokens
internal import Verification

/// A message that a visitor requests.
///
/// A class, so that passing it is a single reference: see `RequestContext`.
final class SendRequest: Sendable {
  let intent: SendIntent
  /// The nonce of the requesting page; nil if it had none.
  let formNonce: FormNonce?
  let number: PhoneNumber
  let channel: Channel
  /// The attempt that gets one more message; nil for a first message.
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

  /// The keys under which its answer is found again.
  var pair: ReservationRequest.Pair {
    ReservationRequest.Pair(number: intent.number.number, browser: intent.visitor.browser)
  }

  /// The form that the visitor has, and gets back if nothing was sent.
  var form: Outcome.Form { previous == nil ? .number : .pin }

  /// - Parameter endedRequest: whether the attempt's request has ended. Then its page is dead and the next step is a
  ///   new start, which joins a message that was sent anyway.
  func failed(_ kind: VerifierFailure.Kind, endedRequest: Bool) -> Outcome {
    previous == nil || endedRequest ? .startFailed(kind) : .resendFailed(kind)
  }

  /// The attempt after the message was requested.
  ///
  /// - Parameters:
  ///   - next: the time until the next message can be requested; nil if never.
  ///   - lifetime: how long a PIN is valid.
  func pending(
    _ request: RequestID, next: Duration?, lifetime: Duration, for client: Client, at now: Timestamp
  ) -> PendingAttempt {
    let nextSendAt = next.map { now + .seconds($0.wholeSeconds) } ?? .never
    guard let previous else {
      let attempt = Attempt(requestID: request, number: number, startedAt: now, sends: 1, channel: channel)
      return PendingAttempt(
        attempt: attempt, isJoined: false, pinMadeAt: now, nextSendAt: nextSendAt, browserTag: client.tag)
    }
    // Another message of the same request repeats the PIN as long as that is valid.
    let isSame = request == previous.attempt.requestID
    let isSamePIN = isSame && now - previous.pinMadeAt < lifetime
    return PendingAttempt(
      attempt: previous.attempt.sent(again: request, by: channel, at: now), isJoined: isSame && previous.isJoined,
      pinMadeAt: isSamePIN ? previous.pinMadeAt : now, nextSendAt: nextSendAt, browserTag: client.tag)
  }

  /// The attempt if a request turns out to be running already and nothing was sent.
  func joined(_ request: RequestID, for client: Client, at now: Timestamp) -> PendingAttempt {
    let attempt = Attempt(requestID: request, number: number, startedAt: now, sends: 1, channel: channel)
    return PendingAttempt(attempt: attempt, isJoined: true, pinMadeAt: now, nextSendAt: now, browserTag: client.tag)
  }
}

extension Timestamp {
  static let never = Timestamp(secondsSinceEpoch: .max)
}
