internal import Gateway

/// A request that has arrived, before libfcgi takes its parameters apart.
struct ReceivedRequest: Equatable {
  var requestID: UInt16
  var role: Request.Role
  /// Whether the web server wants to use the connection again (`FCGI_KEEP_CONN`).
  var keepsConnection: Bool
  /// The name-value pairs, found to be sound by `ParameterBlock`.
  var parameters: [UInt8] = []
  var body: [UInt8] = []
  var contentLength = ContentLength.absent
  /// Whether all of it was read; false when the body is longer than the limit, and the rest is still to come.
  var isWhole = true
}
