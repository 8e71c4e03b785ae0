import Curl
import Foundation
import HTTPFixture
import Testing
import Threads
import Verification

@testable import VonageV1

/// Vonage's answers in turn, one for each request that is expected; and what came of them.
private struct Talk {
  let outcome: Result<SendOutcome, VerifierFailure>
  /// "trigger_next_event", "cancel", or "start" with its workflow.
  let asked: [String]
}

private let second = "2222222222222222abcdef0123456789"
private let start = Timestamp(secondsSinceEpoch: 1_800_000_000)

/// - Parameters:
///   - statuses: of Vonage's answers; a start that succeeds names another request.
///   - age: of the attempt, whose one message was its first.
///   - times: after how long of its minute the verifier looks at its clock, each time; the last goes on.
private func talk(
  _ statuses: [Int], workflow: Int? = nil, age: Int, by channel: Channel = .text, startedBy: Channel = .text,
  sends: Int = 1, pinExpiry: Duration? = nil, times: [Duration] = []
) async throws -> Talk {
  let queue = AnswerQueue(statuses)
  let server = try HTTPFixture { _ in .answer(#"{"request_id":"\#(second)","status":"\#(queue.next())"}"#) }
  let settings = try VonageSettings(
    apiKey: "abcd1234", apiSecret: "not-a-secret", brand: "Acme Inc", url: server.url, workflowID: workflow,
    pinExpiry: pinExpiry)
  var configuration = Configuration()
  configuration.timeout = .seconds(60)
  let (begun, looks) = (ContinuousClock.now, Looks(times))
  let verifier = VonageVerifier(
    settings, client: try Client(configuration), backoff: {}, clock: { start + .seconds(age) },
    now: { begun + looks.next() })
  let attempt = Attempt(
    requestID: .example, number: .example, startedAt: start, sends: sends, channel: startedBy)
  let outcome: Result<SendOutcome, VerifierFailure>
  do throws(VerifierFailure) {
    outcome = .success(try await verifier.sendAgain(attempt, by: channel, languages: []))
  } catch {
    outcome = .failure(error)
  }
  let asked = server.requests.map { request in
    let fields = Dictionary(uniqueKeysWithValues: request.form.map { ($0[0], $0[1]) })
    switch request.target {
    case "/verify/control/json": return fields["request_id"] == exampleID ? fields["cmd"] ?? "" : "another request"
    case "/verify/json": return "start" + (fields["workflow_id"].map { " " + $0 } ?? "")
    default: return request.target
    }
  }
  return Talk(outcome: outcome, asked: asked)
}

/// Times for one look at a clock after another. Safe to share: they are behind `lock`.
private final class Looks: @unchecked Sendable {
  private let lock = Lock()
  private var times: [Duration]

  init(_ times: [Duration]) { self.times = times }

  func next() -> Duration {
    lock.withLock { times.count > 1 ? times.removeFirst() : times.first ?? .zero }
  }
}

@Suite(.timeLimit(.minutes(2)))
struct SendAgainTests {
  /// Workflow, age, by what, and which step Vonage is asked for: its own next one, or a new request.
  @Test(arguments: [
    // SMS, TTS, TTS: a text is a new request, a call its next step.
    (1, 40, Channel.text, ["cancel", "start 1"]), (1, 40, .call, ["trigger_next_event"]),
    // SMS, SMS, TTS.
    (2, 40, .text, ["trigger_next_event"]), (2, 40, .call, ["cancel", "start 7"]),
    // By itself it has sent the second text, and the call is next.
    (2, 125, .text, ["cancel", "start 2"]), (2, 125, .call, ["trigger_next_event"]),
    (2, 124, .text, ["trigger_next_event"]),
    // TTS, TTS: whoever wants it so gets calls.
    (3, 40, .text, ["trigger_next_event"]), (3, 40, .call, ["trigger_next_event"]),
    (4, 40, .text, ["trigger_next_event"]), (4, 40, .call, ["cancel", "start 7"]),
    (4, 120, .text, ["cancel", "start 4"]),
    (5, 40, .call, ["trigger_next_event"]), (5, 40, .text, ["cancel", "start 5"]),
    // One step, and nothing left.
    (6, 40, .text, ["cancel", "start 6"]), (6, 40, .call, ["cancel", "start 7"]),
    (7, 40, .text, ["cancel", "start 7"]), (7, 40, .call, ["cancel", "start 7"]),
  ])
  func `the next step of the workflow is triggered where it fits, and else a new request is started`(
    workflow: Int, age: Int, channel: Channel, asked: [String]
  ) async throws {
    let talk = try await talk([0, 0], workflow: workflow, age: age, by: channel)
    #expect(talk.asked == asked)
    #expect(try talk.outcome.get() == .sent(asked.count == 1 ? .example : #require(RequestID(second, of: .vonageV1))))
  }

  @Test func `without a configured workflow a message is one text message, and Vonage adds none by itself`()
    async throws
  {
    #expect(try await talk([0, 0], age: 40).asked == ["cancel", "start 6"])
    #expect(try await talk([0, 0], age: 40, by: .call).asked == ["cancel", "start 7"])
  }

  @Test func `a workflow of one step has no wait for the next`() async throws {
    let server = try HTTPFixture { _ in .answer(#"{"request_id":"\#(exampleID)","status":"0"}"#) }
    let settings = try VonageSettings(
      apiKey: "abcd1234", apiSecret: "not-a-secret", brand: "Acme Inc", url: server.url, pinExpiry: .seconds(240),
      nextEventWait: .seconds(120))
    _ = try await VonageVerifier.make(settings).start(.example, by: .text, languages: [])
    #expect(server.requests.first?.form.contains { $0[0] == "next_event_wait" } == false)
  }

  @Test func `a request that was started as a call has no next step`() async throws {
    let talk = try await talk([0, 0], workflow: 1, age: 40, by: .call, startedBy: .call)
    #expect(talk.asked == ["cancel", "start 7"])
  }

  @Test func `a step that was triggered before is not triggered again`() async throws {
    #expect(try await talk([0, 0], workflow: 2, age: 40, sends: 2).asked == ["cancel", "start 2"])
    #expect(try await talk([0], workflow: 2, age: 40, by: .call, sends: 2).asked == ["trigger_next_event"])
    #expect(try await talk([0, 0], workflow: 2, age: 40, by: .call, sends: 3).asked == ["cancel", "start 7"])
  }

  @Test(arguments: [(0, 31), (29, 2), (30, 1)])
  func `younger than 30 s it cannot be cancelled, and Vonage is not asked`(age: Int, wait: Int) async throws {
    let talk = try await talk([0, 0], workflow: 6, age: age)
    #expect(try talk.outcome.get() == .tooEarly(.seconds(wait)))
    #expect(talk.asked.isEmpty)
  }

  @Test func `after 30 s it can`() async throws {
    #expect(try await talk([0, 0], workflow: 6, age: 31).asked == ["cancel", "start 6"])
  }

  @Test func `where nothing is left to trigger, a new request is started`() async throws {
    #expect(try await talk([19, 0, 0], workflow: 2, age: 40).asked == ["trigger_next_event", "cancel", "start 2"])
  }

  @Test func `too late to cancel, it has to expire`() async throws {
    let talk = try await talk([19], workflow: 6, age: 40)
    #expect(try talk.outcome.get() == .exhausted)
    #expect(talk.asked == ["cancel"])
  }

  @Test(arguments: [(299, true), (300, false)])
  func `one that is over before its time was used, and over after it makes room for a new one`(
    age: Int, isGone: Bool
  ) async throws {
    let talk = try await talk([6, 0], workflow: 6, age: age)
    #expect(try talk.outcome.get() == (isGone ? .gone : .sent(#require(RequestID(second, of: .vonageV1)))))
    #expect(talk.asked == (isGone ? ["cancel"] : ["cancel", "start 6"]))
  }

  @Test(arguments: [(3, SendOutcome.badNumber), (7, .blocked), (15, .unsupportedDestination)])
  func `what refuses the new request is told`(status: Int, outcome: SendOutcome) async throws {
    #expect(try await talk([0, status], workflow: 6, age: 40).outcome.get() == outcome)
  }

  @Test func `another request that is running in the meantime is named`() async throws {
    let outcome = try await talk([0, 10], workflow: 6, age: 40).outcome.get()
    #expect(outcome == .alreadyRunning(try #require(RequestID(second, of: .vonageV1))))
  }

  /// Statuses, and whether a message may have been sent.
  @Test(arguments: [
    ([5], 6, true), ([99], 6, true), ([0, 5], 6, false), ([0, 99], 6, false), ([0, 9], 6, true), ([5], 2, false),
    ([1], 2, true),
  ])
  func `before the message is asked for nothing was sent, whatever went wrong`(
    statuses: [Int], workflow: Int, isCertainlyNotSent: Bool
  ) async throws {
    let talk = try await talk(statuses, workflow: workflow, age: 40)
    guard case .failure(let failure) = talk.outcome else {
      Issue.record("\(talk.outcome)")
      return
    }
    #expect(failure.isCertainlyNotSent == isCertainlyNotSent)
    #expect(failure.hasEndedRequest == (talk.asked.last?.hasPrefix("start") ?? false))
    #expect(talk.asked.count == statuses.count)
  }

  @Test(arguments: [(40_000, true), (40_001, false)])
  func `a new request is begun only when a third of the time is left, and is certainly not sent otherwise`(
    after: Int, isBegun: Bool
  ) async throws {
    let talk = try await talk([0, 0], age: 40, times: [.zero, .milliseconds(after)])
    guard !isBegun else {
      #expect(talk.asked == ["cancel", "start 6"])
      #expect(try talk.outcome.get() == .sent(#require(RequestID(second, of: .vonageV1))))
      return
    }
    #expect(talk.asked == ["cancel"])
    guard case .failure(let failure) = talk.outcome else {
      Issue.record("\(talk.outcome)")
      return
    }
    #expect(failure.kind == .notReachedInTime && failure.isCertainlyNotSent && failure.hasEndedRequest)
  }

  @Test(arguments: [2, 6])
  func `the time is that of all requests together: once it is over none is made`(workflow: Int) async throws {
    let talk = try await talk([0, 0], workflow: workflow, age: 40, times: [.seconds(-60)])
    #expect(talk.asked == [])
    guard case .failure(let failure) = talk.outcome else {
      Issue.record("\(talk.outcome)")
      return
    }
    #expect(failure.kind == .notReachedInTime && failure.isCertainlyNotSent && !failure.hasEndedRequest)
  }

  @Test func `a start by telephone is workflow 7, without a wait for what never comes`() async throws {
    let server = try HTTPFixture { _ in .answer(#"{"request_id":"\#(exampleID)","status":"0"}"#) }
    let settings = try VonageSettings(
      apiKey: "abcd1234", apiSecret: "not-a-secret", brand: "Acme Inc", url: server.url, workflowID: 4,
      pinExpiry: .seconds(240), nextEventWait: .seconds(120))
    _ = try await VonageVerifier.make(settings).start(.example, by: .call, languages: [])
    #expect(
      server.requests.first?.form == [
        ["number", "447700900000"], ["brand", "Acme+Inc"], ["code_length", "6"], ["workflow_id", "7"],
        ["pin_expiry", "240"],
      ])
  }
}

@Suite(.timeLimit(.minutes(2)))
struct CancelTests {
  private func cancel(_ status: Int, age: Int) async throws -> (outcome: CancelOutcome, asked: [[[String]]]) {
    let server = try HTTPFixture { _ in .answer(#"{"status":"\#(status)","command":"cancel"}"#) }
    let verifier = VonageVerifier(
      try .make(url: server.url), client: try Client(Configuration()), backoff: {}, clock: { start + .seconds(age) })
    let attempt = Attempt(requestID: .example, number: .example, startedAt: start, sends: 1)
    return (try await verifier.cancel(attempt), server.requests.map(\.form))
  }

  @Test(arguments: [
    (0, 31, CancelOutcome.cancelled, true), (0, 30, .tooEarly(.seconds(1)), false),
    (0, 0, .tooEarly(.seconds(31)), false),
    (19, 31, .tooLate, true), (6, 40, .gone, true),
    // A clock that was set back tells nothing.
    (0, -5, .cancelled, true), (19, -5, .tooEarly(.seconds(31)), true),
  ])
  func `the age tells early from late`(status: Int, age: Int, outcome: CancelOutcome, isAsked: Bool) async throws {
    let result = try await cancel(status, age: age)
    #expect(result.outcome == outcome)
    #expect(result.asked == (isAsked ? [[["request_id", exampleID], ["cmd", "cancel"]]] : []))
  }

  @Test(arguments: [
    (1, VerifierFailure.Kind.throttled), (3, .invalidRequest), (4, .badCredentials), (99, .unknownStatus),
  ])
  func `other statuses are failures`(status: Int, kind: VerifierFailure.Kind) async throws {
    let failure = VerifierFailure(kind, code: "vonage-v1/\(status)", detail: "status \(status)")
    await #expect(throws: failure) { try await cancel(status, age: 40) }
  }
}
