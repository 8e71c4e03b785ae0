/// One HTTP request to an API.
public struct Request: Sendable, Hashable {
  public enum Method: Sendable, Hashable {
    case get
    /// A form post.
    case post(FormBody)
    /// A post of JSON, as bytes.
    case postJSON([UInt8])
    /// Any other one, without a body.
    case other(String)
  }

  public let method: Method
  public let url: ServiceURL
  /// Sent as `Authorization: Basic`, with the first request already.
  public let credentials: Credentials?
  /// Whether it does no harm when the server gets it twice.
  ///
  /// libcurl makes a request again on a fresh connection when a kept one turns out to be dead. The client lets it do
  /// so only if no byte of the request went out on the dead one, unless this is true.
  public let isRepeatable: Bool
  /// What it has beyond the fields of every request.
  public let fields: [HeaderField]
  /// What stands in the first line in the place of the URL's path, as it is (RFC 9112, section 3.2); nil for that path.
  public let target: String?
  /// Whether its answer has the head.
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
  /// Method and URL. Neither holds a secret.
  public var description: String {
    switch method {
    case .get: "GET \(url)"
    case .post, .postJSON: "POST \(url)"
    case .other(let name): "\(name) \(url)"
    }
  }
}

/// What many requests have in common: where they go, in whose name and with which header fields. An easy handle that was
/// used for the same target before needs not be told again.
struct Target: Equatable {
  let url: ServiceURL
  let credentials: Credentials?
  let fields: [HeaderField]

  init(_ request: Request) {
    url = request.url
    credentials = request.credentials
    fields = request.fields
  }

  /// The header field lines that requests to it have beyond libcurl's own.
  var lines: [String] {
    (fields.contains { $0.line.hasPrefix("Accept:") } ? [] : ["Accept: application/json"])
      + (credentials.map { [$0.line] } ?? []) + fields.map(\.line)
  }
}
