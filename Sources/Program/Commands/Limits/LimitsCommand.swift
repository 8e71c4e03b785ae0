internal import ArgumentParser
internal import Limits

/// How far the limits are used up, and how the owner clears them.
struct LimitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits", abstract: "Show how far the limits are used up, or set them back.",
    subcommands: [Show.self, Clear.self])

  /// Prints a table.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show how far the limits are used up.",
      discussion: """
        Without an argument: those of the whole site. With a telephone number: its own, and those of its prefixes and \
        its country; the rows that begin with "trusted" are counted apart for each browser in which it was verified \
        before. With an IP address: its own, and those of its net.

        Ends with 69 when the store cannot be read, and with 78 when the settings are wrong.
        """)

    @Argument(help: "A telephone number as a visitor would type it, or an IP address.")
    var subject: String?

    func run() throws {
      let desk = try OwnersDesk.open()
      // A mistyped subject is told before a store that is not there.
      print(try desk.subject(self.subject).title)
      guard let store = try desk.existingStore() else { return }
      let subject = try desk.subject(self.subject, in: store)
      let counts = try desk.asking {
        () async throws(StoreFailure) in try await store.show(subject.rules, breakers: subject.breakers)
      }
      for line in CountTable(subject, counts).lines { print(line) }
      if desk.settings.site.limits.mode == .watch { print("PINGATE_LIMITS=watch: nothing is refused.") }
    }
  }

  /// Sets rows back to nothing.
  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Set limits back, as if nothing had been counted.",
      discussion: """
        With a telephone number: its own, also in the browsers in which it was verified before, and the cooldown between two \
        messages; with --ranges those of its prefixes \
        and its country too, and the ranges that a conversion breaker has closed are open again. With an IP address: its own, and \
        those of its net. With --site: the budget, and the site's wrong PINs.
        """)

    @Argument(help: "A telephone number as a visitor would type it, or an IP address.")
    var subject: String?

    @Flag(help: "Also those of the number's prefixes and its country.")
    var ranges = false

    @Flag(help: "Those of the whole site.")
    var site = false

    func validate() throws {
      guard (subject == nil) == site else {
        throw ValidationError("Name a telephone number or an IP address, or say --site.")
      }
      guard !ranges || subject != nil else { throw ValidationError("--ranges goes with a telephone number.") }
    }

    func run() throws {
      let desk = try OwnersDesk.open()
      if ranges, !(try desk.subject(self.subject).isNumber) {
        throw ValidationError("--ranges goes with a telephone number.")
      }
      guard let store = try desk.existingStore() else { return }
      // First without the browsers of a number: they stand in its row, which is removed if it cannot be read.
      var subject = try desk.subject(self.subject)
      let (rules, breakers) = ranges ? (subject.rules, subject.breakers) : (subject.ownRules, [])
      try desk.asking { () async throws(StoreFailure) in try await store.clear(rules, breakers: breakers) }
      subject = try desk.subject(self.subject, in: store)
      let rest = Array(Set(subject.ownRules).subtracting(rules))
      try desk.asking { () async throws(StoreFailure) in try await store.clear(rest, breakers: []) }
      print("\(subject.title): \(ranges ? "its limits and those of its ranges are" : "the limits are") cleared.")
    }
  }
}
