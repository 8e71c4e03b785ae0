extension Refusal {
  /// The refusal with this status that a magic number asks for.
  ///
  /// - Parameter requestID: what the call is about; a start has none.
  static func sample(_ status: Int, of operation: Operation, requestID: String) -> Refusal {
    switch status {
    case 1: throttled
    case 2: missing(operation == .start ? "number" : "request_id")
    case 3: invalid(operation == .start ? "number" : "request_id")
    case 4: badCredentials
    case 5: internalError
    case 6:
      switch operation {
      case .check: notFound(requestID)
      case .control: notActive(requestID)
      case .start, .search: unprocessable("The request could not be routed.")
      }
    case 7: blocked
    case 8: barred
    case 9: quotaExceeded
    case 15: unsupportedNetwork
    case 16: wrongCode(requestID)
    case 17: tooManyWrongCodes(requestID)
    case 19: cancelledTooLate(requestID)
    case 20: pinCodeNotAllowed
    case 29: notPermitted
    case 101: noResponse(requestID)
    default: Refusal(status: status, text: "A status that this version of the API does not have")
    }
  }
}
