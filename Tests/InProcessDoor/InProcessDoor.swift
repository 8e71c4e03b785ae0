internal import Crypto
internal import Curl
internal import Foundation
internal import Gateway
internal import Glibc
internal import Logging
internal import Site
internal import Verification
internal import Vonage

/// A site that is called and not connected to: the door of the end-to-end tests with no web server and no FastCGI.
///
/// Each line of standard input is a request, `{"parameters": {"REQUEST_METHOD": "POST", …}, "body": "base64"}`; each
/// line of standard output is its answer as CGI has it, in base64. The arguments are the address of the provider's API, and
/// the key and the secret of the account.
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
    }
  }

  private static func site(_ arguments: [String]) throws -> Site {
    let brand = "In Process"
    let settings = try VonageSettings(
      apiKey: arguments[2], apiSecret: arguments[3], brand: brand, url: arguments[1])
    guard let keyring = Keyring([SymmetricKey(size: .bits256)]) else { preconditionFailure("a key of 256 bits") }
    return try Site(
      settings: SiteSettings(identity: brand), verifier: VonageVerifier(settings, client: try Client()),
      keyring: keyring, pages: Pages(brand: Brand(name: brand)),
      log: Logger(label: "in-process") { _ in SwiftLogNoOpLogHandler() },
      clock: { Timestamp(secondsSinceEpoch: Int64(time(nil))) })
  }
}
