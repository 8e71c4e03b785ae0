internal import Gateway
internal import HTTPTypes

/// The last touches of every answer.
extension Response {
  /// This answer with its length, and without its body if the method is HEAD (RFC 9110, section 9.3.2).
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
