internal import Curl
internal import Gate

/// The doctor's first questions as lines for curl, to be run on any other machine for a host without a shell. No page asks them: one
/// that anybody can open would make a proof for anybody, and have this site ask any address.
struct CurlLines {
  let text: String

  init(for page: GuardedPage, checks: [String], purpose: String = "") {
    func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
    let origin = String(page.origin.text.dropLast())
    let curl = "curl -s -o /dev/null -w '%{http_code}\\n' --path-as-is"
    var lines = ["# \(page.text): each of these has to print 303, 401, 403, 404 or 405, and none of them 200 or 204."]
    lines.append("\(curl) \(quoted(page.text))")
    lines.append("\(curl) -H 'Cookie: \(Gate.cookieName(for: purpose, isSecure: true))=x.y.z' \(quoted(page.text))")
    lines.append("\(curl) -H 'X-PinGate-Subject: x' -H 'X_PinGate_Subject: x' \(quoted(page.text))")
    lines.append("\(curl) -I \(quoted(page.text))")
    // For names that do not exist: if the folder is open, the methods would do what they say.
    lines.append("# Of these 404, too, says that the folder is open:")
    for method in ["POST", "PUT", "DELETE"] {
      let nothing = origin + page.folder + "pingate-doctor-\(UInt64.random(in: .min ... .max))"
      lines.append("\(curl) -X \(method) -H 'If-Match: \"pingate-doctor\"' \(quoted(nothing))")
    }
    for spelling in page.spellings { lines.append("\(curl) \(quoted(origin + spelling.path))") }
    for check in checks { lines.append("\(curl) \(quoted(origin + check))") }
    text = lines.joined(separator: "\n")
  }
}
