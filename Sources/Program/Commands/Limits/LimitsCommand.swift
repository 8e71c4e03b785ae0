internal import ArgumentParser
internal import Limits

/// How far the limits are used up, and how the owner clears them.
struct LimitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits",
    abstract: "Show how far the limits are used up and what is rationed, set them back, or open a range.",
    subcommands: [Show.self, Clear.self, Open.self])

  /// Prints a table.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show how far the limits are used up.",
      discussion: """
        Without an argument: those of the whole site, how many messages lead to a verified number, what is rationed since \
        when and why, and the nets whose messages those were. With a telephone number: its own, and those of its prefixes \
        and its country; those that begin with "trusted" are counted apart for each browser in which it was verified \
        before. With an IP address: its own, and those of its net; of an IPv6 address also those of its /32. That of the whole site ends with how many events wait for \
        PINGATE_WEBHOOK_URL.

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
        () async throws(StoreFailure) in try await store.show(subject.rules, rations: subject.rations)
      }
      for line in CountTable(subject, counts).lines { print(line) }
      if self.subject == nil, let share = desk.share {
        let policy = desk.settings.site.limits
        let overview = try desk.asking {
          () async throws(StoreFailure) in try await store.overview(of: share, by: policy)
        }
        for line in BudgetReport(overview, desk, day: share.day).lines { print(line) }
      }
      if self.subject == nil, desk.settings.site.webhook != nil { print(try Self.events(desk, store)) }
      if desk.settings.site.limits.mode == .watch { print("PINGATE_LIMITS=watch: nothing is refused.") }
    }

    /// How it stands with what is to be told to the site's own code.
    private static func events(_ desk: OwnersDesk, _ store: any OutboxStore) throws -> String {
      let outbox = desk.outbox
      let events = try desk.asking { () async throws(StoreFailure) in try await store.lease(outbox, atMost: 0) }
      return
        "Webhook: \(events.waiting) of at most \(OutboxMessage.mostWaiting) events wait; \(events.lost) were lost lately."
    }
  }

  /// Sets limits back to nothing.
  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Set limits back, as if nothing had been counted.",
      discussion: """
        With a telephone number: its own, also in the browsers in which it was verified before, and the cooldown between two \
        messages; with --ranges those of its prefixes \
        and its country too, and their rations begin anew, without credit. With an IP address: its own, and \
        those of its net, and of its /32 if it is an IPv6 address, with what they have verified and left unverified of late, and \
        their bad responses of a third party's widget. \
        With --site: the budget, and the site's wrong PINs.
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
      // First without the browsers of a number: they stand in its record, which is removed if it cannot be read.
      var subject = try desk.subject(self.subject)
      let rules = (ranges ? subject.rules : subject.ownRules) + subject.widgetRules
      let rations = ranges ? subject.rations : []
      try desk.asking { () async throws(StoreFailure) in try await store.clear(rules, rations: rations) }
      subject = try desk.subject(self.subject, in: store)
      let rest = Array(Set(subject.ownRules).subtracting(rules))
      try desk.asking { () async throws(StoreFailure) in try await store.clear(rest, rations: []) }
      print("\(subject.title): \(ranges ? "its limits and those of its ranges are" : "the limits are") cleared.")
    }
  }

  /// Takes the owner's word for a range.
  struct Open: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a range that is rationed have as many messages as anybody wants.",
      discussion: """
        A range is a country like AT, or the digits that its numbers begin with, like +43660; all that are rationed and \
        begin so are opened, or a number, whose prefixes and country are. The budget holds all the same, and so do the \
        limits of each hour.
        """)

    @Argument(help: "A country, the beginning of numbers, or a telephone number.")
    var range: String

    @Option(help: "For how many hours; 0 ends it.")
    var hours = 24

    func validate() throws {
      guard (0...720).contains(hours) else { throw ValidationError("--hours is 0 to 720.") }
    }

    func run() throws {
      let desk = try OwnersDesk.open()
      guard let store = try desk.existingStore() else { return }
      let rations = try desk.rations(named: range, in: store)
      guard !rations.isEmpty else {
        throw ValidationError("Nothing that is rationed is named \(range); `pingate limits show` lists what is.")
      }
      for (name, ration) in rations {
        let hours = hours
        try desk.asking { () async throws(StoreFailure) in try await store.open(ration, for: .seconds(hours * 3600)) }
        print(hours == 0 ? "\(name) is rationed as it was." : "\(name) is open for \(hours) h.")
      }
    }
  }
}
