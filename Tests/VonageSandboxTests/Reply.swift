import Foundation
import Gateway
import HTTPTypes

/// An answer of the API, taken apart.
struct Reply {
  let response: Response
  let object: [String: Any]

  init(_ response: Response) {
    self.response = response
    let json = try? JSONSerialization.jsonObject(with: Data(response.body))
    object = json as? [String: Any] ?? [:]
  }

  /// A text; nil for any other type.
  subscript(name: String) -> String? { object[name] as? String }

  /// What Vonage's answers are told apart by: "0", or "3 Invalid value for param: number"; "HTTP 404" when the HTTP
  /// status is not 200.
  var verdict: String {
    guard response.status == .ok else { return "HTTP \(response.status.code)" }
    let status = self["status"] ?? "(no text)"
    return self["error_text"].map { "\(status) \($0)" } ?? status
  }
}
