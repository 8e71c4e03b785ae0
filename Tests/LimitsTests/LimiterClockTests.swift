import Testing

@testable import LimitEngine

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

  @Test(arguments: [2, 3, 4, 5, 8], [20_000, 600_000, 3_600_000] as [Int64])
  func `copies of one machine that run at the same time do not make time run faster`(copies: Int64, apart: Int64) throws
  {
    for order in [Array(0..<copies), (0..<copies).reversed()] {
      // Clocks that are read one after the other are not always told in that order.
      for late in [0, 50] as [Int64] {
        var clock = try LimiterClock(nil, machine("a", 9_000_000, wall: 1_000_000))
        var furthest: Int64 = 0
        for passed in 0...1000 as ClosedRange<Int64> {
          for (position, copy) in order.enumerated() {
            let time = passed * 1000 - (position.isMultiple(of: 2) ? 0 : late)
            _ = clock.advance(to: machine("a", 9_000_000 + copy * apart + time, wall: 1_000_000 + time))
          }
          furthest = max(furthest, abs(clock.latest - (1_000_000 + passed * 1000)))
        }
        #expect(furthest <= late)
      }
    }
  }

  @Test
  func `a boot clock that went further than the wall clock belongs to a copy, unless that was set back`() throws {
    let delay = LimiterClock.delay
    for (passed, wall, isKnown) in [
      (600_000, 600_000 - delay, true), (600_000, 600_000 - delay - 1, false), (600_000, -delay, false),
      (600_000, -delay - 1, true), (delay, 0, true), (delay + 1, 0, false),
    ] as [(Int64, Int64, Bool)] {
      var clock = try LimiterClock(nil, machine("a", 500_000, wall: 1_000_000))
      expect(&clock, goesOnTo: machine("a", 500_000, wall: 1_000_000), isKnown: false)
      expect(&clock, goesOnTo: machine("a", 500_000 + passed, wall: 1_000_000 + wall), isKnown: isKnown)
      #expect(clock.latest == 1_000_000 + (isKnown ? passed : max(0, wall)))
    }
  }

  @Test
  func `a wall clock that is set back by less than the time nobody came makes time lag by that, once`() throws {
    var clock = try LimiterClock(nil, machine("a", 500_000, wall: 9_000_000))
    expect(&clock, goesOnTo: machine("a", 500_000, wall: 9_000_000), isKnown: false)
    expect(&clock, goesOnTo: machine("a", 1_100_000, wall: 9_500_000), isKnown: false)
    #expect(clock.latest == 9_500_000)
    for passed in [1000, 900_000] as [Int64] {
      expect(&clock, goesOnTo: machine("a", 1_100_000 + passed, wall: 9_500_000 + passed), isKnown: true)
      #expect(clock.latest == 9_500_000 + passed)
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
