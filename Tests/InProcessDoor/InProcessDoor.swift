internal import Foundation
internal import Gateway
internal import Glibc
internal import Program

/// A site that is called and not connected to: the door of the end-to-end tests with no web server and no FastCGI. It is
/// put together as the program's are.
///
/// Each line of standard input is a request, `{"parameters": {"REQUEST_METHOD": "POST", …}, "body": "base64"}`; each
/// line of standard output is its answer as CGI has it, in base64. The arguments are the address of the provider's API, and
/// the key and the secret of the account. Other settings come from the environment; the store's default is a file of the
/// door's own in the temporary folder.
@main
struct InProcessDoor {
  private struct Line: Decodable {
    let parameters: [String: String]
    let body: Data
  }

  static func main() async throws {
    let site = try Program.site(try settings(CommandLine.arguments))
    while let line = readLine() {
      let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
      let parameters = Parameters(line.parameters.map { (name: $0.key, value: $0.value) })
      let response = await site.respond(to: Request(parameters: parameters, body: .bytes(Array(line.body))))
      print(Data(response.cgiBytes).base64EncodedString())
      fflush(nil)
      await response.afterwards?()
    }
  }

  private static func settings(_ arguments: [String]) throws -> [String: String] {
    let own = [
      "VONAGE_API_URL": arguments[1], "VONAGE_API_KEY": arguments[2], "VONAGE_API_SECRET": arguments[3],
      "VONAGE_BRAND_NAME": "In Process", "PINGATE_KEY": Program.newKey(), "PINGATE_COUNTRIES": "US",
      "PINGATE_LOG_LEVEL": "critical",
    ]
    var settings = own.merging(ProcessInfo.processInfo.environment) { _, given in given }
    if settings["PINGATE_STORE"] == nil {
      let folder = FileManager.default.temporaryDirectory.appending(path: "door-\(UUID().uuidString)")
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      settings["PINGATE_STORE"] = "sqlite:" + folder.appending(path: "limits.sqlite").path
    }
    return settings
  }
}
