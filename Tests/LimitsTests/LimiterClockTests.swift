import Testing

@testable import Verification

struct LimiterClockTests {
  private func machine(_ boot: String, _ sinceBoot: Int64, wall: Int64) -> MachineTime {
    MachineTime(boot: Array(boot.utf8), sinceBoot: sinceBoot, wall: wall)
  }

  private func expect(
    _ clock: inout LimiterClock, goesOnTo machine: MachineTime, isKnown: Bool,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let known = clock.advance(to: machine)
    #expect(known == isKnown, sourceLocation: location)
  }

  @Test
  func `two machines share one time, whatever their wall clocks say`() throws {
    var clock = try LimiterClock(nil, machine("a", 100, wall: 1_000_000))
    expect(&clock, goesOnTo: machine("a", 100, wall: 1_000_000), isKnown: false)
    expect(&clock, goesOnTo: machine("b", 7_000, wall: 1_002_000), isKnown: false)
    #expect(clock.latest == 1_002_000)
    expect(&clock, goesOnTo: machine("a", 2_600, wall: 9_000_000), isKnown: true)
    #expect(clock.latest == 1_002_500)
    expect(&clock, goesOnTo: machine("b", 8_000, wall: 5), isKnown: true)
    #expect(clock.latest == 1_003_000)
  }

  @Test
  func `readings that come late neither turn time back nor make it run faster`() throws {
    var clock = try LimiterClock(nil, machine("a", 100_000, wall: 1_000_000))
    expect(&clock, goesOnTo: machine("a", 100_000, wall: 1_000_000), isKnown: false)
    expect(&clock, goesOnTo: machine("b", 500_000, wall: 1_000_000), isKnown: false)
    for passed in 1...1000 as ClosedRange<Int64> {
      for late in [0, 50, 10, LimiterClock.lateness] {
        expect(&clock, goesOnTo: machine("a", 100_000 + passed - late, wall: 1_000_000), isKnown: true)
        expect(&clock, goesOnTo: machine("b", 500_000 + passed - late, wall: 1_000_000), isKnown: true)
        #expect(clock.latest == 1_000_000 + passed)
      }
    }
  }

  @Test
  func `a boot clock that is behind by more than lateness belongs to a restored machine`() throws {
    var clock = try LimiterClock(nil, machine("a", 500_000, wall: 1_000_000))
    expect(&clock, goesOnTo: machine("a", 500_000, wall: 1_000_000), isKnown: false)
    expect(&clock, goesOnTo: machine("a", 500_000 - LimiterClock.lateness - 1, wall: 1_005_000), isKnown: false)
    #expect(clock.latest == 1_005_000)
    expect(&clock, goesOnTo: machine("a", 500_000 - LimiterClock.lateness, wall: 1_005_000), isKnown: true)
    #expect(clock.latest == 1_005_001)
  }

  @Test
  func `copies of one machine that run at the same time do not make time run faster`() throws {
    for ahead in [3_600_000, -3_600_000] as [Int64] {
      var clock = try LimiterClock(nil, machine("a", 9_000_000, wall: 1_000_000))
      _ = clock.advance(to: machine("a", 9_000_000, wall: 1_000_000))
      // One that is ahead is taken for the same machine, later: once.
      _ = clock.advance(to: machine("a", 9_000_000 + ahead, wall: 1_000_000))
      let start = clock.latest
      #expect(start == 1_000_000 + max(0, ahead))
      for passed in 1...10_000 as ClosedRange<Int64> {
        _ = clock.advance(to: machine("a", 9_000_000 + passed * 1000, wall: 1_000_000 + passed * 1000))
        _ = clock.advance(to: machine("a", 9_000_000 + ahead + passed * 1000, wall: 1_000_000 + passed * 1000))
        #expect(clock.latest == start + passed * 1000)
      }
    }
  }

  @Test
  func `a machine that is restored again and again goes on, and leaves the others remembered`() throws {
    var clock = try LimiterClock(nil, machine("b", 0, wall: 0))
    expect(&clock, goesOnTo: machine("b", 0, wall: 0), isKnown: false)
    for day in 1...100 as ClosedRange<Int64> {
      let wall = day * 86_400_000
      expect(&clock, goesOnTo: machine("a", 1_000_000, wall: wall), isKnown: false)
      for passed in 1...300 as ClosedRange<Int64> {
        expect(&clock, goesOnTo: machine("a", 1_000_000 + passed * 1000, wall: wall + passed * 1000), isKnown: true)
        #expect(clock.latest == wall + passed * 1000)
      }
    }
    #expect(clock.anchors.count == LimiterClock.mostOfBoot + 1)
    expect(&clock, goesOnTo: machine("b", 9_000_000_000, wall: 9_000_000_000), isKnown: true)
  }

  @Test
  func `only the latest machines are remembered`() throws {
    var clock = try LimiterClock(nil, machine("0", 0, wall: 0))
    for index in 0..<100 { _ = clock.advance(to: machine("\(index)", 5, wall: Int64(index))) }
    #expect(clock.anchors.count == LimiterClock.mostAnchors)
    #expect(try LimiterClock(clock.record[...], machine("x", 0, wall: 0)) == clock)
  }
}
