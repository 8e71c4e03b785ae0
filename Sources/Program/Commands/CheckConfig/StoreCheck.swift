internal import Encoding
internal import Glibc
internal import Limits
internal import Logging

/// Checks whether the store can be opened and counts: makes a reservation under a name that nobody else has, and releases it.
struct StoreCheck {
  /// What is wrong; nil if it counts.
  private(set) var problem: String?

  init(_ location: StoreLocation, log: Logger) {
    do throws(StoreFailure) {
      switch location {
      case .redis: try Self.reserve(location, log)
      case .sqlite(let path): try Self.check(sqlite: path, log)
      }
    } catch {
      problem = "\(location) cannot be used (\(error.code)): \(error.detail)"
      if case .sqlite(let path) = location, path.hasPrefix("/var/lib/pingate/"),
        unsafe access("/var/lib/pingate", F_OK) != 0
      {
        problem? += " (as a systemd service PinGate is given it when it first starts)"
      }
    }
  }

  /// A database that does not exist yet is not created, because one that belongs to root would shut the site out. Another one is
  /// created next to it, and removed.
  private static func check(sqlite path: String, _ log: Logger) throws(StoreFailure) {
    var status = stat()
    if unsafe lstat(path, &status) == 0 || errno != ENOENT { return try reserve(.sqlite(path), log) }
    let trial = "\(path).check-\(getpid())"
    defer {
      for file in [trial, trial + "-wal", trial + "-shm"] { unsafe unlink(file) }
    }
    try reserve(.sqlite(trial), log)
  }

  private static func reserve(_ location: StoreLocation, _ log: Logger) throws(StoreFailure) {
    func name() -> CounterKey { CounterKey(.random128()) }
    let rule = Rule(.browserHour, name(), Limit(1, per: .seconds(60)))
    let request = ReservationRequest(pair: ReservationRequest.Pair(number: name(), browser: rule.key), rules: [rule])
    let store = try location.open(log: log)
    let result: Result<Void, StoreFailure> = Waiting.result {
      do throws(StoreFailure) {
        _ = try await store.reserve(request)
        try await store.clear([rule], rations: [])
        await store.close()
        return .success(())
      } catch {
        await store.close()
        return .failure(error)
      }
    }
    try result.get()
  }
}
