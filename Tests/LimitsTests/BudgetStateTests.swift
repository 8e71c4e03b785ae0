import CounterStoreContract
import Testing

@testable import LimitEngine
@testable import Limits

struct BudgetStateTests {
  private let now: Int64 = 1_800_000_000_000

  private func share(_ net: Int, wide: String? = nil, offersChallenge: Bool = false) -> BudgetShare {
    BudgetShare(
      site: Keys.site, day: 100, net: Keys.key("net \(net)"), wideNet: wide.map(Keys.key),
      offersChallenge: offersChallenge)
  }

  private func asking(_ state: BudgetState) -> Int {
    state.overview(share(0), sends: 0, ranges: [], now: now).asking
  }

  @Test func `the nets of one wide net have twenty voices, and other nets one each`() {
    var state = BudgetState()
    for net in 0..<5000 { _ = state.note(share(net, wide: "one"), now: now) }
    #expect(16...24 ~= asking(state))
    for net in 0..<5000 { _ = state.note(share(net, wide: "other"), now: now) }
    #expect(32...48 ~= asking(state))
    for net in 0..<200 { _ = state.note(share(net), now: now) }
    #expect(176...304 ~= asking(state))
  }

  @Test func `what known nets verify makes no room where strangers have had nothing`() {
    var state = BudgetState()
    let indebted = BudgetState.Asker(share: share(1), rank: .indebted, passedChallenge: 0, sends: 0)
    for _ in 0..<5 { state.send(indebted, now: now) }
    let tokens = state.overview(share(0), sends: 0, ranges: [], now: now).tokens
    state.verify(share(2), now: now)
    #expect(tokens == 20 && state.overview(share(0), sends: 0, ranges: [], now: now).tokens == tokens)
    state.send(BudgetState.Asker(share: share(3), rank: .stranger, passedChallenge: 0, sends: 0), now: now)
    state.verify(share(3), now: now)
    #expect(state.overview(share(0), sends: 0, ranges: [], now: now).tokens == tokens)
  }

  @Test func `a pace that was exceeded is no further off than one message`() throws {
    var state = BudgetState()
    let asker = BudgetState.Asker(
      share: share(1, offersChallenge: true), rank: .stranger, passedChallenge: 0, sends: 0)
    for _ in 0..<500 { state.send(asker, now: now) }
    let obstacle = try #require(state.obstacle(asker, now: now))
    #expect(obstacle.id == .sitePace && obstacle.challenge == nil)
    #expect(obstacle.wait == Duration.day.milliseconds / 100)
  }
}
