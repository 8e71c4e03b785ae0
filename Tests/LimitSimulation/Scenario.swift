public import Limits

/// One row of the simulation: who comes, who attacks and how, and what the limits must hold.
public struct Scenario: Sendable {
  /// An attacker who knows the rules and enters no PIN. Each message that he gets he has sent again for as long as that passes,
  /// and asks for one to another number where it does not.
  public struct Attack: Sendable {
    public enum Pace: Sendable {
      /// Each of his nets asks all day: after this time, or when the refusal says, but no later than after thirty times as long.
      case polling(Duration)
      /// Each of his nets asks until it has had the messages of one attempt, and then waits for a day. They begin within this time.
      case onceADay(within: Duration)
    }

    public var nets: Int
    /// How many addresses there are in each net.
    public var addresses = 1
    /// Whether each of the nets is an IPv6 /32, of which another /48 asks each time.
    public var areWide = false
    public var pace: Pace
    /// Whether all of his numbers are neighbors. Then some visitors' numbers are, too.
    public var onePrefix = false

    public init(nets: Int, addresses: Int = 1, areWide: Bool = false, pace: Pace, onePrefix: Bool = false) {
      self.nets = nets
      self.addresses = addresses
      self.areWide = areWide
      self.pace = pace
      self.onePrefix = onePrefix
    }
  }

  public let name: String
  /// New visitors in an hour: 30 in a hundred come from five addresses that many share, 85 verify after 20 to 180 seconds. Five
  /// find that no message came and press "Send again", and one of these five a second time.
  public let rate: Int
  public var attack: Attack?
  /// Whether a challenge is offered, of which 98 of a hundred people and 5 of a hundred robots pass a round.
  public var challenge = false
  /// 500 visitors within a minute, in the middle.
  public var newsletter = false
  /// The provider does not answer for ten minutes of each day.
  public var outage = false
  /// A week after the first day, on which there is no attack; four where so few come that one who is refused would be 0.3 %.
  public var days: Int
  /// The most messages that the attacker may get on any day; nil for as many as the budget has.
  public var mostMessages: Double?
  /// The most of the honest new visitors who may be refused, in percent.
  public var mostRefused: Double = 0
  /// The most of those who ask for their message again and may be refused, in percent. An attacker with many nets takes what the
  /// budget has for them; without one, it is a net's third message.
  public var mostRefusedAgain: Double { attack.map { $0.nets > 50 || $0.nets > 1 && $0.areWide } ?? false ? 100 : 15 }
  /// Whether those do not count who are refused because the whole budget is used up.
  public var forgivesBudget = false
  /// Whether it takes so little time that every run of the tests has it.
  public var isQuick = false

  public init(_ name: String, rate: Int) {
    self.name = name
    self.rate = rate
    days = rate < 10 ? 29 : 8
  }

  /// A thousand messages a day, as they are by default, or what is twice as much as the visitors need.
  public var budget: Int { max(1000, rate * 48) }

  /// A fifth of the day's budget an hour.
  public var policy: LimitsPolicy {
    var policy = LimitsPolicy()
    policy.limits[.siteDay] = Limit(budget, per: .seconds(86_400))
    policy.limits[.siteHour] = Limit(budget / 5, per: .seconds(3600))
    policy.followBudget(countries: 1)
    policy.challenge = challenge
    return policy
  }
}

extension Scenario {
  /// What is promised.
  public static let all: [Scenario] = rates.flatMap(ofRate)

  private static let rates = [2, 20, 200]

  private static func ofRate(_ rate: Int) -> [Scenario] {
    func row(_ name: String, _ change: (inout Scenario) -> Void) -> Scenario {
      var scenario = Scenario(name, rate: rate)
      scenario.isQuick = rate == 20 || rate == 2 && name == "newsletter"
      change(&scenario)
      // Of many nets one visitor more or less says nothing.
      if let attack = scenario.attack, attack.nets > 50 { scenario.days = min(scenario.days, 8) }
      return scenario
    }
    let often = Attack.Pace.polling(.seconds(60))
    func one(_ name: String, nets: Int, addresses: Int = 1, areWide: Bool = false) -> Scenario {
      row(name) {
        $0.attack = Attack(nets: nets, addresses: addresses, areWide: areWide, pace: often)
        ($0.mostMessages, $0.mostRefused) = (20, 0.5)
      }
    }
    return [
      row("nobody") { _ in },
      row("newsletter") { ($0.newsletter, $0.forgivesBudget) = (true, true) },
      row("outage") { $0.outage = true },
      one("one address", nets: 1), one("seven IPv4", nets: 7), one("one /48", nets: 1, addresses: 1000),
      one("one /32", nets: 1, areWide: true),
      row("ten /32") {
        $0.attack = Attack(nets: 10, areWide: true, pace: often)
        ($0.mostMessages, $0.mostRefused) = (200, 3)
        $0.isQuick = false
      },
      row("50 nets") {
        $0.attack = Attack(nets: 50, pace: often)
        ($0.mostMessages, $0.mostRefused) = (150, 3)
        $0.isQuick = false
      },
      row("one prefix, 1,000 nets") {
        $0.attack = Attack(nets: 1000, pace: .polling(.seconds(600)), onePrefix: true)
        ($0.mostMessages, $0.mostRefused) = (30, 0)
        $0.isQuick = false
      },
    ]
      + [("over the day", 86_400), ("at once", 600)].flatMap { time, seconds in
        [false, true].map { challenge in
          row("1,000 nets \(time)" + (challenge ? ", challenge" : "")) {
            $0.attack = Attack(nets: 1000, pace: .onceADay(within: .seconds(seconds)))
            $0.challenge = challenge
            $0.mostRefused = challenge ? 5 : 35
            $0.isQuick = $0.isQuick && challenge && seconds > 600
          }
        }
      } + [
        row("100,000 nets, challenge") {
          $0.attack = Attack(nets: 100_000, pace: .onceADay(within: .seconds(86_400)))
          ($0.challenge, $0.mostRefused, $0.days) = (true, 15, 4)
          $0.isQuick = false
        }
      ]
  }
}
