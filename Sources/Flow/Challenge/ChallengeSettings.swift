/// What a stranger is asked for under attack, where the limits would else refuse their message.
public struct ChallengeSettings: Sendable, Hashable {
  /// Asked for instead of work; nil for work, which needs nobody else.
  public var widget: ChallengeWidget?
  /// How many parts of a puzzle one round of work is.
  package var partsOfARound: Int
  /// With how many zero bits each begins.
  package var bits: Int

  /// One round takes 2^18 hashes: 0.3 s of a desk's browser, 1 to 1.5 s of a phone's, 2 s of a slow one's (docs/challenge.md).
  package static let usual = (parts: 16, bits: 14)

  public init(widget: ChallengeWidget? = nil) {
    self.init(widget: widget, partsOfARound: Self.usual.parts, bits: Self.usual.bits)
  }

  package init(widget: ChallengeWidget? = nil, partsOfARound: Int, bits: Int) {
    self.widget = widget
    self.partsOfARound = partsOfARound
    self.bits = bits
  }

  /// More rounds than this nobody is asked for: a phone would be at it for a minute.
  static let mostRounds = 16

  /// So many times the work is asked for where all together ask the third party too much at once: then nobody knows who is a
  /// robot, and for none of them it is to be a bargain.
  static let crowdedWeight = 4
  /// Of that, no more than this many rounds: a phone has done them in 12 s.
  static let mostCrowdedRounds = 8
}

/// The widget of a third party, as its pages show it.
public struct ChallengeWidget: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case turnstile, hcaptcha

    /// The field that the widget adds to its form.
    package var field: String {
      switch self {
      case .turnstile: "cf-turnstile-response"
      case .hcaptcha: "h-captcha-response"
      }
    }

    /// By which its script finds the element that it fills.
    package var className: String {
      switch self {
      case .turnstile: "cf-turnstile"
      case .hcaptcha: "h-captcha"
      }
    }
  }

  public let kind: Kind
  /// The site's public name at the third party.
  public let siteKey: String
  /// The address of the widget's script.
  package let script: String
  /// The origins that the page with it, and no other, admits scripts, frames, styles and connections of.
  package let origins: [String]

  /// - Parameters:
  ///   - script: an https URL, or one of this machine.
  ///   - origins: as a content security policy has them.
  public init(_ kind: Kind, siteKey: String, script: String, origins: [String]) {
    self.kind = kind
    self.siteKey = siteKey
    self.script = script
    self.origins = origins
  }
}
