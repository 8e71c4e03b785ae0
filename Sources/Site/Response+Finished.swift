internal import Gateway
internal import HTTPTypes

/// What every answer gets last.
extension Response {
  /// This answer with its length, and without its body when only the head was asked for (RFC 9110, section 9.3.2).
  func finished(for request: Request) -> Response {
    var response = self
    if status != .notModified {
      response.fields[.contentLength] = String(body.count)
    }
    if request.method == .head {
      response.body = []
    }
    return response
  }
}
