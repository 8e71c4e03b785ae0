/// What a call of the API comes to, before it is written down.
struct CallOutcome: Sendable {
  enum Answer: Sendable {
    case call(CallAnswer)
    case found(SearchAnswer)
    case list([SearchAnswer])

    var json: [UInt8] {
      switch self {
      case .call(let answer): JSONText.bytes(of: answer)
      case .found(let answer): JSONText.bytes(of: answer)
      case .list(let answers): JSONText.bytes(of: SearchAnswer.List(requests: answers))
      }
    }
  }

  var answer: Answer
  /// What goes wrong on the way of the answer.
  var fault: Fault?
  /// How long to wait before answering.
  var delay: Duration = .zero

  init(_ answer: Answer, fault: Fault? = nil) {
    self.answer = answer
    self.fault = fault
  }

  init(_ refusal: Refusal, isNumeric: Bool = false) {
    var answer = CallAnswer(refusal)
    if isNumeric { answer.status = .number(refusal.status) }
    self.init(.call(answer))
  }

  /// A fault in place of an answer.
  init(_ fault: Fault) {
    self.init(.call(CallAnswer(requestID: String(repeating: "0", count: 32))), fault: fault)
  }

  /// The word for it in the statistics.
  var counted: String {
    if let fault, !fault.takesEffect { return "fault" }
    guard case .call(let answer) = answer else { return "0" }
    switch answer.status {
    case .text(let text): return text
    case .number(let number): return String(number)
    }
  }
}
