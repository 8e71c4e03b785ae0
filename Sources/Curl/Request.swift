/// One HTTP request to an API.
public struct Request: Sendable, Hashable {
  public enum Method: Sendable, Hashable {
    case get
    /// A form post.
    case post(FormBody)
    /// A post of JSON text.
    case postJSON([UInt8])
    /// Any other method, without a body.
    case other(String)
  }

  public let method: Method
  public let url: ServiceURL
  /// Sent as `Authorization: Basic` without waiting to be asked.
  public let credentials: Credentials?
  /// Whether it does no harm if the server receives it twice.
  ///
  /// libcurl repeats a request on a fresh connection when a kept one turns out to be dead. Unless this is true, the
  /// client allows that only if no byte of the request went out on the dead connection.
  public let isRepeatable: Bool
  /// Header fields in addition to the common ones.
  public let fields: [HeaderField]
  /// The request target that replaces the URL's path in the request line, verbatim (RFC 9112, section 3.2); nil for the
  /// path.
  public let target: String?
  /// Whether the response should include its header fields.
  public let wantsHead: Bool

  public init(
    _ method: Method, _ url: ServiceURL, credentials: Credentials? = nil, isRepeatable: Bool = false,
    fields: [HeaderField] = [], target: String? = nil, wantsHead: Bool = false
  ) {
    self.target = target
    self.wantsHead = wantsHead
    self.method = method
    if case .postJSON = method {
      self.fields = [HeaderField("Content-Type", "application/json")] + fields
    } else {
      self.fields = fields
    }
    self.url = url
    self.credentials = credentials
    self.isRepeatable = isRepeatable
  }
}

extension Request: CustomStringConvertible {
  /// The method and URL. Neither contains a secret.
  public var description: String {
    switch method {
    case .get: "GET \(url)"
    case .post, .postJSON: "POST \(url)"
    case .other(let name): "\(name) \(url)"
    }
  }
}

/// What many requests have in common: where they go, with which credentials and which header fields. An easy handle
/// last used for the same target need not be configured again.
struct Target: Equatable {
  let url: ServiceURL
  let credentials: Credentials?
  let fields: [HeaderField]

  init(_ request: Request) {
    url = request.url
    credentials = request.credentials
    fields = request.fields
  }

  /// The header field lines of its requests, in addition to libcurl's own.
  var lines: [String] {
    (fields.contains { $0.line.hasPrefix("Accept:") } ? [] : ["Accept: application/json"])
      + (credentials.map { [$0.line] } ?? []) + fields.map(\.line)
  }
}
