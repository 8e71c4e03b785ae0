internal import Encoding
internal import Gateway

extension FuzzTarget {
  /// A form as browsers send it: what was read of it, sent again, is the same.
  static let urlEncodedForm = FuzzTarget(name: "url-encoded-form") { input in
    guard let form = try? Form(urlencoded: input, fields: FormFields.all) else { return }
    let again = try? Form(urlencoded: encoded(FormFields.values(of: form)), fields: FormFields.all)
    try FormFields.requireSame(form, again)
  }

  /// Every byte as an escape.
  private static func encoded(_ values: [(name: String, value: String)]) -> [UInt8] {
    func escaped(_ text: String) -> [UInt8] { text.utf8.flatMap(PercentEncoding.encode) }
    return Array(values.map { escaped($0.name) + "=".utf8 + escaped($0.value) }.joined(separator: "&".utf8))
  }
}

/// The fields that the fuzzer knows: one of each kind.
enum FormFields {
  static let all = [
    Form.Field("number"), Form.Field("pin"), Form.Field("requestId", repetition: .isContradiction),
    Form.Field("form", repetition: .isKept),
  ]

  static func values(of form: Form) -> [(name: String, value: String)] {
    ["number", "pin", "requestId"].compactMap { name in form[name].map { (name: name, value: $0) } }
      + form.all("form").map { (name: "form", value: $0) }
  }

  static func requireSame(_ form: Form, _ again: Form?) throws {
    let again = try require(again, "what was read of a form is no form")
    for name in ["number", "pin", "requestId"] {
      try require(form[name] == again[name], "\(name) is read as another value")
      let isClean = form[name]?.utf8.allSatisfy { (0x09...0x0D).contains($0) || $0 >= 0x20 && $0 != 0x7F } ?? true
      try require(isClean, "\(name) has a control character")
    }
    try require(form.all("form") == again.all("form"), "the kept values are others")
  }
}
