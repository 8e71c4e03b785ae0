/// What a page with a form says beside it.
enum Message: Sendable, Hashable {
  /// A complaint about what was typed: at the field, and in a summary that leads to it.
  case field(String)
  /// Something went wrong that the visitor did not do.
  case trouble(String)
  /// Something good to know.
  case news(String)

  enum Kind: String, CaseIterable, Sendable {
    case field = "fieldError"
    case trouble, news
  }

  var kind: Kind {
    switch self {
    case .field: .field
    case .trouble: .trouble
    case .news: .news
    }
  }

  var text: String {
    switch self {
    case .field(let text), .trouble(let text), .news(let text): text
    }
  }
}
