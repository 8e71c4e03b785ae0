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
    ["Accept: application/json"] + (credentials.map { [$0.line] } ?? []) + fields.map(\.line)
  }
}
