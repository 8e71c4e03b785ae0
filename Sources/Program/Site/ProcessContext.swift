internal import Curl
internal import Limits
internal import Logging
internal import Threads

/// What all sites of a process share: the HTTP client for providers and webhooks, with its thread, its connections, and the host
/// names that it knows; and the store.
///
/// A value is one holder of them: every holder gives back what it holds, and the last one ends it.
struct ProcessContext: Sendable {
  let settings: ProcessSettings
  let execution: Execution
  private let openStore: OpenStore
  private let sharedStore: Shared<ReconnectingStore>
  private let sharedClient: Shared<ProviderClient>

  var store: ReconnectingStore { sharedStore.part }
  var client: Client { sharedClient.part.client }

  /// - Parameters:
  ///   - execution: where all of it does its work.
  ///   - opening: when the store is opened.
  /// - Throws: `CurlFailure`.
  init(
    _ settings: ProcessSettings, execution: Execution = .threads, opening: ReconnectingStore.Opening = .atOnce,
    openStore: @escaping OpenStore = StoreLocation.usualOpening, log: Logger
  ) throws {
    self.settings = settings
    self.execution = execution
    self.openStore = openStore
    sharedClient = Shared(try ProviderClient(settings.client, execution: execution))
    sharedStore = Shared(settings.store.reconnecting(log: log, opening: opening, execution: execution, openStore))
  }

  private init(
    _ settings: ProcessSettings, after former: ProcessContext, store: Shared<ReconnectingStore>,
    client: Shared<ProviderClient>
  ) {
    self.settings = settings
    execution = former.execution
    openStore = former.openStore
    sharedStore = store
    sharedClient = client
  }

  /// The context for other settings, sharing this one's client and store if those stay the same.
  ///
  /// - Throws: `StoreFailure` if a new store cannot be used, and `CurlFailure`. Then nothing has changed.
  func followed(by settings: ProcessSettings, log: Logger) async throws -> ProcessContext {
    let store =
      try await isInPlace(settings)
      ? sharedStore.another() : Shared(settings.store.usable(log: log, openStore))
    do {
      let client = try await Execution.threads.blocking { [sharedClient] in
        Result {
          sharedClient.part.isLike(settings.client)
            ? sharedClient.another() : Shared(try ProviderClient(settings.client))
        }
      }.get()
      return ProcessContext(settings, after: self, store: store, client: client)
    } catch {
      if store.giveBack() { await store.part.close() }
      throw error
    }
  }

  /// Whether the store stays where it is.
  func isInPlace(_ settings: ProcessSettings) -> Bool { self.settings.store == settings.store }

  /// Gives the store back, and closes it if nobody else has it. Calling it again does nothing.
  func giveStoreBack() async {
    if sharedStore.giveBack() { await store.close() }
  }

  /// The same for the client.
  func giveClientBack() async {
    guard sharedClient.giveBack() else { return }
    // It waits for a thread.
    await execution.blocking { [client] in client.close() }
  }
}
