public import Limits

/// One row of the simulation: who comes, who attacks and how, and what the limits must hold.
public struct Scenario: Sendable {
  /// An attacker who knows the rules and enters no PIN.
  public struct Attack: Sendable {
    public enum Pace: Sendable {
      /// Each of his nets asks again about so often, all day.
      case polling(Duration)
      /// Each of his nets asks until it has one message, and then waits for a day. They begin within this time.
      case onceADay(within: Duration)
    }

    public var nets: Int
    /// How many addresses there are in each net.
    public var addresses = 1
    public var pace: Pace
    /// Whether all of his numbers are neighbors.
    public var onePrefix = false

    public init(nets: Int, addresses: Int = 1, pace: Pace, onePrefix: Bool = false) {
      self.nets = nets
      self.addresses = addresses
      self.pace = pace
      self.onePrefix = onePrefix
    }
  }

  public let name: String
  /// New visitors in an hour: 30 in a hundred come from five addresses that many share, 85 verify after 20 to 180 seconds.
  public let rate: Int
  public var attack: Attack?
  /// Whether a challenge is offered, of which 98 of a hundred people and 5 of a hundred robots pass a round.
  public var challenge = false
  /// 500 visitors within a minute, in the middle.
  public var newsletter = false
  /// The provider does not answer for ten minutes of each day.
  public var outage = false
  public var days = 7
  /// The most messages a day that the attacker may get, as an average; nil for as many as the budget has.
  public var mostMessages: Double?
  /// The most of the honest new visitors who may be refused, in percent.
  public var mostRefused: Double = 0
  /// Whether those do not count who are refused because the whole budget is used up.
  public var forgivesBudget = false
  /// Whether it takes so little time that every run of the tests has it.
  public var isQuick = false

  public init(_ name: String, rate: Int) {
    self.name = name
    self.rate = rate
  }

  /// A thousand messages a day and two hundred an hour, as they are by default, or what is twice as much as the visitors need.
  public var policy: LimitsPolicy {
    var policy = LimitsPolicy()
    let day = max(1000, rate * 48)
    policy.limits[.siteDay] = Limit(day, per: .seconds(86_400))
    policy.limits[.siteHour] = Limit(day / 5, per: .seconds(3600))
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
      scenario.isQuick = rate == 20
      change(&scenario)
      return scenario
    }
    let often = Attack.Pace.polling(.seconds(60))
    func one(_ name: String, nets: Int, addresses: Int = 1) -> Scenario {
      row(name) {
        $0.attack = Attack(nets: nets, addresses: addresses, pace: often)
        ($0.mostMessages, $0.mostRefused) = (20, 0.5)
      }
    }
    return [
      row("nobody") { _ in },
      row("newsletter") { ($0.newsletter, $0.forgivesBudget) = (true, true) },
      row("outage") { $0.outage = true },
      one("one address", nets: 1), one("seven IPv4", nets: 7), one("one /48", nets: 1, addresses: 1000),
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
          ($0.challenge, $0.mostRefused, $0.days) = (true, 15, 3)
          $0.isQuick = false
        }
      ]
  }
}
