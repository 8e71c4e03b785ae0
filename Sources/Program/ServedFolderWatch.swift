internal import Gateway
internal import Logging
internal import Threads

/// Passes requests on, and tells the owner, once, if the folder that a web server says it hands out to everybody contains settings,
/// secrets, or the store.
///
/// Over FastCGI this is reported but not refused: the web server may be on another machine or in another container, whose folders
/// only have the same names.
///
/// Sendable: everything mutable is guarded by the lock.
final class ServedFolderWatch: Responder, @unchecked Sendable {
  private let responder: any Responder
  private let log: @Sendable () -> Logger
  private let lock = Lock()
  private var seen: Set<String> = []

  /// How many folders are looked at; usually there is one. A web server that keeps naming new ones is not watched forever.
  private static let mostFolders = 16

  /// - Parameter log: at the level of now.
  init(_ responder: any Responder, log: @escaping @Sendable () -> Logger) {
    self.responder = responder
    self.log = log
  }

  func respond(to request: consuming Request) async -> Response {
    if let folder = request.parameters["DOCUMENT_ROOT"], isNew(folder) {
      // It looks at files, which may take time; no thread that requests need waits for that.
      Task { await Execution.threads.blocking { self.tell(of: folder) } }
    }
    return await responder.respond(to: request)
  }

  /// Questions come with the folders that are guarded, and not with PinGate's own: of those nothing is learned.
  func immediateResponse(to request: Request) -> Response? { responder.immediateResponse(to: request) }

  var hasRoom: Bool { responder.hasRoom }

  private func isNew(_ folder: String) -> Bool {
    lock.withLock { seen.count < Self.mostFolders && seen.insert(folder).inserted }
  }

  private func tell(of folder: String) {
    for problem in Settings.problemsOfLocations(SettingsSource.ofThisProcess(), servedFolder: folder) {
      log().critical("settings.exposed", metadata: ["problem": "\(problem)"])
    }
  }
}
