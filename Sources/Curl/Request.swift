/// One HTTP request to an API.
public struct Request: Sendable, Hashable {
  public enum Method: Sendable, Hashable {
    case get
    /// A form post.
    case post(FormBody)
    /// A post of JSON, as bytes.
    case postJSON([UInt8])
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

  public init(
    _ method: Method, _ url: ServiceURL, credentials: Credentials? = nil, isRepeatable: Bool = false,
    fields: [HeaderField] = []
  ) {
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
    }
  }
}
