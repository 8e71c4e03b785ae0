/// Every setting there is: the vocabulary that the environment and the configuration file share.
enum SettingName: String, CaseIterable, Sendable {
  case vonageAPIKey = "VONAGE_API_KEY"
  case vonageAPISecret = "VONAGE_API_SECRET"
  case vonageBrandName = "VONAGE_BRAND_NAME"
  case vonageAPIURL = "VONAGE_API_URL"

  case key = "PINGATE_KEY"
  case site = "PINGATE_SITE"
  case www = "PINGATE_WWW"
  case pages = "PINGATE_PAGES"
  case logo = "PINGATE_LOGO"
  case colour = "PINGATE_COLOUR"
  case continueURL = "PINGATE_CONTINUE_URL"
  case prefix = "PINGATE_PREFIX"
  case origins = "PINGATE_ORIGINS"

  case workflowID = "PINGATE_WORKFLOW_ID"
  case pinExpiry = "PINGATE_PIN_EXPIRY"
  case nextEventWait = "PINGATE_NEXT_EVENT_WAIT"
  case senderID = "PINGATE_SENDER_ID"
  case country = "PINGATE_COUNTRY"

  case listen = "PINGATE_LISTEN"
  case socketMode = "PINGATE_SOCKET_MODE"
  case socketGroup = "PINGATE_SOCKET_GROUP"
  case requestsInFlight = "PINGATE_REQUESTS_IN_FLIGHT"
  case apiTimeout = "PINGATE_API_TIMEOUT"
  case proxy = "PINGATE_PROXY"
  case caFile = "PINGATE_CA_FILE"
  case logLevel = "PINGATE_LOG_LEVEL"

  /// Whether the value is never shown, and may be read from the file that `NAME_FILE` names.
  var isSecret: Bool {
    switch self {
    case .vonageAPIKey, .vonageAPISecret, .key, .proxy: true
    default: false
    }
  }

  /// The name of the setting that names a file with the value.
  var fileName: String { rawValue + "_FILE" }
}
