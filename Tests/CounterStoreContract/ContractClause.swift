import Limits
public import Testing

/// One sentence of what every `CounterStore` promises, and how it is shown.
public struct ContractClause: Sendable, CustomTestStringConvertible {
  public let sentence: String
  public let hold: @Sendable (any StoreFixture) async throws -> Void

  init(_ sentence: String, _ hold: @escaping @Sendable (any StoreFixture) async throws -> Void) {
    self.sentence = sentence
    self.hold = hold
  }

  public var testDescription: String { sentence }

  public static let all =
    limits + backoff + sends + tries + rations + shares + ranks + waits + returns + time + owner + races + outboxes
}

extension CounterStore {
  func admit(_ request: ReservationRequest, _ location: SourceLocation = #_sourceLocation) async throws -> Permit {
    let decision = try await self.reserve(request)
    guard case .permitted(let permit) = decision.result else {
      Issue.record("not admitted: \(decision.result)", sourceLocation: location)
      throw StoreFailure(.unavailable, "not admitted")
    }
    return permit
  }

  /// Tries the right PIN of a message, and makes its success.
  ///
  /// - Parameter name: of its attempt and of its code, which no other one has.
  func enterPIN(of send: SendIntent, named name: String, by policy: LimitsPolicy) async throws -> Settlement {
    let attempt = TryIntent(
      number: send.number, visitor: send.visitor, attempt: Keys.key("attempt \(name)"), code: Keys.key("code \(name)"))
    let tried = try await admit(policy.reservation(for: attempt))
    return try await consume(policy.oneTimeUse(for: attempt, tried.reservation))
  }

  func refuse(_ request: ReservationRequest, _ location: SourceLocation = #_sourceLocation) async throws -> Refusal {
    let decision = try await self.reserve(request)
    guard case .refused(let refusal) = decision.result else {
      Issue.record("not refused: \(decision.result)", sourceLocation: location)
      throw StoreFailure(.unavailable, "not refused")
    }
    return refusal
  }
}

/// A policy in which only these limits are on, without cooldowns, and without sharing the budget out.
func only(_ limits: [LimitID: Limit]) -> LimitsPolicy {
  var policy = LimitsPolicy(limits: limits)
  policy.cooldowns = []
  policy.resendCooldowns = []
  policy.sharesBudget = false
  policy.alarms = []
  return policy
}

/// A limit that no clause reaches.
let plenty = Limit(1_000_000, per: .seconds(3600))
