/// The JSON of one request in an answer to search.
struct SearchAnswer: Encodable, Hashable {
  struct Check: Encodable, Hashable {
    let dateReceived: String
    let code: String
    let status: String
    /// Vonage does not use it any more and leaves it empty.
    let ipAddress = ""

    enum CodingKeys: String, CodingKey {
      case code, status
      case dateReceived = "date_received"
      case ipAddress = "ip_address"
    }
  }

  struct Event: Encodable, Hashable {
    let id: String
    let type: Channel
  }

  /// The answer to a search for several requests.
  struct List: Encodable {
    let requests: [SearchAnswer]

    enum CodingKeys: String, CodingKey {
      case requests = "verification_requests"
    }
  }

  let requestID: String
  let accountID: String
  let status: String
  let number: String
  let price: String
  let currency = "EUR"
  let senderID: String
  let dateSubmitted: String
  /// Empty while the request is running.
  let dateFinalized: String
  let firstEventDate: String
  let lastEventDate: String
  let checks: [Check]
  let events: [Event]
  let estimatedPriceMessagesSent: String

  init(_ run: VerificationRun) {
    requestID = run.id
    accountID = run.account
    status = run.state.rawValue
    number = run.order.number
    price = run.price
    senderID = run.order.sender
    dateSubmitted = SandboxTime.dateAndTime(run.submitted)
    dateFinalized = run.finalized.map(SandboxTime.dateAndTime) ?? ""
    firstEventDate = run.events.first.map { SandboxTime.dateAndTime($0.at) } ?? ""
    lastEventDate = run.events.last.map { SandboxTime.dateAndTime($0.at) } ?? ""
    checks = run.checks.map {
      Check(
        dateReceived: SandboxTime.dateAndTime($0.at), code: $0.code, status: $0.isRight ? "VALID" : "INVALID")
    }
    events = run.events.map { Event(id: $0.id, type: $0.channel) }
    estimatedPriceMessagesSent = run.estimatedPrice
  }

  enum CodingKeys: String, CodingKey {
    case status, number, price, currency, checks, events
    case requestID = "request_id"
    case accountID = "account_id"
    case senderID = "sender_id"
    case dateSubmitted = "date_submitted"
    case dateFinalized = "date_finalized"
    case firstEventDate = "first_event_date"
    case lastEventDate = "last_event_date"
    case estimatedPriceMessagesSent = "estimated_price_messages_sent"
  }
}
