/// What an application answered to one request.
public struct FastCGIAnswer: Sendable {
  public internal(set) var requestID: UInt16 = 0
  /// All of its standard output.
  public internal(set) var output: [UInt8] = []
  public internal(set) var errors: [UInt8] = []
  /// The exit status and the protocol's status of `FCGI_END_REQUEST`.
  public internal(set) var applicationStatus = 0
  public internal(set) var protocolStatus = 0

  /// The status of the answer; 200 when it gives none (RFC 3875, section 6.3.3), 0 when there is no header.
  public var status: Int {
    guard let line = self["Status"] else { return headerLines.isEmpty ? 0 : 200 }
    return Int(line.prefix { $0 != " " }) ?? 0
  }

  /// The first header field with this name.
  public subscript(field: String) -> String? {
    let start = field.lowercased() + ":"
    return headerLines.first { $0.lowercased().hasPrefix(start) }
      .map { String($0.dropFirst(start.count).drop { $0 == " " }) }
  }

  public var body: [UInt8] { headerLength.map { Array(output[($0 + 4)...]) } ?? [] }

  public var text: String { String(decoding: body, as: UTF8.self) }

  private var headerLines: [String] {
    guard let headerLength else { return [] }
    return String(decoding: output[..<headerLength], as: UTF8.self).split(separator: "\r\n").map(String.init)
  }

  private var headerLength: Int? {
    output.indices.dropLast(3).first { output[$0..<($0 + 4)].elementsEqual("\r\n\r\n".utf8) }
  }
}
