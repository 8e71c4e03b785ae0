internal import VonageV1

/// The settings for Vonage. Their rules live with the provider; here they get their setting names.
extension ProviderSettings {
  static func vonageV1(_ reader: inout SettingsReader) -> VonageSettings? {
    let advice = "see https://dashboard.vonage.com/settings"
    let apiKey = reader.required(.vonageAPIKey, "the API key of your account; \(advice)")
    let apiSecret = reader.required(.vonageAPISecret, "the API secret of your account; \(advice)")
    let brand = reader.required(.vonageBrandName, brandAdvice)
    let url = reader.optional(.vonageAPIURL)
    let workflowID = wholeNumber(.workflowID, &reader)
    let pinExpiry = wholeNumber(.pinExpiry, &reader)
    let nextEventWait = wholeNumber(.nextEventWait, &reader)
    let senderID = reader.optional(.senderID)
    do {
      // What is missing was reported above; the placeholders are valid, so that the rest is still checked.
      let settings = try VonageSettings(
        apiKey: apiKey ?? "x", apiSecret: apiSecret ?? "x", brand: brand ?? "x", url: url ?? VonageSettings.usualURL,
        workflowID: workflowID, pinExpiry: pinExpiry.map { .seconds($0) },
        nextEventWait: nextEventWait.map { .seconds($0) }, senderID: senderID)
      return apiKey == nil || apiSecret == nil || brand == nil ? nil : settings
    } catch {
      for problem in error.problems {
        reader.complain(name(of: problem.field), problem.reason)
      }
      return nil
    }
  }

  static let brandAdvice = "the name that visitors know you by, at most 18 characters"

  /// A number in the range that the provider accepts.
  private static func wholeNumber(_ name: SettingName, _ reader: inout SettingsReader) -> Int? {
    reader.optional(name, "a whole number") { Int($0) }
  }

  private static func name(of field: VonageSettings.Field) -> SettingName {
    switch field {
    case .apiKey: .vonageAPIKey
    case .apiSecret: .vonageAPISecret
    case .brand: .vonageBrandName
    case .url: .vonageAPIURL
    case .workflowID: .workflowID
    case .pinExpiry: .pinExpiry
    case .nextEventWait: .nextEventWait
    case .senderID: .senderID
    }
  }
}
