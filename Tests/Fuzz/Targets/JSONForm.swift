internal import Encoding
internal import Gateway

extension FuzzTarget {
  /// A form as programs send it: what was read of it, sent again, is the same.
  static let jsonForm = FuzzTarget(name: "json-form") { input in
    guard let form = try? Form(json: input, fields: FormFields.all) else { return }
    var again = JSONWriter()
    if let number = form["number"] { again.put("number", number) }
    if let pin = form["pin"] { again.put("pin", pin) }
    if let token = form["requestId"] { again.put("requestId", token) }
    try require(form.all("form").count < 2, "a member came twice")
    if let token = form.all("form").first { again.put("form", token) }
    try FormFields.requireSame(form, try? Form(json: again.bytes, fields: FormFields.all))
  }
}
