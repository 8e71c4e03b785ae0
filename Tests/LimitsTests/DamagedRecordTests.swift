import Testing

@testable import Verification

/// Records in which a number is not one that was ever written: they are refused when they are read, and nothing is reckoned
/// with them.
struct DamagedRecordTests {
  private let times: [Int64] = [.min, .min + 1, -1, 1 << 53 + 1, .max]

  private func record(_ body: (inout RecordWriter) -> Void) -> ArraySlice<UInt8> {
    var writer = RecordWriter()
    body(&writer)
    return writer.bytes[...]
  }

  private func counter(alarmed: Int64, time: Int64) -> ArraySlice<UInt8> {
    record {
      $0.put(UInt8(1))
      $0.put(alarmed)
      $0.put(time)
      $0.put(UInt32(1))
    }
  }

  @Test
  func `a counter`() throws {
    _ = try RollingCounter(counter(alarmed: .min, time: 1 << 53))
    for time in times {
      #expect(throws: RecordReader.damaged) { try RollingCounter(counter(alarmed: 5, time: time)) }
      guard time > .min else { continue }
      #expect(throws: RecordReader.damaged) { try RollingCounter(counter(alarmed: time, time: 5)) }
    }
  }

  @Test
  func `a guard's state`() throws {
    func state(closedUntil: Int64, closings: Int64) -> ArraySlice<UInt8> {
      record {
        $0.put(closedUntil)
        $0.put(closings)
        for _ in 0..<2 { $0.putField { $0.append(counter(alarmed: 5, time: 5)) } }
      }
    }
    _ = try GuardState(state(closedUntil: 1 << 53, closings: 1 << 53))
    for time in times {
      #expect(throws: RecordReader.damaged) { try GuardState(state(closedUntil: time, closings: 1)) }
      #expect(throws: RecordReader.damaged) { try GuardState(state(closedUntil: 1, closings: time)) }
    }
  }

  @Test(arguments: [0, 33, 65, 300])
  func `a list of browsers`(length: Int) throws {
    func list(_ length: Int) -> ArraySlice<UInt8> {
      record {
        $0.put([UInt8](repeating: 7, count: length))
        $0.put(Int64(5))
      }
    }
    _ = try BrowserList<Int64>(list(32)) { reader throws(StoreFailure) in try reader.take() }
    #expect(throws: RecordReader.damaged) {
      _ = try BrowserList<Int64>(list(length)) { reader throws(StoreFailure) in try reader.take() }
    }
  }

  @Test
  func `the clock`() throws {
    let machine = MachineTime(boot: [1], sinceBoot: 1, wall: 1)
    for place in 0..<6 {
      for time in times + [5] {
        let clock = record { writer in
          let numbers = (0..<6).map { $0 == place ? time : 5 }
          for number in numbers[..<2] { writer.put(number) }
          writer.put([1])
          for number in numbers[2...] { writer.put(number) }
        }
        if time == 5 {
          _ = try LimiterClock(clock, machine)
        } else {
          #expect(throws: RecordReader.damaged) { try LimiterClock(clock, machine) }
        }
      }
    }
  }
}
