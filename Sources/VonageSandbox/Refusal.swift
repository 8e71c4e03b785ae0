/// The API's way to say no: a status other than 0 in an HTTP 200.
///
/// The words are Vonage's: those of its specification 1.2.4, or where it has none those seen in live answers.
struct Refusal: Error, Hashable {
  let status: Int
  let text: String
  /// The request that the refusal is about; the API gives it with few statuses.
  var requestID: String?
  /// The blocking network (status 7 only).
  var network: String?

  static let throttled = Refusal(status: 1, text: "Throttled")
  static let badCredentials = Refusal(status: 4, text: "Bad Credentials")
  static let internalError = Refusal(status: 5, text: "Internal Error")
  static let tooManyIDs = invalid("request_ids")
  static let barred = Refusal(
    status: 8, text: "The api_key you supplied is for an account that has been barred from submitting messages.")
  static let quotaExceeded = Refusal(status: 9, text: "Partner quota exceeded")
  static let unsupportedNetwork = Refusal(
    status: 15, text: "The destination number is not in a supported network")
  static let pinCodeNotAllowed = Refusal(status: 20, text: "This account does not support the parameter: pin_code.")
  static let notPermitted = Refusal(
    status: 29,
    text: "Your Vonage account is still in demo mode. While in demo mode you must add target numbers to the approved "
      + "list for your account. Add funds to your account to remove this limitation.")
  static let blocked = Refusal(
    status: 7, text: "The number you are trying to verify is blacklisted for verification.", network: "310260")

  static func missingCredential(_ name: String) -> Refusal { Refusal(status: 2, text: "Missing \(name)") }

  static func missing(_ name: String) -> Refusal {
    Refusal(status: 2, text: "Your request is incomplete and missing the mandatory parameter: \(name)")
  }

  static func invalid(_ name: String, _ more: String = "") -> Refusal {
    Refusal(status: 3, text: "Invalid value for param: \(name)\(more)")
  }

  static func tooLong(_ name: String) -> Refusal { invalid(name, ". Parameter is too long.") }

  static func unknown(_ name: String) -> Refusal {
    Refusal(status: 3, text: "Invalid parameter found: \(name.prefix(64))")
  }

  static func unprocessable(_ reason: String) -> Refusal {
    Refusal(
      status: 6,
      text: "The Vonage platform was unable to process this message for the following reason: \(reason)")
  }

  static func notFound(_ id: String) -> Refusal {
    unprocessable("Request '\(id)' was not found or it has been verified already.")
  }

  static func notActive(_ id: String) -> Refusal {
    Refusal(status: 6, text: "The requestId '\(id)' does not exist or its no longer active.")
  }

  static func concurrent(_ id: String) -> Refusal {
    Refusal(
      status: 10, text: "Concurrent verifications to the same number are not allowed", requestID: id)
  }

  static func wrongCode(_ id: String) -> Refusal {
    Refusal(status: 16, text: "The code inserted does not match the expected value", requestID: id)
  }

  static func tooManyWrongCodes(_ id: String) -> Refusal {
    Refusal(
      status: 17, text: "The wrong code was provided too many times. Request terminated", requestID: id)
  }

  static func cancelledTooEarly(_ id: String) -> Refusal {
    Refusal(status: 19, text: "Verification request ['\(id)'] can't be cancelled within the first 30 seconds.")
  }

  static func cancelledTooLate(_ id: String) -> Refusal {
    Refusal(
      status: 19,
      // The two spaces are Vonage's.
      text: "Verification request  ['\(id)'] can't be cancelled now. "
        + "Too many attempts to re-deliver have already been made.")
  }

  static func noEventsLeft(_ id: String) -> Refusal {
    Refusal(status: 19, text: "No more events are left to execute for the request ['\(id)']")
  }

  static func noResponse(_ id: String?) -> Refusal {
    Refusal(status: 101, text: "No response found", requestID: id)
  }
}
