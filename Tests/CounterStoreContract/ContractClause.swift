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

  public static let all = limits + ladder + sends + tries + guards + time + owner + races
}

extension CounterStore {
  func admit(_ charge: Charge, _ location: SourceLocation = #_sourceLocation) async throws -> Admission {
    let decision = try await self.charge(charge)
    guard case .admitted(let admission) = decision.verdict else {
      Issue.record("not admitted: \(decision.verdict)", sourceLocation: location)
      throw StoreFailure(.unavailable, "not admitted")
    }
    return admission
  }

  func refuse(_ charge: Charge, _ location: SourceLocation = #_sourceLocation) async throws -> Refusal {
    let decision = try await self.charge(charge)
    guard case .refused(let refusal) = decision.verdict else {
      Issue.record("not refused: \(decision.verdict)", sourceLocation: location)
      throw StoreFailure(.unavailable, "not refused")
    }
    return refusal
  }
}

/// A policy in which only these rows are on, without gaps and guards.
func only(_ limits: [LimitRow: Limit]) -> LimitsPolicy {
  var policy = LimitsPolicy(limits: limits)
  policy.gaps = []
  policy.resendGaps = []
  policy.conversion = nil
  policy.alarms = []
  return policy
}

/// A limit that no clause reaches.
let plenty = Limit(1_000_000, per: .seconds(3600))
