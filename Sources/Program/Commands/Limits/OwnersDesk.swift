internal import ArgumentParser
internal import Flow
internal import Gateway
internal import Glibc
internal import Limits
internal import Logging
internal import Threads
internal import Tokens
internal import Verification

/// What the owner's commands share: the settings and the store of the site, at a terminal.
struct OwnersDesk {
  /// A telephone number as its counters know it.
  struct Number {
    let written: String
    let country: Country?
    let keys: NumberKeys
  }

  let settings: Settings
  private let keys: CounterKeys
  /// A command does one thing after the other.
  private let loop = EventLoop()

  /// - Throws: 78 when the settings are wrong; they were told then.
  static func open() throws -> OwnersDesk {
    do throws(SettingsProblems) {
      return OwnersDesk(try Settings(SettingsSource.ofThisProcess()))
    } catch {
      StandardError.print("\(error)")
      throw ExitCode(ExitStatus.configuration)
    }
  }

  init(_ settings: Settings) {
    self.settings = settings
    keys = CounterKeys(settings.site.keyring, site: settings.site.identity)
  }

  /// What a command is about: an address, a number, or the whole site.
  ///
  /// - Parameter store: knows the browsers of a number; nil where nothing was counted yet.
  func subject(_ text: String?, in store: (any StoreAdmin)? = nil) throws -> LimitsSubject {
    guard let text else { return LimitsSubject(site: keys.site, of: settings.site.limits) }
    if let address = ClientAddress(text) {
      let names = keys.address(host: address.host, net: address.net)
      let wideNet = address.wideNet.map(keys.wideNet)
      var subject = LimitsSubject(address, names, wideNet: wideNet, of: settings.site.limits)
      subject.widgetRules = WidgetCheck.rules(ofAddress: names.address, net: names.net, wideNet: wideNet, keys)
      return subject
    }
    let number = try number(text)
    let browsers =
      try store.map { store in
        try asking { () async throws(StoreFailure) in try await store.browsers(trustedFor: number.keys.number) }
      } ?? []
    return LimitsSubject(number, in: browsers, of: settings.site.limits)
  }

  /// A number as a visitor would type it. One of a country that is no longer served can be given with `+`.
  func number(_ text: String) throws -> Number {
    // With + it is what it says; without, the owner is asked which is meant, and nobody else's limits are touched.
    switch settings.site.plan.read(text, isConfirmed: text.hasPrefix("+")) {
    case .accepted(let destination): return number(destination.number, destination.country)
    case .unclear(let found):
      let numbers = found.map { settings.site.plan.written($0.number) }.joined(separator: " or ")
      throw ValidationError("\(text) could be \(numbers). Begin with + and the country code.")
    case .refused(let refusal, _):
      let digits = text.filter { !" -.()/".contains($0) }
      guard digits.hasPrefix("+"), let number = PhoneNumber(e164: String(digits.dropFirst())) else {
        throw ValidationError(
          "\(text) is neither an IP address nor a number that this site sends to (\(refusal.code)).")
      }
      return self.number(number, settings.site.plan.country(of: number))
    }
  }

  private func number(_ number: PhoneNumber, _ country: Country?) -> Number {
    Number(
      written: settings.site.plan.written(number), country: country, keys: keys.keys(of: number, country: country))
  }

  /// Where events wait to be told.
  var outbox: CounterKey { keys.outbox }

  /// How the budget is shared out; nil where it is not.
  var share: BudgetShare? { settings.site.limits.share(ofSite: keys.site) }

  /// What a net is called, of those that the store has seen.
  func name(of net: BudgetOverview.Net) -> String {
    keys.net(sealed: net.sealed, named: net.key).flatMap { ClientAddress.net($0) } ?? "net \(net.key)"
  }

  /// What a range is called: a country, or the digits that its numbers begin with.
  func name(of range: BudgetOverview.Range) -> String {
    guard let name = keys.range(sealed: range.sealed, named: range.prefix4) else { return "\(range.key)" }
    switch range.id {
    case .countryRation: return name.country.isEmpty ? "numbers of no country" : name.country
    case .prefix6Ration: return "+" + name.digits.dropLast(2) + "…"
    default: return "+" + name.digits + "…"
    }
  }

  /// The rations of what the owner names: of those that are listed, all that begin so, or those of a number.
  func rations(named text: String, in store: any StoreAdmin) throws -> [(name: String, ration: Ration)] {
    let policy = settings.site.limits
    var found: [(String, Ration)] = []
    if let share {
      let overview = try asking { () async throws(StoreFailure) in try await store.overview(of: share, by: policy) }
      let wanted = text.filter { !" -.()/".contains($0) }
      for range in overview.ranges {
        let name = name(of: range)
        guard let limit = policy.limits[range.id],
          range.id == .countryRation ? name == wanted.uppercased() : wanted.count > 1 && name.hasPrefix(wanted)
        else { continue }
        found.append((name, Ration(range.id, range.key, limit, grace: policy.grace)))
      }
    }
    if found.isEmpty, let number = try? number(text) {
      found = policy.rations(of: number.keys).map { ("The \($0.id.rawValue) of \(number.written)", $0) }
    }
    return found
  }

  /// The store, which is never made here: as root that would shut out the site.
  ///
  /// - Returns: nil, after saying so, when there is none yet.
  func existingStore() throws -> (any StoreAdmin & OutboxStore)? {
    if case .sqlite(let path) = settings.process.store, unsafe access(path, F_OK) != 0, errno == ENOENT {
      print("Nothing was counted yet: \(path) does not exist.")
      return nil
    }
    return try failing { () throws(StoreFailure) in
      try settings.process.store.open(log: Log.logger(level: .error), execution: .loop(loop))
    }
  }

  /// Asks the store and waits for its answer.
  func asking<Value: Sendable>(
    _ question: @escaping @Sendable () async throws(StoreFailure) -> Value
  ) throws -> Value {
    let result: Result<Value, StoreFailure> = loop.run {
      do throws(StoreFailure) {
        return .success(try await question())
      } catch {
        return .failure(error)
      }
    }
    return try failing { () throws(StoreFailure) in try result.get() }
  }

  private func failing<Value>(_ body: () throws(StoreFailure) -> Value) throws -> Value {
    do throws(StoreFailure) {
      return try body()
    } catch {
      StandardError.print("The store \(settings.process.store) cannot be used (\(error.code)): \(error.detail)")
      throw ExitCode(ExitStatus.unavailable)
    }
  }
}
