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

  @Test func `a state is read as it was written, and as it was written before newcomers were counted`() throws {
    func again(_ state: BudgetState) throws -> BudgetState {
      var writer = RecordWriter()
      state.put(in: &writer)
      return try BudgetState(writer.bytes[...])
    }
    var state = BudgetState()
    state.list(
      RationedRange(id: .prefix4Ration, key: Keys.key("a"), prefix4: Keys.key("b"), sealed: 7, since: now))
    _ = state.note(share(1), now: now)
    #expect(try again(state) == state)
    state.verify(share(1), isNewcomer: true, now: now)
    #expect(try again(state) == state)
  }

  @Test func `nets that verify are none that more work is asked for`() {
    var state = BudgetState()
    let asked = share(0, offersChallenge: true)
    for net in 0..<1000 { _ = state.note(share(net), now: now) }
    #expect(state.overview(asked, sends: 0, ranges: [], now: now).challenge == 2)
    for net in 0..<600 { state.verify(share(net), isNewcomer: true, now: now) }
    #expect(state.overview(asked, sends: 0, ranges: [], now: now).challenge == 1)
    for net in 600..<1200 { state.verify(share(net), isNewcomer: true, now: now) }
    #expect(state.overview(asked, sends: 0, ranges: [], now: now).challenge == nil)
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
