/// What a third party says of what its widget gave a visitor.
public enum WidgetFinding: Sendable, Hashable {
  case passed
  /// It was no person, or too late, or used before; or something that this visitor brought about.
  case refused(String)
  /// It lets nobody pass until the owner has fixed something.
  case broken(WidgetTrouble)
  /// It cannot say just now, whatever the reason.
  case failed(String)
}

/// Why a third party lets nobody pass, with what it says.
public enum WidgetTrouble: Sendable, Hashable {
  /// Something in front of it turns this machine away, whatever it asks.
  case turnedAway(String)
  /// It does not know the site's secret.
  case secret(String)
  /// It knows the secret, and not as the one of the widget that the page shows. A visitor can bring this about, too, with what
  /// another site's widget gave.
  case keys(String)

  /// For the log: what the third party says.
  public var reason: String {
    switch self {
    case .turnedAway(let reason), .secret(let reason), .keys(let reason): reason
    }
  }

  /// What the owner can do about it.
  public var advice: String {
    switch self {
    case .turnedAway:
      "a firewall in front of the third party, or on the way there, refuses this machine: have its address let through, or set "
        + "PINGATE_CHALLENGE=work"
    case .secret: "copy PINGATE_CHALLENGE_SECRET anew from where the widget was made"
    case .keys:
      "PINGATE_CHALLENGE_SITE_KEY and PINGATE_CHALLENGE_SECRET belong to different widgets, or one of them to a test: copy both "
        + "from the same widget; if visitors do pass, somebody brings what another site's widget gave"
    }
  }

  /// Told apart when the owner is told.
  var name: String {
    switch self {
    case .turnedAway: "turned-away"
    case .secret: "secret"
    case .keys: "keys"
    }
  }
}

/// What came of what a form had from a widget.
enum WidgetResult: Sendable, Hashable {
  case said(WidgetFinding)
  /// It was asked about before.
  case used
  /// The third party was not asked: too many bad responses came from where this comes from.
  case tooOften
  /// Nor here: its net has as many under way as it may.
  case netIsFull
  /// Nor here: all nets together have.
  case isFull

  /// For the log; nil for a visitor who passed.
  var reason: String? {
    switch self {
    case .said(.passed): nil
    case .said(.refused(let reason)), .said(.failed(let reason)): reason
    case .said(.broken(let trouble)): trouble.reason
    case .used: "used"
    case .tooOften: "too_often"
    case .netIsFull: "at_once"
    case .isFull: "at_once_all"
    }
  }
}
