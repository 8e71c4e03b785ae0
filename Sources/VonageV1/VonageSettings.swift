public import Curl
internal import Encoding
internal import Verification

/// A Vonage account and its owner's choices, validated so that no value in it can be why Vonage refuses a request.
///
/// The ranges are those of the Verify v1 specification, 1.2.4 (schema `verifyRequest`).
public struct VonageSettings: Sendable, Hashable {
  /// The setting that a problem is about; the names are those of the initializer's parameters.
  public enum Field: String, Sendable, Hashable, CaseIterable {
    case apiKey, apiSecret, brand, url, workflowID, pinExpiry, nextEventWait, senderID
  }

  /// A setting that must be changed.
  public struct Problem: Sendable, Hashable {
    public let field: Field
    /// What it must be, to be appended to the setting's name: "must have 1 to 18 characters". It never contains a key
    /// or a secret.
    public let reason: String
  }

  /// Everything that is wrong, reported together.
  public struct Invalid: Error, Sendable, Hashable {
    public let problems: [Problem]
  }

  let credentials: Credentials
  let brand: String
  /// The API's base URL: "https://api.nexmo.com".
  public let url: ServiceURL
  let workflowID: Int
  let pinExpiry: Duration?
  let nextEventWait: Duration?
  let senderID: String?

  /// - Parameters:
  ///   - apiKey: the account's key.
  ///   - apiSecret: its secret.
  ///   - brand: the name in the message, 1 to 18 letters, digits and spaces. The specification says "alphanumeric"; any
  ///     other character would make Vonage refuse every request as if the number were wrong.
  ///   - url: the API's base URL.
  ///   - workflowID: the sequence of messages and calls, 1 to 7; nil means a single text message (6). Vonage's own
  ///     default (1) continues with two calls that nobody has asked for.
  ///   - pinExpiry: how long a PIN is valid, 60 to 600 s; nil leaves it to Vonage (300 s). Vonage would allow an hour,
  ///     but no attempt lives longer (`Attempt.longestLife`).
  ///   - nextEventWait: the time before the next message or call, 60 to 900 s; nil leaves it to Vonage. If both are
  ///     set, `pinExpiry` must be a multiple of it; otherwise Vonage would silently replace it.
  ///   - senderID: the sender of the message, 1 to 11 letters and digits; nil leaves it to Vonage (`VERIFY`).
  public init(
    apiKey: String, apiSecret: String, brand: String, url: String = VonageSettings.usualURL, workflowID: Int? = nil,
    pinExpiry: Duration? = nil, nextEventWait: Duration? = nil, senderID: String? = nil
  ) throws(Invalid) {
    var problems: [Problem] = []
    func require(_ isMet: Bool, _ field: Field, _ reason: String) {
      if !isMet { problems.append(Problem(field: field, reason: reason)) }
    }

    let isKey = (1...64).contains(apiKey.utf8.count) && apiKey.utf8.allSatisfy(\.isLetterOrDigit)
    require(isKey, .apiKey, "must be the API key of the Vonage dashboard: letters and digits")
    let isSecret = (1...256).contains(apiSecret.utf8.count) && !Self.hasControls(apiSecret)
    require(isSecret, .apiSecret, "must be the API secret of the Vonage dashboard")
    if let complaint = Self.complaint(aboutBrand: brand) { require(false, .brand, complaint) }
    require(workflowID.map((1...7).contains) ?? true, .workflowID, "must be a number from 1 to 7")
    let isExpiry = pinExpiry.map { Self.isSeconds($0, in: 60...Attempt.longestLife.components.seconds) } ?? true
    require(isExpiry, .pinExpiry, "must be from 60 to \(Attempt.longestLife.components.seconds) seconds")
    let isWait = nextEventWait.map { Self.isSeconds($0, in: 60...900) } ?? true
    require(isWait, .nextEventWait, "must be from 60 to 900 seconds")
    if isExpiry, isWait, let pinExpiry, let nextEventWait {
      let rest = pinExpiry.components.seconds % nextEventWait.components.seconds
      require(rest == 0, .pinExpiry, "must be a multiple of the wait for the next event")
    }
    let isSender =
      senderID.map { (1...11).contains($0.utf8.count) && $0.utf8.allSatisfy(\.isLetterOrDigit) } ?? true
    require(isSender, .senderID, "must have 1 to 11 letters and digits")

    var checkedURL: ServiceURL?
    do throws(ServiceURL.Problem) {
      checkedURL = try ServiceURL(url)
    } catch {
      require(false, .url, error.rawValue)
    }
    guard problems.isEmpty, let checkedURL, let credentials = Credentials(user: apiKey, password: apiSecret) else {
      throw Invalid(problems: problems)
    }
    self.credentials = credentials
    self.url = checkedURL
    self.brand = brand
    self.workflowID = workflowID ?? VonageWorkflow.usual
    self.pinExpiry = pinExpiry
    self.nextEventWait = nextEventWait
    self.senderID = senderID
  }

  /// The sequence of messages and calls that a request is started with.
  func workflow(for channel: Channel) -> VonageWorkflow {
    switch channel {
    case .text: VonageWorkflow(id: workflowID)
    case .call: VonageWorkflow(id: VonageWorkflow.callOnly)
    }
  }

  /// How many messages and calls Vonage makes for one request by itself if no PIN is entered.
  public var messagesOfARequest: Int { workflow(for: .text).count }

  /// How long a PIN is valid: what Vonage is told, or its default.
  public var pinLifetime: Duration { pinExpiry ?? .seconds(300) }

  public static let usualURL = "https://api.nexmo.com"

  private static func complaint(aboutBrand brand: String) -> String? {
    let rule = "must have 1 to 18 letters, digits and spaces"
    let others = brand.filter { !($0.isLetter || $0.isNumber || $0 == " ") }
    if let other = others.first {
      // An invisible character is named by its code point.
      let isVisible = other.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      let name = isVisible ? "\(other)" : other.unicodeScalars.map { "U+" + String($0.value, radix: 16) }.joined()
      return "\(rule): Vonage does not accept \(name)"
    }
    guard brand.contains(where: { $0 != " " }) else { return rule }
    let length = brand.utf16.count
    return length > 18 ? "\(rule), and has \(length)" : nil
  }

  private static func isSeconds(_ duration: Duration, in range: ClosedRange<Int64>) -> Bool {
    duration.components.attoseconds == 0 && range.contains(duration.components.seconds)
  }

  private static func hasControls(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
