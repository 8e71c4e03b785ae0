internal import Encoding

/// What each call does once its caller is known. They throw what the API answers with a status other than 0.
extension Desk {
  func start(
    _ parameters: CallParameters, _ account: String, _ now: Duration
  ) throws(Refusal) -> CallOutcome {
    let order = try StartOrder(parameters)
    let effect = MagicNumber.effect(of: order.number, on: .start)
    // The order of the refusals: what the platform finds (1 to 6), the account's rights (20), the rest.
    if case .status(1...6) = effect, let outcome = intercept(effect, .start, "") { return outcome }
    guard order.pinCode == nil || settings.allowsPinCode else { throw .pinCodeNotAllowed }
    if let outcome = intercept(effect, .start, "") { return outcome }

    if let running = ledger.running(number: order.number, of: account) { throw .concurrent(running) }
    guard !ledger.isFull else { throw .throttled }
    let id = ledger.begin(order, account: account, at: now)
    guard effect != .status(10) else { throw .concurrent(id) }
    return succeed(CallAnswer(requestID: id), effect)
  }

  func check(
    _ parameters: CallParameters, _ account: String, _ now: Duration
  ) throws(Refusal) -> CallOutcome {
    for name in ["request_id", "code"] where !parameters.has(name) { throw .missing(name) }
    try ParameterRules.admitOnly(["request_id", "code", "ip_address"], in: parameters)
    let id = try requestID(parameters)
    let code = try code(parameters)
    guard let run = ledger.run(id, of: account), run.state == .inProgress else { throw .notFound(id) }
    let effect = MagicNumber.effect(of: run.order.number, on: .check)
    // After these two a real request is over.
    if [.status(6), .status(17), .numericStatus(17)].contains(effect) { ledger.finish(id, .failed, at: now) }
    if let outcome = intercept(effect, .check, id) { return outcome }

    switch ledger.check(code, of: id, at: now) {
    case .wrong: throw .wrongCode(id)
    case .tooManyWrong: throw .tooManyWrongCodes(id)
    case .right, nil: break
    }
    guard let run = ledger.run(id, of: account) else { throw .internalError }
    var answer = CallAnswer(requestID: id)
    answer.eventID = run.events.last?.id
    answer.price = run.price
    answer.currency = "EUR"
    answer.estimatedPriceMessagesSent = run.estimatedPrice
    return succeed(answer, effect)
  }

  func control(
    _ parameters: CallParameters, _ account: String, _ now: Duration
  ) throws(Refusal) -> CallOutcome {
    for name in ["request_id", "cmd"] where !parameters.has(name) { throw .missing(name) }
    try ParameterRules.admitOnly(["request_id", "cmd"], in: parameters)
    let id = try requestID(parameters)
    let command = try parameters.optional("cmd")
    guard command == "cancel" || command == "trigger_next_event" else { throw .invalid("cmd") }
    guard let run = ledger.run(id, of: account), run.state == .inProgress else { throw .notActive(id) }
    let effect = MagicNumber.effect(of: run.order.number, on: .control)
    if let outcome = intercept(effect, .control, id) { return outcome }

    if command == "cancel" {
      guard now - run.submitted >= Self.cancelWait else { throw .cancelledTooEarly(id) }
      guard run.events.count <= 1 else { throw .cancelledTooLate(id) }
      ledger.finish(id, .cancelled, at: now)
    } else {
      guard run.hasNextEvent else { throw .noEventsLeft(id) }
      ledger.proceed(id, at: now)
    }
    var answer = CallAnswer()
    answer.command = command
    return succeed(answer, effect)
  }

  func search(
    _ parameters: CallParameters, _ account: String, _ now: Duration
  ) throws(Refusal) -> CallOutcome {
    guard parameters.has("request_id") || parameters.has("request_ids") else {
      throw .unprocessable("No request_id was given.")
    }
    try ParameterRules.admitOnly(["request_id", "request_ids"], in: parameters)
    let several = try parameters.all("request_ids")
    guard several.count <= Self.mostSearched else { throw .tooManyIDs }
    for id in several where id.utf8.count > Self.longestID || id.isEmpty { throw .invalid("request_ids") }
    let single = parameters.names.contains("request_id") ? try requestID(parameters) : nil

    let asked = (single.map { [$0] } ?? []) + several
    let runs = asked.compactMap { id in ledger.run(id, of: account).flatMap { isFindable($0, now) ? $0 : nil } }
    guard let first = runs.first else { throw .noResponse(several.isEmpty ? single : nil) }
    guard several.isEmpty else { return CallOutcome(.list(runs.map { SearchAnswer($0) })) }

    let effect = MagicNumber.effect(of: first.order.number, on: .search)
    if let outcome = intercept(effect, .search, first.id) { return outcome }
    return CallOutcome(.found(SearchAnswer(first)), fault: fault(of: effect))
  }

  /// How old a request must be before it can be canceled.
  static let cancelWait: Duration = .seconds(30)
  static let longestID = 32
  static let mostSearched = 10

  private func requestID(_ parameters: CallParameters) throws(Refusal) -> String {
    guard let id = try parameters.optional("request_id"), !id.isEmpty else { throw .invalid("request_id") }
    guard id.utf8.count <= Self.longestID else { throw .tooLong("request_id") }
    return id
  }

  /// Longer codes, and other characters than digits, exist only where the account may make its own.
  private func code(_ parameters: CallParameters) throws(Refusal) -> String {
    let isOwn = settings.allowsPinCode
    let text = try ParameterRules.text("code", in: parameters, length: isOwn ? 4...10 : 4...6, allowed: { _ in true })
    guard let text else { throw .missing("code") }
    guard text.utf8.allSatisfy(isOwn ? ParameterRules.isOfPinCode : \.isDigit) else {
      throw Refusal(status: 3, text: "The code contains invalid characters")
    }
    return text
  }

  private func isFindable(_ run: VerificationRun, _ now: Duration) -> Bool {
    guard let finalized = run.finalized else { return true }
    return now - finalized >= settings.searchLag
  }

  /// What a magic number gives in place of the call; nil when the call takes place, be it with a damaged answer.
  private func intercept(_ effect: MagicNumber.Effect?, _ operation: Operation, _ id: String) -> CallOutcome? {
    switch effect {
    case .status(10) where operation == .start: nil
    case .status(let status): CallOutcome(.sample(status, of: operation, requestID: id))
    case .numericStatus(0): nil
    case .numericStatus(let status): CallOutcome(.sample(status, of: operation, requestID: id), isNumeric: true)
    case .fault(let fault): fault.takesEffect ? nil : CallOutcome(fault)
    case nil: nil
    }
  }

  private func succeed(_ answer: CallAnswer, _ effect: MagicNumber.Effect?) -> CallOutcome {
    var answer = answer
    if effect == .numericStatus(0) { answer.status = .number(0) }
    return CallOutcome(.call(answer), fault: fault(of: effect))
  }

  private func fault(of effect: MagicNumber.Effect?) -> Fault? {
    if case .fault(let fault) = effect { fault } else { nil }
  }
}
