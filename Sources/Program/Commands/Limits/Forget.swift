internal import ArgumentParser
internal import Limits

/// Erases a telephone number from the store.
struct Forget: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Erase what is kept of a telephone number.",
    discussion: """
      Its counters, the browsers in which it was verified, and the answer to its last message. What it added to the \
      counters of its prefixes, its country and the site stays: that says nothing about it. So does, sealed, the answer \
      to a form that was sent within the last hour, which is found by the form only. The log is not touched; it holds \
      the last two digits only.
      """)

  @Argument(help: "The telephone number as a visitor would type it.")
  var number: String

  func run() throws {
    let desk = try OwnersDesk.open()
    let keys = try desk.number(number)
    guard let store = try desk.existingStore() else { return }
    try desk.asking { () async throws(StoreFailure) in try await store.forget(number: keys.keys.number) }
    print("What was kept of \(keys.written) is erased.")
  }
}
