/// Why a typed number gets no PIN. Each case has its own text for the visitor, which says how to fix it.
public enum NumberRefusal: String, Error, Sendable, Hashable, CaseIterable {
  // What was typed.
  /// It contains more than digits and separators, or more of them than any number has.
  case unreadable
  /// A number with an extension, which neither a text message nor a call with the PIN can reach.
  case hasExtension = "has_extension"

  // Its length. A number has 7 to 15 digits including the country code, whatever its country permits.
  /// A country code that is not assigned.
  case unknownCountryCode = "unknown_country_code"
  case tooShort = "too_short"
  /// The area code is missing.
  case localOnly = "local_only"
  case tooLong = "too_long"
  /// Neither too short nor too long, but its country has no numbers of this length.
  case wrongLength = "wrong_length"

  // Its range.
  /// The right length, but in no range that its country has opened.
  case notValid = "not_valid"
  case premiumRate = "premium_rate"
  case sharedCost = "shared_cost"
  case tollFree = "toll_free"
  case pager
  case voicemail
  /// A number of an organization ("universal access", "company number"), not of a single phone.
  case organization
  /// A "personal number" that follows its owner from line to line, at a price set by whoever sold it.
  case personal
  /// Internet telephony: not bound to a device (NIST SP 800-63B, section 5.1.3.1), and Vonage refuses it as well.
  case voip

  // Its country.
  /// An acceptable number, but of a country that the site does not serve.
  case wrongCountry = "wrong_country"

  /// The stable name of this refusal, for logs and counters: "number.wrong_country".
  public var code: String { "number." + rawValue }
}
