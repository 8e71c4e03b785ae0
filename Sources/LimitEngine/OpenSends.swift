internal import Limits

/// A send to a number that is pending, or counts as one that nobody has verified, and what it was charged to.
struct OpenSend: Sendable, Hashable {
  struct State: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    /// It was neither committed nor released.
    static let pending = State(rawValue: 1)
    /// It was not given back.
    static let charged = State(rawValue: 2)
    /// Its browser was trusted: it counts by nothing that strangers can use up.
    static let trusted = State(rawValue: 4)
    /// It counts in what is shared out among many.
    static let shared = State(rawValue: 8)

    /// It does not count in this ration.
    static func uncharged(_ ration: LimitID) -> State {
      switch ration {
      case .prefix4Ration: State(rawValue: 16)
      case .prefix6Ration: State(rawValue: 32)
      case .countryRation: State(rawValue: 64)
      default: []
      }
    }
  }

  let reservationID: [UInt8]
  /// When it was reserved, and until when it is remembered.
  let time: Int64
  let until: Int64
  /// By which it is known whose success may be its own: so much of the browser's and the net's keys.
  let browser: UInt32
  let net: UInt32
  var state: State
}

/// Those of a number, the oldest first: what a send was charged is given back by its record here, and so once, whether its success
/// comes first or its end.
struct OpenSends: Sendable {
  private var sends: [OpenSend] = []

  /// More that are not pending, or that are, there are only where the limits are off.
  private static let mostEnded = 32
  private static let mostPending = 64

  /// One of too many is forgotten: it stays charged.
  mutating func add(_ send: OpenSend) {
    sends.append(send)
    let pending = sends.count { $0.state.contains(.pending) }
    if pending > Self.mostPending, let oldest = sends.firstIndex(where: { $0.state.contains(.pending) }) {
      sends.remove(at: oldest)
    }
  }

  /// - Returns: the send as it was, if it was pending until now.
  mutating func end(_ reservationID: [UInt8], wasSent: Bool) -> OpenSend? {
    guard let index = sends.firstIndex(where: { $0.reservationID == reservationID && $0.state.contains(.pending) })
    else { return nil }
    let send = sends[index]
    sends[index].state.remove(.pending)
    if !wasSent || !send.state.contains(.charged) { sends.remove(at: index) }
    let ended = sends.count { !$0.state.contains(.pending) }
    if ended > Self.mostEnded, let oldest = sends.firstIndex(where: { !$0.state.contains(.pending) }) {
      sends.remove(at: oldest)
    }
    return send
  }

  /// Takes the send that a success is most likely to be of: one of the same browser or net before any other, one that was certainly
  /// sent before one that is pending, and the newest of them. It does not count any longer.
  mutating func verify(by browser: UInt32, in net: UInt32) -> OpenSend? {
    var best: (index: Int, likeness: Int)?
    for (index, send) in sends.enumerated() where send.state.contains(.charged) {
      let isOfBrowser = send.browser == browser
      let likeness =
        (isOfBrowser || send.net == net ? 4 : 0) + (send.state.contains(.pending) ? 0 : 2) + (isOfBrowser ? 1 : 0)
      if likeness >= best?.likeness ?? 0 { best = (index, likeness) }
    }
    guard let index = best?.index else { return nil }
    let send = sends[index]
    if send.state.contains(.pending) { sends[index].state.remove(.charged) } else { sends.remove(at: index) }
    return send
  }

  /// Those that may still end.
  mutating func keepPending() { sends.removeAll { !$0.state.contains(.pending) } }

  /// Until when the last of them is remembered; nil when there is none.
  var until: Int64? { sends.map(\.until).max() }
}

extension OpenSends {
  /// Those that are still remembered.
  init(_ record: ArraySlice<UInt8>?, now: Int64) throws(StoreFailure) {
    guard let record else { return }
    var reader = RecordReader(record)
    while !reader.isAtEnd {
      let send = OpenSend(
        reservationID: try reader.takeField(), time: try reader.takeTime(), until: try reader.takeTime(),
        browser: try reader.take(), net: try reader.take(), state: OpenSend.State(rawValue: try reader.take()))
      if send.until > now { sends.append(send) }
    }
  }

  var record: [UInt8] {
    var writer = RecordWriter(size: sends.count * 43)
    for send in sends {
      writer.put(send.reservationID)
      writer.put(send.time)
      writer.put(send.until)
      writer.put(send.browser)
      writer.put(send.net)
      writer.put(send.state.rawValue)
    }
    return writer.bytes
  }
}

extension CounterKey {
  /// Enough of it to tell a number's few visitors apart.
  var mark: UInt32 { bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }
}
