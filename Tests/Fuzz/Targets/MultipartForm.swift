internal import Gateway

extension FuzzTarget {
  /// A form as `fetch` sends it: what was read of it, sent again, is the same. The first line is its content type.
  static let multipartForm = FuzzTarget(name: "multipart-form") { input in
    let type = input.prefix { $0 != 0x0A }
    let body = Array(input.dropFirst(type.count + 1))
    let fields = FormFields.all
    guard let form = try? Form(multipart: body, contentType: Array(type).text, fields: fields) else { return }
    // No value has a control character, so none has this line.
    let boundary = "fuzz\u{7F}boundary"
    var again = ""
    for (name, value) in FormFields.values(of: form) {
      again += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
    }
    again += "--\(boundary)--\r\n"
    try FormFields.requireSame(
      form,
      try? Form(
        multipart: Array(again.utf8), contentType: "multipart/form-data; boundary=\"\(boundary)\"", fields: fields))
  }
}
