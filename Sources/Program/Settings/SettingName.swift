internal import Limits

/// Every setting there is, except for those of the limits (`LimitID.settingName`): the vocabulary shared by the environment and the
/// configuration file.
enum SettingName: String, CaseIterable, Sendable {
  case vonageAPIKey = "VONAGE_API_KEY"
  case vonageAPISecret = "VONAGE_API_SECRET"
  case vonageBrandName = "VONAGE_BRAND_NAME"
  case vonageAPIURL = "VONAGE_API_URL"

  case key = "PINGATE_KEY"
  case site = "PINGATE_SITE"
  case brand = "PINGATE_BRAND"
  case www = "PINGATE_WWW"
  case pages = "PINGATE_PAGES"
  case logo = "PINGATE_LOGO"
  case color = "PINGATE_COLOR"
  case continueURL = "PINGATE_CONTINUE_URL"
  case prefix = "PINGATE_PREFIX"
  case origins = "PINGATE_ORIGINS"

  case homeCountry = "PINGATE_HOME_COUNTRY"
  case countries = "PINGATE_COUNTRIES"

  case gateNumbers = "PINGATE_GATE_NUMBERS"
  case users = "PINGATE_USERS"

  case store = "PINGATE_STORE"
  case trustedProxies = "PINGATE_TRUSTED_PROXIES"
  case limits = "PINGATE_LIMITS"
  case limitCooldowns = "PINGATE_LIMIT_COOLDOWNS"
  case limitResendCooldowns = "PINGATE_LIMIT_RESEND_COOLDOWNS"
  case limitReserve = "PINGATE_LIMIT_RESERVE"
  case limitTrustedDays = "PINGATE_LIMIT_TRUSTED_DAYS"
  case limitGrace = "PINGATE_LIMIT_GRACE"
  case limitShare = "PINGATE_LIMIT_SHARE"

  case challenge = "PINGATE_CHALLENGE"
  case challengeSiteKey = "PINGATE_CHALLENGE_SITE_KEY"
  case challengeSecret = "PINGATE_CHALLENGE_SECRET"
  case challengeURL = "PINGATE_CHALLENGE_URL"
  case fastestForm = "PINGATE_FASTEST_FORM"

  case gate = "PINGATE_GATE"
  case proofAlgorithm = "PINGATE_PROOF_ALG"
  case proofKey = "PINGATE_PROOF_KEY"
  case proofLife = "PINGATE_PROOF_LIFE"
  case rememberLife = "PINGATE_REMEMBER_LIFE"
  case proofSince = "PINGATE_PROOF_SINCE"
  case proofIssuer = "PINGATE_PROOF_ISSUER"
  case proofAudience = "PINGATE_PROOF_AUDIENCE"
  case insecureProof = "PINGATE_INSECURE_PROOF"
  case returnHosts = "PINGATE_RETURN_HOSTS"
  case debugRedirects = "PINGATE_DEBUG_REDIRECTS"
  case returnToken = "PINGATE_RETURN_TOKEN"
  case redeemSecret = "PINGATE_REDEEM_SECRET"
  case webhookURL = "PINGATE_WEBHOOK_URL"
  case webhookSecret = "PINGATE_WEBHOOK_SECRET"

  case alertURL = "PINGATE_ALERT_URL"
  case alertSecret = "PINGATE_ALERT_SECRET"
  case alertCommand = "PINGATE_ALERT_COMMAND"

  case workflowID = "PINGATE_WORKFLOW_ID"
  case pinExpiry = "PINGATE_PIN_EXPIRY"
  case nextEventWait = "PINGATE_NEXT_EVENT_WAIT"
  case senderID = "PINGATE_SENDER_ID"

  case listen = "PINGATE_LISTEN"
  case authorizerListen = "PINGATE_AUTHORIZER_LISTEN"
  case socketMode = "PINGATE_SOCKET_MODE"
  case socketGroup = "PINGATE_SOCKET_GROUP"
  case threads = "PINGATE_THREADS"
  case requestsInFlight = "PINGATE_REQUESTS_IN_FLIGHT"
  case apiTimeout = "PINGATE_API_TIMEOUT"
  case proxy = "PINGATE_PROXY"
  case caFile = "PINGATE_CA_FILE"
  case logLevel = "PINGATE_LOG_LEVEL"

  /// Whether the value is never shown, and can be read from a file that `NAME_FILE` names.
  var isSecret: Bool {
    switch self {
    case .vonageAPIKey, .vonageAPISecret, .key, .proofKey, .proxy, .store, .alertSecret, .redeemSecret, .webhookSecret,
      .challengeSecret:
      true
    default: false
    }
  }

  /// The name of the setting that names a file with the value.
  var fileName: String { rawValue + "_FILE" }
}

extension LimitID {
  /// The name of this limit's setting, "PINGATE_LIMIT_SITE_HOUR" for `site.hour`; nil for limits without one.
  var settingName: String? {
    switch self {
    case .siteShare, .sitePace, .formAutomated, .requestCancels: nil
    // By bytes: `replacing` is made for any text, and this is done for each limit at each start.
    default:
      "PINGATE_LIMIT_"
        + String(
          decoding: rawValue.uppercased().utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }
  }
}
