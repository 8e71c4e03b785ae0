import Limits
import Testing

@testable import LimitEngine

@Suite("What a range may have")
struct RationStateTests {
  private let key = CounterKey([1])
  private static let day = Duration.day.milliseconds

  /// Somebody asks each `pause`, for three days, and verifies nothing.
  @Test(arguments: [1_000 as Int64, 61_000, 600_000, 5_400_000], [1, 2, 4, 20, 40])
  func `a range that verifies nothing that is asked for evenly never has more than two above its ration in a day`(
    pause: Int64, count: Int
  ) {
    let ration = Ration(.prefix4Ration, key, Limit(count, per: .day), grace: .seconds(180))
    var state = RationState()
    var sent: [Int64] = []
    var now: Int64 = 1_000_000
    while now < 1_000_000 + 3 * Self.day {
      if state.time(ration, Credit(), as: .first, from: now) == now {
        _ = state.send(ration, Credit(), as: .first, by: nil, now: now)
        sent.append(now)
      }
      now += pause
    }
    for (index, time) in sent.enumerated() {
      let inADay = sent[index...].prefix { $0 < time + Self.day }.count
      #expect(inADay <= count + 2)
    }
    // Nor is it shut.
    #expect(sent.count * 2 >= count)
  }

  /// The fifth at once, then each message as it drips away, and then as many as are let pass because they are young.
  @Test(arguments: [4, 20, 100, 500])
  func `a range that verifies nothing never has twice its ration in a day`(count: Int) {
    let ration = Ration(.prefix4Ration, key, Limit(count, per: .day), grace: .seconds(180))
    var state = RationState()
    var (now, sent) = (1_000_000 as Int64, 0)
    while now < 1_000_000 + Self.day - 1000 {
      if state.time(ration, Credit(), as: .first, from: now) == now {
        _ = state.send(ration, Credit(), as: .first, by: nil, now: now)
        sent += 1
        // Until the end one at a time.
        if now < 1_000_000 + Self.day - 170_000 { now += 180_000 }
      } else {
        now += 1000
      }
    }
    #expect(sent < 2 * count)
  }

  @Test(arguments: [20, 100, 500], [1_000 as Int64, 60_000, 600_000])
  func `a range of which two thirds are verified is never rationed`(count: Int, pause: Int64) {
    let ration = Ration(.prefix4Ration, key, Limit(count, per: .day), grace: .seconds(180))
    var (state, credit) = (RationState(), Credit())
    var now: Int64 = 1_000_000
    for visitor in 0..<5_000 {
      #expect(state.time(ration, credit, as: .stranger, from: now) == now)
      _ = state.send(ration, credit, as: .stranger, by: nil, now: now)
      now += pause
      guard visitor % 3 < 2 else { continue }
      credit.add(now: now)
      state.verify(ration, by: nil, now: now)
    }
  }
}
