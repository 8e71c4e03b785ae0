internal import Crypto
internal import Curl
internal import Flow
internal import Foundation
internal import Gateway
internal import Glibc
internal import LibPhoneNumber
internal import Limits
internal import Logging
internal import MachineClock
internal import SQLiteStore
internal import Tokens
internal import Verification
internal import VonageV1

/// A site that is called and not connected to: the door of the end-to-end tests with no web server and no FastCGI.
///
/// Each line of standard input is a request, `{"parameters": {"REQUEST_METHOD": "POST", …}, "body": "base64"}`; each
/// line of standard output is its answer as CGI has it, in base64. The arguments are the address of the provider's API, and
/// the key and the secret of the account.
/// `PINGATE_COUNTRIES` and `PINGATE_STORE` ("sqlite:PATH") are read as the program does; the store's default is a file of
/// the door's own in the temporary folder.
@main
struct InProcessDoor {
  private struct Line: Decodable {
    let parameters: [String: String]
    let body: Data
  }

  static func main() async throws {
    let site = try site(CommandLine.arguments)
    while let line = readLine() {
      let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
      let parameters = Parameters(line.parameters.map { (name: $0.key, value: $0.value) })
      let response = await site.respond(to: Request(parameters: parameters, body: .bytes(Array(line.body))))
      print(Data(response.cgiBytes).base64EncodedString())
      fflush(nil)
      await response.afterwards?()
    }
  }

  private static func site(_ arguments: [String]) throws -> Site {
    let brand = "In Process"
    let settings = try VonageSettings(
      apiKey: arguments[2], apiSecret: arguments[3], brand: brand, url: arguments[1])
    guard let keyring = Keyring([SymmetricKey(size: .bits256)]) else { preconditionFailure("a key of 256 bits") }
    let identity = SiteSettings(identity: brand)
    return try Site(
      settings: identity, verifier: VonageVerifier(settings, client: try Client()), plan: try plan(),
      limiter: Limiter(
        store: try store(), policy: LimitsPolicy(), keys: CounterKeys(keyring, site: brand), notify: { _ in }),
      keyring: keyring, pages: Pages(brand: Brand(name: brand)),
      log: Logger(label: "in-process") { _ in SwiftLogNoOpLogHandler() },
      clock: { Timestamp(secondsSinceEpoch: Int64(time(nil))) })
  }

  private static func plan() throws -> LibPhoneNumber {
    let codes = ProcessInfo.processInfo.environment["PINGATE_COUNTRIES"] ?? "US"
    let countries = codes.split(separator: ",").compactMap { Country(String($0)) }
    guard let served = ServedCountries(home: nil, allowed: countries) else { preconditionFailure("no country") }
    return try LibPhoneNumber(served)
  }

  private static func store() throws -> SQLiteStore {
    let clock = MachineClock()
    if let place = ProcessInfo.processInfo.environment["PINGATE_STORE"], place.hasPrefix("sqlite:") {
      return try SQLiteStore(path: String(place.dropFirst(7))) { clock.now() }
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "door-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    let store = try SQLiteStore(path: folder.appending(path: "limits.sqlite").path) { clock.now() }
    return store
  }
}
