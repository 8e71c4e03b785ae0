internal import Gateway
internal import HTTPTypes

/// What every answer gets last.
extension Response {
  /// This answer with its length, and without its body when only the head was asked for (RFC 9110, section 9.3.2).
  func finished(for request: Request) -> Response {
    var response = status == .notModified ? self : measured
    if request.method == .head {
      response.body = []
    }
    return response
  }

  /// This answer with its length.
  var measured: Response {
    var response = self
    response.fields[.contentLength] = String(body.count)
    return response
  }
}
