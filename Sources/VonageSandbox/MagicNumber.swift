/// A number that always meets the same fate, so that every outcome can be shown and tested at will.
///
/// All are of the form +1 AAA 555 01SS, which is set aside for fiction and yet valid: the area says which call is
/// concerned, the last two digits what happens. The outbox page shows this very table.
public struct MagicNumber: Sendable, Hashable {
  public enum Effect: Sendable, Hashable {
    /// The call is answered with this status.
    case status(Int)
    /// The same, with a JSON number in place of Vonage's text.
    case numericStatus(Int)
    case fault(Fault)
  }

  /// As the API takes it: international, without `+`.
  public let digits: String
  public let operation: Operation
  public let effect: Effect

  init(area: Int, lastTwo: Int, _ operation: Operation, _ effect: Effect) {
    digits = "1\(area)55501" + (lastTwo < 10 ? "0" : "") + String(lastTwo)
    self.operation = operation
    self.effect = effect
  }

  /// As people read it: "+1 202 555 0107".
  public var display: String {
    let rest = digits.dropFirst()
    return "+1 \(rest.prefix(3)) \(rest.dropFirst(3).prefix(3)) \(rest.suffix(4))"
  }

  /// What happens, in one phrase.
  public var meaning: String {
    switch effect {
    case .fault(let fault): fault.meaning
    case .status(let status):
      if operation == .start, status == 10 {
        "status 10: a request is running already, and a message was sent"
      } else {
        "status \(status): \(Refusal.sample(status, of: operation, requestID: "…").text)"
      }
    case .numericStatus(0): "works, with the status 0 as a JSON number"
    case .numericStatus(let status): "status \(status) as a JSON number"
    }
  }

  /// All of them, in the order of the table.
  public static let all: [MagicNumber] =
    statuses(area: 202, .start, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 29, 99])
    + numericStatuses(area: 206, .start, [0, 1, 3, 7, 99])
    + faults(area: 404, .start)
    + statuses(area: 303, .check, [1, 2, 3, 4, 5, 6, 16, 17, 99])
    + numericStatuses(area: 307, .check, [0, 16, 17, 99])
    + faults(area: 505, .check)
    + statuses(area: 606, .control, [1, 2, 3, 4, 5, 6, 8, 9, 19, 99])
    + faults(area: 808, .control)
    + statuses(area: 707, .search, [1, 2, 3, 4, 5, 6, 99])
    + [MagicNumber(area: 707, lastTwo: 11, .search, .status(101))]
    + faults(area: 909, .search)

  /// What happens to this call about this number; nil for everything that is not magic.
  static func effect(of number: String, on operation: Operation) -> Effect? {
    byDigits[number].flatMap { $0.operation == operation ? $0.effect : nil }
  }

  private static let byDigits = Dictionary(uniqueKeysWithValues: all.map { ($0.digits, $0) })

  private static func statuses(area: Int, _ operation: Operation, _ statuses: [Int]) -> [MagicNumber] {
    statuses.map { MagicNumber(area: area, lastTwo: $0, operation, .status($0)) }
  }

  private static func numericStatuses(area: Int, _ operation: Operation, _ statuses: [Int]) -> [MagicNumber] {
    statuses.map { MagicNumber(area: area, lastTwo: $0, operation, .numericStatus($0)) }
  }

  private static func faults(area: Int, _ operation: Operation) -> [MagicNumber] {
    Fault.allCases.map { MagicNumber(area: area, lastTwo: $0.rawValue, operation, .fault($0)) }
  }
}
