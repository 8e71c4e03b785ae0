import Foundation
import Gateway
import HTTPTypes
import Testing
import Threads

@testable import Flow

/// A browser that keeps its cookies and remembers its page. Safe to share: all that changes is behind `lock`.
final class Browser: @unchecked Sendable {
  private let test: TestSite
  private let address: String
  private let isSecure: Bool
  private let lock = Lock()
  private var jar: [String: String] = [:]

  init(_ test: TestSite, at address: String = "192.0.2.1", isSecure: Bool = false) {
    self.test = test
    self.address = address
    self.isSecure = isSecure
  }

  /// The header with all of them; nil without one.
  var cookie: String? {
    lock.withLock { jar.isEmpty ? nil : jar.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }
  }

  /// Takes in what an answer hands out and takes away.
  private func keep(_ fields: [String]) {
    lock.withLock {
      for field in fields {
        let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        jar[String(pair[0])] = field.contains("Max-Age=0;") ? nil : String(pair[1])
      }
    }
  }

  func post(_ path: String, _ body: String) async -> Response {
    var more = ["REMOTE_ADDR": address, "HTTP_USER_AGENT": "Browser"]
    more["HTTP_COOKIE"] = cookie
    if isSecure { more["HTTPS"] = "on" }
    let response = await test.post(path, body, more)
    keep(response.fields[fields: .setCookie].map(\.value))
    return response
  }

  func register(_ number: String = "+1 202 555 0143", form: String? = nil, by channel: String? = nil) async -> Response
  {
    var body = "number=" + number.formEncoded
    if let form { body += "&form=" + form }
    if let channel { body += "&channel=" + channel }
    return await post("/register", body)
  }

  func verify(_ page: Response, pin: String = "123456") async throws -> Response {
    await post("/verify", "requestId=\(try #require(page.token))&pin=\(pin)")
  }

  /// Presses one of the PIN page's buttons: "resend", "call" or "cancel".
  func press(_ button: String, on page: Response) async throws -> Response {
    await post("/" + button, "requestId=\(try #require(page.token))")
  }
}

extension Response {
  /// What the hidden field of a number form carries.
  var form: String? { text.firstMatch(of: /name="form" value="([^"]+)"/).map { String($0.1) } }
  var retryAfter: String? { fields[.retryAfter] }
}
