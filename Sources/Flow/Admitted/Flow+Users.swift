internal import Gate
internal import Gateway
internal import Logging
internal import Tokens
internal import Verification

/// Two factors: the web server has checked a password, and the PIN goes to that user's number. Nobody is asked for a
/// number, and only a number's last two digits are ever shown.
extension Flow {
  /// The user that PINs are sent to.
  struct UserRecipient {
    let number: PhoneNumber
    let channel: Channel
    /// Nil for a name that is not in the file.
    let country: Country?
    /// The number in the file; nil for a user without one.
    var listed: PhoneNumber?
  }

  /// Whether the site's visitors are users with passwords.
  var isForUsers: Bool {
    if case .users = settings.admitted { return true }
    return false
  }

  /// `GET /`: the form that asks for no number.
  func userForm(for request: Request) -> Conclusion {
    let context = RequestContext(Representation(wantedBy: request))
    context.user = UserName(of: request)
    guard setRecipient(context) != nil else { return concluder.conclude(.userMissing, context, details: Self.noUser) }
    if case .entryPage(let sealed, let lostForm)? = entryPage(for: request) {
      (context.arguments.entry, context.arguments.lostForm) = (sealed, lostForm)
    }
    return concluder.conclude(.userForm, context)
  }

  /// Makes the user's number the one that the pages are about.
  ///
  /// - Returns: nil if the web server names no user.
  @discardableResult
  func setRecipient(_ context: RequestContext) -> UserRecipient? {
    guard case .users(let read) = settings.admitted, let user = context.user else { return nil }
    let recipient = recipient(user, among: read(), context)
    context.arguments.ending = String(recipient.number.digits.suffix(2))
    context.listedNumber = recipient.listed
    return recipient
  }

  /// Whether an attempt belongs to the user who sends the form now.
  func isAttempt(_ attempt: Attempt, of context: RequestContext) -> Bool {
    guard isForUsers else { return true }
    return setRecipient(context)?.number == attempt.number
  }

  static let noUser: Logger.Metadata = [
    "reason": "the web server names no user: have it check a password first, and pass REMOTE_USER"
  ]

  private func recipient(_ user: UserName, among users: UserNumbers, _ context: RequestContext) -> UserRecipient {
    if let number = users.number(of: user) {
      if case .accepted(let found) = plan.read("+" + number.digits, isConfirmed: true),
        found.line == .mobile || makesCalls
      {
        let channel: Channel = found.line == .landline ? .call : .text
        return UserRecipient(number: found.number, channel: channel, country: found.country, listed: number)
      }
    }
    return UserRecipient(number: decoy(of: user, among: users), channel: .text, country: nil)
  }

  /// It is as long as some other user's number, so that the length of sealed content reveals nothing.
  private func decoy(of user: UserName, among users: UserNumbers) -> PhoneNumber {
    let lengths = users.lengths
    let length = lengths.isEmpty ? 11 : lengths[decoys.choice(of: user, outOf: lengths.count)]
    return decoys.number(of: user, length: length)
  }

  /// Tells the owner, and nobody else, that no message was sent, and why.
  func tellUnsent(to number: PhoneNumber, _ context: RequestContext) {
    guard !admits(number) else { return }
    var metadata: Logger.Metadata = ["exchange": "\(context.reference)"]
    guard case .users(let read) = settings.admitted, let user = context.user else {
      metadata["number"] = "\(number)"
      return log.notice("gate.not_listed", metadata: metadata)
    }
    metadata["user"] = "\(user)"
    metadata["line"] = read().line(of: user).map { "\($0)" }
    log.notice("gate.no_number", metadata: metadata)
  }

  /// Whether PINs may be sent to a number at all.
  func admits(_ number: PhoneNumber) -> Bool { Self.admits(number, settings.admitted) }

  static func admits(_ number: PhoneNumber, _ admitted: Admitted) -> Bool {
    switch admitted {
    case .everyNumber: true
    case .listed(let read): read().contains(number)
    case .users: !Decoys.isDecoy(number)
    }
  }
}
