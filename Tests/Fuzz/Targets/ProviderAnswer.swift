internal import Encoding

@testable internal import Curl
@testable internal import VonageV1

extension FuzzTarget {
  /// A provider's answer: an object is read or refused; what was read of it, written again, is the same.
  ///
  /// The first byte is the HTTP status.
  static let providerAnswer = FuzzTarget(name: "provider-answer") { input in
    guard let first = input.first else { return }
    let body = Array(input.dropFirst())
    let status = first == UInt8(ascii: "2") ? 200 : 200 + Int(first)
    let answer = try? VonageAnswer(Answer(status: status, body: body, retryAfter: "5"))
    guard String(validating: body, as: UTF8.self) != nil else {
      return try require(answer == nil, "an answer that is not UTF-8")
    }
    let names = ["status", "request_id"]
    let members = try? JSONReader.members(names, of: body)
    if answer != nil { try require(status == 200 && members?["status"] != nil, "an answer without a status") }
    guard let members else { return }
    let written = members.map { name, value in "\"\(name)\": \(json(value))" }.joined(separator: ", ")
    let again = try? JSONReader.members(names, of: Array("{\(written)}".utf8))
    try require(again == members, "the members are read as others")
  }

  private static func json(_ value: JSONReader.Value) -> String {
    switch value {
    case .text(let text): string(text)
    case .number(let number): number
    case .flag(let isTrue): isTrue ? "true" : "false"
    case .texts(let texts): "[\(texts.map(string).joined(separator: ","))]"
    case .other: "null"
    }
  }

  private static func string(_ text: String) -> String {
    "\""
      + text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"", "\\": "\\\(scalar)"
        case "\0"..."\u{1F}": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        default: String(scalar)
        }
      }.joined() + "\""
  }
}
