import Testing

/// Runs each test of a suite several times: with a server of so many loops each time.
struct LoopCounts: SuiteTrait, TestTrait, TestScoping {
  let counts: [Int]
  let isRecursive = true

  /// How many loops the servers of this test have.
  @TaskLocal static var current = 1

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    for count in counts {
      await Self.$current.withValue(count) {
        do {
          try await function()
        } catch {
          Issue.record(error, "with \(count) loops")
        }
      }
    }
  }
}

extension Trait where Self == LoopCounts {
  static func loops(_ counts: Int...) -> Self { LoopCounts(counts: counts) }
}
