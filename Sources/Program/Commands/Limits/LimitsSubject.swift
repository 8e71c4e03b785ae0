internal import Gateway
internal import Limits

/// What `pingate limits` is about, and which limits that has.
struct LimitsSubject {
  let title: String
  let isNumber: Bool
  /// Its own limits.
  let ownRules: [Rule]
  /// Where its bad responses of a third party's widget are counted: cleared with its own limits.
  var widgetRules: [Rule] = []
  /// Those it shares with others.
  let sharedRules: [Rule]
  let rations: [Ration]

  var rules: [Rule] { ownRules + sharedRules }

  init(site: CounterKey, of policy: LimitsPolicy) {
    title = "The whole site"
    isNumber = false
    ownRules = policy.rules(ofSite: site)
    sharedRules = []
    rations = []
  }

  /// - Parameter wideNet: the key of the /32 of an IPv6 address.
  init(
    _ address: ClientAddress, _ keys: (address: CounterKey, net: CounterKey), wideNet: CounterKey? = nil,
    of policy: LimitsPolicy
  ) {
    title = "\(address.host), net \(address.net)" + (address.wideNet.map { ", \($0)" } ?? "")
    isNumber = false
    ownRules = policy.rules(ofAddress: keys.address, net: keys.net, wideNet: wideNet)
    sharedRules = []
    rations = []
  }

  /// - Parameter browsers: those that are trusted with the number: there it has limits of its own.
  init(_ number: OwnersDesk.Number, in browsers: [CounterKey] = [], of policy: LimitsPolicy) {
    title = number.written + (number.country.map { " (\($0))" } ?? "")
    isNumber = true
    ownRules =
      policy.rules(ofNumber: number.keys.number) + policy.rules(ofNumber: number.keys.number, in: browsers)
    sharedRules = policy.rules(ofRangesOf: number.keys)
    rations = policy.rations(of: number.keys)
  }
}
