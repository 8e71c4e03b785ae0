internal import Curl
internal import Gate

/// The first of the doctor's questions as lines for curl: for a host without a shell, from any other machine. There is no page
/// that asks them: one that anybody can open would have a proof made for anybody, and have this site ask any address.
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
    // Of what is not there: where there is a way in they would do what they say.
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
