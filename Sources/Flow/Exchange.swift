internal import Tokens
internal import Verification

/// What is known about one request on its way through the site: enough for its page and for its line in the log.
///
/// A value, kept as one reference: it goes through many async functions, and each of those has room for every copy that
/// it ever makes, for as long as it waits for the provider. It is copied where it is changed and somebody else has it too.
@dynamicMemberLookup
struct Exchange: Sendable {
  /// Sendable, because the facts are only changed while one exchange alone has them.
  private final class Storage: @unchecked Sendable {
    var facts: ExchangeFacts

    init(_ facts: ExchangeFacts) {
      self.facts = facts
    }
  }

  private var storage = Storage(ExchangeFacts())

  subscript<Value>(dynamicMember fact: KeyPath<ExchangeFacts, Value>) -> Value {
    storage.facts[keyPath: fact]
  }

  subscript<Value>(dynamicMember fact: WritableKeyPath<ExchangeFacts, Value>) -> Value {
    get { storage.facts[keyPath: fact] }
    set {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.facts) }
      storage.facts[keyPath: fact] = newValue
    }
  }
}

/// What an exchange holds.
struct ExchangeFacts: Sendable {
  /// A name for this exchange that says nothing: in the log, and on a page that the visitor may have to ask about; empty
  /// where the log has no line about it.
  var name: String
  /// The way from this page to the site's first one, "./" or "../".
  var home = "./"
  var visitor: Visitor?
  /// When its form came.
  var time: Timestamp?
  /// Whether the log has had enough lines of its kind.
  var isUnrecorded = false
  /// What the page says of its address to others.
  var referrerPolicy = PageHeaders.referrerPolicy
  /// Whether the answer is an address at which a browser asks for the page, and can again.
  var isAnsweredByAddress = false
  /// The cookie to hand out, as its whole field.
  var newCookie: String?
  /// The cookie that the visitor has, as a field that makes it live longer.
  var renewedCookie: String?
  /// The number for the pages: as it was typed while it is not known to be one, else as its owner would write it. Never
  /// for the log.
  var writtenNumber = ""
  var number: PhoneNumber?
  var pending: PendingAttempt?
  /// The pending attempt as it was sealed.
  var token = ""
  var lifetime: PINLifetime?
  /// When the next message may be asked for, in words.
  var again = ""
  /// The same as whole seconds; nil when there is nothing to wait for.
  var againSeconds: Int64?
  /// How long the visitor is asked to wait.
  var wait: Duration?
  /// Whether its number gets text messages, for whom calls are made.
  var takesMessages = true
  /// How many tries are left after a wrong PIN.
  var triesLeft: Int?
  /// Whose number it is and which countries the site serves, in words, for whom it matters.
  var owner = ""
  var countries = ""
  /// What a number form carries, sealed, where that was made before.
  var form = ""
  /// The numbers that could be meant.
  var choices: [Choice] = []
  /// How the PIN shall come that was asked for. A page may show one that came another way, and what is said of the asking
  /// follows this. Nil where none was asked for.
  var channel: Channel?
  /// The request that was given up on the way to the number form.
  var givenUp: RequestID?

  /// A number on a button.
  struct Choice: Sendable {
    /// As its owner would write it abroad: what the button posts.
    let number: String
    let country: String
  }

  init() {
    // 40 random bits: two among a thousand failures of a day are hardly ever the same.
    name = String(UInt64.random(in: 0..<1 << 40), radix: 32, uppercase: false)
  }
}
