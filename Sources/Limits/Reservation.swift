internal import Encoding

/// What was reserved: a send is committed or released by it, and a right try turned into a success.
///
/// It stays in the process that made it. What is lost with that process stays counted.
public struct Reservation: Sendable, Hashable {
  /// Random, 16 bytes.
  package let id: [UInt8]
  /// When it was reserved, in the limiter's time.
  package let time: Int64
  package private(set) var rules: [Rule]
  package let rations: [Ration]
  /// Those of them that it was not added to as a message that nobody has verified: the owner has the range open, or only
  /// watches what is over a limit.
  package let unchargedRations: [LimitID]
  package let pair: ReservationRequest.Pair
  package let nonce: CounterKey?
  package let runningLife: Duration?
  /// As whose message it was counted; nil for a try.
  package let rank: SenderRank?
  /// Whose proof went first with it.
  package private(set) var proof: CounterKey?
  /// The net that it counts against until it is verified; nil where it does not.
  package private(set) var net: CounterKey?
  /// How many messages a day the budget has that it got a part of; nil where that is not shared out.
  package let sharedDay: Int?
  /// Whether it passed by one of the site's second chances.
  package let tookChance: Bool
  /// Whether it is a message sent again for an attempt that has had one.
  package let isResend: Bool

  package init(
    id: [UInt8], time: Int64, rules: [Rule], unchargedRations: [LimitID] = [], rank: SenderRank? = nil,
    tookChance: Bool = false, of request: ReservationRequest
  ) {
    self.tookChance = tookChance
    isResend = request.isResend
    self.id = id
    self.time = time
    self.rank = rank
    self.rules = rules
    rations = request.rations(of: rank)
    self.unchargedRations = unchargedRations
    proof = rank == .first ? request.proof : nil
    net = rank == .trusted ? nil : request.indebtedNet
    sharedDay = rank == .trusted ? nil : request.share?.day
    pair = request.pair
    nonce = request.nonce
    runningLife = request.runningLife
  }

  /// The same without what its asker's address, net and browser have used up: released so, it costs nothing but the asking, and who asks for ever is stopped.
  public var withoutAsker: Reservation {
    var reservation = self
    reservation.rules.removeAll(where: \.id.countsAsking)
    reservation.net = nil
    reservation.proof = nil
    return reservation
  }

  package static func newID() -> [UInt8] { .random128() }

  /// What it is taken out of where nobody knows whether a message was sent: what counts messages that a visitor failed to
  /// verify. The minute stays: who asks for ever is slowed down.
  package var rulesOfUnverified: [Rule] { rules.filter { $0.id.countsUnverified && $0.id != .addressMinute } }

  /// What a right try is taken out of.
  package var rulesOfWrongOnly: [Rule] { rules.filter(\.id.countsWrongOnly) }

  /// For how long a send can be committed or released: long after any provider has answered.
  package static let life: Duration = .seconds(3600)
}
