import CounterStoreContract
import Foundation
import Limits
import MachineClock
import RedisStore
import SQLiteStore

/// Another process at the same store, for the tests: `store-worker STORE TASK COUNT`. It prints what came of it.
@main
struct StoreWorker {
  static func main() async throws {
    signal(SIGXFSZ, SIG_IGN)
    let arguments = CommandLine.arguments
    let (path, task, count) = (arguments[1], arguments[2], Int(arguments[3])!)
    if task == "as-nobody" { setuid(65534) }
    do {
      let clock = MachineClock()
      if path.contains(":") {
        try await run(task, count, RedisStore(RedisAddress(path)) { clock.now() })
      } else {
        let durability: SQLiteStore.Durability = task == "bench-full" ? .full : .normal
        try await run(task, count, SQLiteStore(path: path, durability: durability) { clock.now() })
      }
    } catch let failure as StoreFailure {
      print(failure.code)
    }
  }

  private static func run(_ task: String, _ count: Int, _ store: any CounterStore) async throws {
    switch task {
    case "reserve", "as-nobody":
      // Prints how many were admitted.
      print(try await parallel(count) { index in try await send(store, index, .siteOnly) })
    case "consume":
      // Prints how many were the success.
      let attempt = Keys.attempt()
      let policy = LimitsPolicy(limits: [:])
      print(
        try await parallel(count) { _ in
          guard case .permitted(let permit) = try await store.reserve(policy.reservation(for: attempt)).result else {
            return false
          }
          return try await store.consume(policy.oneTimeUse(for: attempt, permit.reservation)).isDone
        })
    case "hammer":
      // For ever, `count` at a time; prints a dot for each that was admitted, once it may be sent.
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<count {
          group.addTask {
            while true {
              guard (try? await send(store, .random(in: 0..<1_000_000_000), .unlimited)) == true else { continue }
              try? FileHandle.standardOutput.write(contentsOf: Data(".\n".utf8))
            }
          }
        }
      }
    case "grow":
      // Until it fails; prints how, with every file limited to `count` bytes.
      var limit = rlimit(rlim_cur: rlim_t(count), rlim_max: rlim_t(count))
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      for index in 0... { _ = try await send(store, index, .unlimited) }
    case "bench-full", "bench-normal":
      // `count` sends with all default rows, 64 at a time; prints how many a second.
      let start = ContinuousClock.now
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in 0..<64 {
          group.addTask {
            for index in 0..<count / 64 { _ = try await send(store, worker * 1_000_000 + index, .generous) }
          }
        }
        try await group.waitForAll()
      }
      print(Int(Double(count) / ((ContinuousClock.now - start) / .seconds(1))))
    default: fatalError("no such task: \(task)")
    }
  }

  /// A hundred at a time.
  private static func parallel(
    _ times: Int, _ body: @escaping @Sendable (Int) async throws -> Bool
  ) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for worker in 0..<100 {
        group.addTask {
          var count = 0
          for index in stride(from: worker, to: times, by: 100) where try await body(index) { count += 1 }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
  }

  private static func send(_ store: any CounterStore, _ index: Int, _ policy: LimitsPolicy) async throws -> Bool {
    let send = Keys.send("43660\(1_000_000 + index)", by: "\(getpid()) \(index)")
    guard case .permitted = try await store.reserve(policy.reservation(for: send)).result else { return false }
    return true
  }
}

extension LimitsPolicy {
  static var siteOnly: LimitsPolicy { policy([.siteHour: defaults[.siteHour]!, .siteDay: defaults[.siteDay]!]) }
  static var unlimited: LimitsPolicy { policy([.siteDay: Limit(1_000_000, per: .seconds(86_400))]) }
  /// All rows, none of which is reached.
  static var generous: LimitsPolicy {
    LimitsPolicy(limits: defaults.mapValues { Limit(1_000_000, per: $0.window) })
  }

  private static func policy(_ limits: [LimitID: Limit]) -> LimitsPolicy {
    var policy = LimitsPolicy(limits: limits)
    policy.sharesBudget = false
    return policy
  }
}
