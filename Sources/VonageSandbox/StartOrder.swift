internal import Encoding

/// What a start asks for, with every parameter within the bounds of the specification and every default filled in.
struct StartOrder: Sendable {
  /// International, digits only.
  let number: String
  let brand: String
  let sender: String
  let codeLength: Int
  let language: String
  let workflow: Workflow
  let codeLifetime: Duration
  /// Replaces the waits of the workflow.
  let nextEventWait: Duration?
  /// The caller's own code.
  let pinCode: String?

  /// - Throws: status 2 for what is missing, then status 3 for what is wrong.
  init(_ parameters: CallParameters) throws(Refusal) {
    for name in ["number", "brand"] where !parameters.has(name) { throw .missing(name) }
    try ParameterRules.admitOnly(Self.names, in: parameters)

    let region = try ParameterRules.text("country", in: parameters, length: 2...2, allowed: \.isLetter)
    guard region.map({ CallingCodes.code(of: $0.uppercased()) != nil }) != false else { throw .invalid("country") }
    guard let typed = try parameters.optional("number"), let number = Destination.digits(of: typed, in: region)
    else { throw .invalid("number") }
    self.number = number
    brand = try ParameterRules.brand(in: parameters)
    sender =
      try ParameterRules.text("sender_id", in: parameters, length: 1...11, allowed: \.isLetterOrDigit) ?? "VERIFY"

    codeLength = try ParameterRules.integer("code_length", in: parameters, range: 4...6) ?? 4
    guard codeLength != 5 else { throw ParameterRules.wrongCodeLength }
    language = try parameters.optional("lg") ?? "en-us"
    guard Self.languages.contains(language) else { throw .invalid("lg") }
    let workflowID = try ParameterRules.integer("workflow_id", in: parameters, range: 1...7) ?? 1
    guard let workflow = Workflow(rawValue: workflowID) else { throw .invalid("workflow_id") }
    self.workflow = workflow

    let expiry = try ParameterRules.integer("pin_expiry", in: parameters, range: 60...3600)
    let wait = try ParameterRules.integer("next_event_wait", in: parameters, range: 60...900)
    if let expiry, let wait {
      codeLifetime = .seconds(expiry.isMultiple(of: wait) ? expiry : wait)
    } else {
      codeLifetime = .seconds(expiry ?? 300)
    }
    nextEventWait = wait.map { .seconds($0) }
    pinCode = try ParameterRules.text("pin_code", in: parameters, length: 4...10, allowed: ParameterRules.isOfPinCode)
  }

  private static let names: Set<String> = [
    "number", "brand", "country", "sender_id", "code_length", "lg", "pin_expiry", "next_event_wait", "workflow_id",
    "pin_code",
  ]

  static let languages: Set<String> = [
    "ar-xa", "cs-cz", "cy-cy", "cy-gb", "da-dk", "de-de", "el-gr", "en-au", "en-gb", "en-in", "en-us", "es-es", "es-mx",
    "es-us", "fi-fi", "fil-ph", "fr-ca", "fr-fr", "hi-in", "hu-hu", "id-id", "is-is", "it-it", "ja-jp", "ko-kr",
    "nb-no", "nl-nl", "pl-pl", "pt-br", "pt-pt", "ro-ro", "ru-ru", "sv-se", "th-th", "tr-tr", "vi-vn", "yue-cn",
    "zh-cn", "zh-tw",
  ]
}
