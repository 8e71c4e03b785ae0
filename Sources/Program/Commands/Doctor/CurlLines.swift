internal import Curl

/// The first of the doctor's questions as lines for curl: for a host without a shell, from any other machine. There is no page
/// that asks them: one that anybody can open would have a proof made for anybody, and have this site ask any address.
struct CurlLines {
  let text: String

  init(for page: GuardedPage, checks: [String]) {
    func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
    let origin = String(page.origin.text.dropLast())
    let curl = "curl -s -o /dev/null -w '%{http_code}\\n' --path-as-is"
    var lines = ["# \(page.text): each of these has to print 303, 401, 403, 404 or 405, and none of them 200 or 204."]
    lines.append("\(curl) \(quoted(page.text))")
    lines.append("\(curl) -H 'Cookie: __Host-Http-pingate=x.y.z' \(quoted(page.text))")
    lines.append("\(curl) -H 'X-PinGate-Subject: x' -H 'X_PinGate_Subject: x' \(quoted(page.text))")
    for method in ["HEAD", "POST", "PUT", "DELETE"] {
      let how = method == "HEAD" ? "-I" : method == "POST" ? "-d x=y" : "-X \(method)"
      lines.append("\(curl) \(how) \(quoted(page.text))")
    }
    for spelling in page.spellings { lines.append("\(curl) \(quoted(origin + spelling.path))") }
    for check in checks { lines.append("\(curl) \(quoted(origin + check))") }
    text = lines.joined(separator: "\n")
  }
}
