import Foundation
import Limits
import MachineClock
import RedisStore
import SQLiteStore

/// Visitors of a store, without a site: `store-load STORE TASK SECONDS WORKERS`. Prints a line of JSON: how many
/// operations there were in how many seconds, how many failed, and how long one took.
///
/// `STORE` is the path of a SQLite file or the address of a Redis. `TASK` is what an operation is:
///
/// - `decision`: one reservation of a first message, with all limits on and none reached, as in a busy site: of another number,
///   address and browser each time.
/// - `register`: that, and its end with an answer as long as PinGate's.
/// - `visit`: that, and a PIN that is tried and right.
///
/// `WORKERS` do one after the other each, all at the same time. The first half second is not counted. In 0 seconds each does
/// one, and nothing is printed.
@main
struct StoreLoad {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let task = Visitor.Task(rawValue: arguments[2]), let seconds = Double(arguments[3]),
      let workers = Int(arguments[4])
    else {
      FileHandle.standardError.write(Data("store-load STORE decision|register|visit SECONDS WORKERS\n".utf8))
      exit(64)
    }
    let clock = MachineClock()
    let store: any CounterStore =
      arguments[1].contains(":")
      ? RedisStore(try RedisAddress(arguments[1])) { clock.now() }
      : try SQLiteStore(path: arguments[1]) { clock.now() }
    let visitor = Visitor(store: store, task: task)
    if seconds == 0 {
      for _ in 0..<workers { try await visitor.comeOnce() }
      return
    }
    let start = ContinuousClock.now + .milliseconds(500)
    let end = start + .seconds(seconds)
    let tally = await withTaskGroup(of: Tally.self) { group in
      for _ in 0..<workers {
        group.addTask { await visitor.come(from: start, until: end) }
      }
      var sum = Tally()
      for await tally in group { sum.add(tally) }
      return sum
    }
    print(tally.line(seconds: seconds))
  }
}
