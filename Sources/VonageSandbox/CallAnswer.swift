/// The JSON of an answer to start, check or control, and of every refusal.
struct CallAnswer: Encodable, Hashable {
  enum Status: Encodable, Hashable {
    /// As Vonage sends it.
    case text(String)
    case number(Int)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      }
    }
  }

  var status: Status
  var requestID: String?
  var errorText: String?
  var network: String?
  var command: String?
  var eventID: String?
  var price: String?
  var currency: String?
  var estimatedPriceMessagesSent: String?

  /// A success.
  init(requestID: String? = nil) {
    status = .text("0")
    self.requestID = requestID
  }

  init(_ refusal: Refusal) {
    status = .text(String(refusal.status))
    requestID = refusal.requestID
    errorText = refusal.text
    network = refusal.network
  }

  enum CodingKeys: String, CodingKey {
    case status, network, command, price, currency
    case requestID = "request_id"
    case errorText = "error_text"
    case eventID = "event_id"
    case estimatedPriceMessagesSent = "estimated_price_messages_sent"
  }
}
