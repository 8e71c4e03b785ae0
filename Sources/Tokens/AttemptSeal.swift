internal import Verification

/// Seals a pending attempt into the text of a hidden form field, or of what one process leaves to another, and opens it
/// again.
///
/// A visitor can neither read it, change it, nor put another's request into it. That a genuine one can be sent again is
/// for Vonage, and for the counters, to deal with.
package struct AttemptSeal: Sendable {
  private let seal: Seal

  /// - Parameter site: what tells this site from another one that has the same keys.
  package init(_ keyring: Keyring, for purpose: Keyring.Purpose = .pendingAttempt, site: String) {
    seal = Seal(keyring, for: purpose, site: site, version: Self.version, longestText: Self.longestToken)
  }

  package func seal(_ pending: Pending) throws -> String {
    try seal.seal(Self.encode(pending))
  }

  /// What was sealed in a token, or nil when it is not one of ours, of whatever reason: none is told to anybody.
  package func open(_ token: String) -> Pending? {
    seal.open(token).flatMap(Self.decode)
  }

  /// Version 1 knew no sending again: its forms are no longer ours.
  private static let version: UInt8 = 2

  /// More than the longest attempt needs, which is 312 characters.
  package static let longestToken = 320

  // Five times of eight bytes; sends, sends of the running request, flags; the nonce and the browser's tag; then
  // number, first request id and running one (empty: the same), each after a byte with its length.
  private static func encode(_ pending: Pending) -> [UInt8] {
    let attempt = pending.attempt
    var bytes: [UInt8] = []
    bytes.reserveCapacity(longestToken)
    let times = [
      attempt.startedAt, attempt.requestStartedAt, attempt.lastSentAt, pending.pinMadeAt, pending.nextSendAt,
    ]
    for time in times {
      bytes += UInt64(bitPattern: time.secondsSinceEpoch).bigEndianBytes
    }
    bytes.append(UInt8(clamping: attempt.sends))
    bytes.append(UInt8(clamping: attempt.requestSends))
    // The third says that the newest message came another way than the first one of its request.
    let hasOther: UInt8 = attempt.lastChannel == attempt.channel ? 0 : 4
    bytes.append((pending.isJoined ? 1 : 0) | (attempt.channel == .call ? 2 : 0) | hasOther)
    bytes += pending.nonce.bytes + pending.browserTag
    let running = attempt.requestID == attempt.id ? "" : attempt.requestID.value
    for text in [attempt.number.digits, attempt.id.value, running] {
      bytes.append(UInt8(text.utf8.count))
      bytes += text.utf8
    }
    return bytes
  }

  private static func decode(_ bytes: [UInt8]) -> Pending? {
    var rest = bytes[...]
    var times: [Timestamp] = []
    for _ in 0..<5 {
      guard let time = pop(8, &rest) else { return nil }
      let seconds = time.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      times.append(Timestamp(secondsSinceEpoch: Int64(bitPattern: seconds)))
    }
    guard let sends = rest.popFirst(), let requestSends = rest.popFirst(), let flags = rest.popFirst(), flags < 8,
      let nonce = pop(FormNonce.length, &rest).flatMap({ FormNonce($0) }),
      let tag = pop(BrowserCookie.tagLength, &rest),
      let number = popText(&rest).flatMap({ PhoneNumber(e164: $0) }),
      let id = popText(&rest).flatMap({ RequestID($0) }),
      let running = popText(&rest), rest.isEmpty,
      let requestID = running.isEmpty ? id : RequestID(running)
    else { return nil }
    let channel: Channel = flags & 2 != 0 ? .call : .text
    let other: Channel = channel == .call ? .text : .call
    let attempt = Attempt(
      id: id, requestID: requestID, number: number, channel: channel,
      lastChannel: flags & 4 != 0 ? other : channel, startedAt: times[0], requestStartedAt: times[1],
      lastSentAt: times[2], sends: Int(sends), requestSends: Int(requestSends))
    return Pending(
      attempt: attempt, isJoined: flags & 1 != 0, pinMadeAt: times[3], nextSendAt: times[4], nonce: nonce,
      browserTag: tag)
  }

  private static func pop(_ count: Int, _ bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard bytes.count >= count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return Array(bytes.prefix(count))
  }

  private static func popText(_ bytes: inout ArraySlice<UInt8>) -> String? {
    guard let length = bytes.popFirst(), let text = pop(Int(length), &bytes) else { return nil }
    return String(validating: text, as: UTF8.self)
  }
}
