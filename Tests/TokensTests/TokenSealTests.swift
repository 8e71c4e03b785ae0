import Crypto
import Encoding
import Foundation
import Testing
import Verification

@testable import Tokens

private func key(_ byte: UInt8) -> SymmetricKey { SymmetricKey(data: [UInt8](repeating: byte, count: 32)) }

private func seal(_ bytes: [UInt8] = [1], site: String = "a") throws -> TokenSeal<PendingAttempt> {
  TokenSeal<PendingAttempt>(try #require(Keyring(bytes.map(key))), site: site)
}

extension RequestID {
  fileprivate static let test = RequestID("abcdef0123456789abcdef0123456789", of: .vonageV1)!
  fileprivate static let second = RequestID("2222222222222222abcdef0123456789", of: .vonageV1)!
}

extension TokenSeal {
  fileprivate func sealed(_ content: Content) throws -> String { try #require(seal(content)) }
}

extension Seal {
  fileprivate func sealed(_ bytes: [UInt8]) throws -> String { try #require(seal(bytes)) }
}

private let never = Timestamp(secondsSinceEpoch: .max)

private let pending = PendingAttempt(
  attempt: Attempt(
    id: .test, requestID: .second, number: PhoneNumber(e164: "12025550143")!, channel: .call,
    startedAt: Timestamp(secondsSinceEpoch: 1_800_000_000),
    requestStartedAt: Timestamp(secondsSinceEpoch: 1_800_000_050),
    lastSentAt: Timestamp(secondsSinceEpoch: 1_800_000_100), sends: 3, requestSends: 2),
  isJoined: true, pinMadeAt: Timestamp(secondsSinceEpoch: 1_800_000_060), nextSendAt: never,
  browserTag: Array(1...8))

@Test func `what is sealed comes out again`() throws {
  let seal = try seal()
  #expect(seal.open(try seal.sealed(pending)) == pending)
  #expect(seal.seal(pending) != seal.seal(pending))
}

@Test(arguments: Channel.allCases, Channel.allCases)
func `how a request began and how its newest message came are kept apart`(first: Channel, last: Channel) throws {
  let time = Timestamp(secondsSinceEpoch: 1_800_000_000)
  let number = try #require(PhoneNumber(e164: "12025550143"))
  let attempt = Attempt(requestID: .test, number: number, startedAt: time, sends: 1, channel: first)
    .sent(again: .test, by: last, at: time + .seconds(60))
  #expect(attempt.channel == first && attempt.lastChannel == last)
  let pending = PendingAttempt(
    attempt: attempt, isJoined: false, pinMadeAt: time, nextSendAt: time, browserTag: Array(1...8))
  let seal = try seal()
  #expect(seal.open(try seal.sealed(pending)) == pending)
}

@Test func `the longest attempt fits`() throws {
  let seal = try seal()
  let far = Timestamp(secondsSinceEpoch: .max)
  let longest = PendingAttempt(
    attempt: Attempt(
      id: RequestID(String(repeating: "x", count: 64), of: other)!,
      requestID: RequestID(String(repeating: "y", count: 64), of: other)!,
      number: PhoneNumber(e164: "123456789012345")!, channel: .text, startedAt: far, requestStartedAt: far,
      lastSentAt: far, sends: 255, requestSends: 255),
    isJoined: false, pinMadeAt: far, nextSendAt: far, browserTag: Array(1...8))
  let token = try seal.sealed(longest)
  #expect(token.utf8.count <= PendingAttempt.longestToken)
  #expect(seal.open(token) == longest)
}

@Test(arguments: [nil, RequestID.test, RequestID(String(repeating: "x", count: 64), of: .vonageV1)])
func `what a number form carries is sealed too, and for nothing else`(givenUp: RequestID?) throws {
  let ring = try #require(Keyring([key(1)]))
  let forms = TokenSeal<FormToken>(ring, site: "a")
  let pass = FormToken(
    browserTag: Array(1...8), givenUp: givenUp, madeAt: Timestamp(secondsSinceEpoch: 1_800_000_000))
  let text = try forms.sealed(pass)
  #expect(forms.open(text) == pass)
  #expect(TokenSeal<FormToken>(ring, site: "b").open(text) == nil)
  #expect(TokenSeal<PendingAttempt>(ring, site: "a").open(text) == nil)
  #expect(forms.open(try TokenSeal<PendingAttempt>(ring, site: "a").sealed(pending)) == nil)
}

@Test func `a flipped bit anywhere is refused`() throws {
  let seal = try seal()
  let bytes = try #require(Base64URL.decode(try seal.sealed(pending)))
  for position in bytes.indices {
    for bit in 0..<8 {
      var changed = bytes
      changed[position] ^= 1 << bit
      #expect(seal.open(Base64URL.encode(changed)) == nil, "bit \(bit) of byte \(position)")
    }
  }
}

@Test func `a changed character anywhere is refused`() throws {
  let seal = try seal()
  let token = Array(try seal.sealed(pending).utf8)
  for position in token.indices {
    var changed = token
    changed[position] = changed[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
    #expect(seal.open(String(decoding: changed, as: UTF8.self)) == nil, "character \(position)")
  }
}

@Test func `a truncated, extended, doubled or empty token is refused`() throws {
  let seal = try seal()
  let token = try seal.sealed(pending)
  for length in 0..<token.count { #expect(seal.open(String(token.prefix(length))) == nil) }
  for more in ["A", "AA", "AAAA", "=", " ", "\0", token] { #expect(seal.open(token + more) == nil) }
  #expect(seal.open(" " + token) == nil)
  #expect(seal.open(String(repeating: "A", count: 1_000_000)) == nil)
}

@Test func `a token of another site or key is refused`() throws {
  let token = try seal([1], site: "a").sealed(pending)
  #expect(try seal([1], site: "b").open(token) == nil)
  #expect(try seal([2], site: "a").open(token) == nil)
}

@Test func `a token made for another purpose is refused`() throws {
  func derived(_ purpose: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(inputKeyMaterial: key(1), info: Array("\(purpose)\0a".utf8), outputByteCount: 32)
  }
  func resealed(_ plain: Data, _ key: SymmetricKey, version: UInt8 = 3) throws -> String {
    let box = try AES.GCM.seal(plain, using: key, authenticating: [version])
    return Base64URL.encode([version] + (try #require(box.combined)))
  }
  let right = derived("pingate.pending-attempt.v1")
  let bytes = try #require(Base64URL.decode(try seal().sealed(pending)))
  let plain = try AES.GCM.open(AES.GCM.SealedBox(combined: bytes.dropFirst()), using: right, authenticating: [3])
  #expect(try seal().open(resealed(plain, right)) == pending)
  // The version before, which had no tags.
  #expect(try seal().open(resealed(plain, right, version: 2)) == nil)
  #expect(try seal().open(resealed(plain, right, version: 4)) == nil)
  #expect(try seal().open(resealed(plain, derived("pingate.other.v1"))) == nil)
  // The owner's key as it is.
  #expect(try seal().open(resealed(plain, key(1))) == nil)
  // Sealed by us, but not all of it an attempt.
  #expect(try seal().open(resealed(plain.dropLast(), right)) == nil)
  #expect(try seal().open(resealed(plain + [0], right)) == nil)
  #expect(try seal().open(resealed(Data(), right)) == nil)
}

@Test func `after a change of keys the old ones open and the new one seals`() throws {
  let old = try seal([1])
  let new = try seal([2, 1])
  #expect(new.open(try old.sealed(pending)) == pending)
  #expect(old.open(try new.sealed(pending)) == nil)
  #expect(try seal([2]).open(new.sealed(pending)) == pending)
  #expect(try seal([2]).open(try old.sealed(pending)) == nil)
}

@Test func `a keyring holds keys of 32 bytes, and at least one`() {
  #expect(Keyring([]) == nil)
  #expect(Keyring([key(1), SymmetricKey(size: .bits128)]) == nil)
  #expect(Keyring([SymmetricKey(size: .init(bitCount: 264))]) == nil)
  #expect(Keyring([key(1), key(2)]) != nil)
}

// MARK: Whose a request is

private func attempt(_ id: RequestID, _ requestID: RequestID) -> PendingAttempt {
  let time = Timestamp(secondsSinceEpoch: 1_800_000_000)
  return PendingAttempt(
    attempt: Attempt(
      id: id, requestID: requestID, number: PhoneNumber(e164: "12025550143")!, channel: .text, startedAt: time,
      requestStartedAt: time, lastSentAt: time, sends: 2, requestSends: 1),
    isJoined: false, pinMadeAt: time, nextSendAt: time, browserTag: Array(1...8))
}

private struct AnyTag: RawRepresentable {
  let rawValue: UInt8
}

private let other = Provider("other-sms-gate-9")!

@Test(arguments: [
  (RequestID.test, RequestID.test), (.test, .second), (.test, RequestID("VE_1", of: other)!),
  (RequestID("VE_1", of: other)!, RequestID.test), (RequestID("VE_1", of: other)!, RequestID("VE_1", of: other)!),
  // Two providers may have the same name for two requests.
  (.test, RequestID(RequestID.test.value, of: other)!),
])
func `an attempt knows whose its requests are`(id: RequestID, requestID: RequestID) throws {
  let seal = try seal()
  let opened = try #require(seal.open(try seal.sealed(attempt(id, requestID))))
  #expect(opened.attempt.id == id && opened.attempt.requestID == requestID)
  #expect(opened.attempt.requestID.provider == requestID.provider)
  let form = FormToken(
    browserTag: Array(1...8), givenUp: requestID, madeAt: Timestamp(secondsSinceEpoch: 1_800_000_000))
  let forms = TokenSeal<FormToken>(try #require(Keyring([key(1)])), site: "a")
  #expect(forms.open(try forms.sealed(form))?.givenUp == requestID)
}

@Test func `an attempt that does not say whose it is has the only provider that there was`() throws {
  var fields = FieldWriter()
  attempt(.test, .second).write(to: &fields)
  // As it was written before there were providers.
  let reader = try #require(FieldReader(fields.bytes))
  #expect((14...15).allSatisfy { reader.bytes(AnyTag(rawValue: $0)).isEmpty })
  let opened = PendingAttempt(reader)
  #expect(opened?.attempt.id.provider == .vonageV1 && opened?.attempt.requestID.provider == .vonageV1)
}

@Test(arguments: ["", "Other", "vonage v1", "other-sms-gate-10", "é"])
func `a provider has a name of 1 to 16 lower-case letters, digits and hyphens`(name: String) {
  #expect(Provider(name) == nil)
  #expect(Provider("vonage-v1") == .vonageV1)
}

@Test func `a token with a provider that cannot be is none of ours`() throws {
  var fields = FieldWriter()
  attempt(.test, .test).write(to: &fields)
  for name in ["Other", "other-sms-gate-10"] {
    let more = [14, UInt8(name.utf8.count)] + Array(name.utf8)
    #expect(FieldReader(fields.bytes + more).flatMap { PendingAttempt($0) } == nil)
    // A running request's, without one.
    #expect(FieldReader(fields.bytes + [15] + more.dropFirst()).flatMap { PendingAttempt($0) } == nil)
  }
  let known = FieldReader(fields.bytes + [14, 5] + Array("other".utf8)).flatMap { PendingAttempt($0) }
  #expect(known?.attempt.id.provider == Provider("other"))
}

// MARK: Fields

private enum Tag: UInt8 {
  case one = 1
  case two = 2
}

private func written(_ write: (inout FieldWriter) -> Void) -> [UInt8] {
  var fields = FieldWriter()
  write(&fields)
  return fields.bytes
}

@Test(arguments: [0, 1, 127, 128, 129, 255, 256, 16_383])
func `a field of each length comes out again`(length: Int) throws {
  let content = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
  let bytes = written {
    $0.put(Tag.one, content)
    $0.put(Tag.two, "é")
  }
  let fields = try #require(FieldReader(bytes))
  #expect(Array(fields.bytes(Tag.one)) == content)
  #expect(fields.text(Tag.two) == "é")
}

@Test func `a field is as short as its content`() {
  #expect(written { $0.put(Tag.one, UInt64(0)) } == [])
  #expect(written { $0.put(Tag.one, "") } == [])
  #expect(written { $0.put(Tag.one, UInt64(255)) } == [1, 1, 255])
  #expect(written { $0.put(Tag.one, UInt64(256)) } == [1, 2, 1, 0])
  #expect(written { $0.put(Tag.one, [UInt8](repeating: 7, count: 128)) }.prefix(3) == [1, 0x80, 1])
}

@Test(arguments: [0, 1, -1, 1_800_000_000, Int64.max, .min])
func `a time comes out again`(seconds: Int64) throws {
  let fields = try #require(FieldReader(written { $0.put(Tag.one, Timestamp(secondsSinceEpoch: seconds)) }))
  #expect(fields.time(Tag.one) == Timestamp(secondsSinceEpoch: seconds))
}

@Test(
  arguments: [
    [1], [1, 1], [1, 2, 7], [1, 0x80], [1, 0x80, 0x80, 1], [1, 1, 7, 1, 1, 7], [1, 1, 7, 2], [1, 0xFF, 0x7F, 0],
  ] as [[UInt8]])
func `bytes that end within a field, or have it twice, are refused`(bytes: [UInt8]) {
  #expect(FieldReader(bytes) == nil)
}

@Test func `what is no number and no text is refused`() throws {
  let fields = try #require(FieldReader([1, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 1, 0xFF]))
  #expect(fields.number(Tag.one) == nil && fields.time(Tag.one) == nil)
  #expect(fields.text(Tag.two) == nil)
}

/// A content, with the fields that a later program adds to it, and without each of its own.
private func `is read by tags`<Content: TokenContent & Equatable>(_ content: Content, without needless: Set<UInt8>)
  throws
{
  let keyring = try #require(Keyring([key(1)]))
  let tokens = TokenSeal<Content>(keyring, site: "a")
  let seal = Seal(
    keyring, for: Content.purpose, site: "a", version: Content.version, longestText: Content.longestToken)
  let bytes = try #require(seal.open(try tokens.sealed(content)))
  #expect(tokens.open(try seal.sealed(bytes + [200, 1, 7])) == content)
  #expect(tokens.open(try seal.sealed([200, 1, 7] + bytes)) == content)
  for broken in [[], bytes.dropLast(), bytes + [200], bytes + [200, 2, 7], [200, 1, 7]] as [[UInt8]] {
    #expect(tokens.open(try seal.sealed(broken)) == nil)
  }
  var rest = bytes[...]
  while let tag = rest.first {
    let length = 2 + Int(rest[rest.startIndex + 1])
    let others = Array(bytes[..<rest.startIndex]) + rest.dropFirst(length)
    #expect((tokens.open(try seal.sealed(others)) == nil) == !needless.contains(tag), "field \(tag)")
    rest = rest.dropFirst(length)
  }
}

@Test func `a field that a later program writes is passed over, and one that is missing is missed`() throws {
  // Times and counts are zero where they are left out, and so is what need not be there.
  try `is read by tags`(pending, without: [1, 2, 3, 4, 5, 6, 7, 8, 13])
  try `is read by tags`(
    FormToken(browserTag: Array(1...8), givenUp: .test, madeAt: Timestamp(secondsSinceEpoch: 1)), without: [1, 4])
  try `is read by tags`(
    PageView(
      code: "start.sent", reference: "r", browserTag: Array(1...8), bareTag: Array(2...9),
      endsAt: Timestamp(secondsSinceEpoch: 1), token: "AAAA", waitEndsAt: Timestamp(secondsSinceEpoch: 2), triesLeft: 0,
      channel: .call, number: "1", form: "AAAA"), without: [2, 4, 5, 6, 7, 8, 9, 11])
}

@Test func `what is too long for a token is not sealed`() throws {
  let views = TokenSeal<PageView>(try #require(Keyring([key(1)])), site: "a")
  func view(_ length: Int) -> PageView {
    PageView(
      code: "start.sent", reference: "r", browserTag: Array(1...8), bareTag: Array(2...9),
      endsAt: Timestamp(secondsSinceEpoch: 1), triesLeft: 0, number: String(repeating: "1", count: length))
  }
  let longest = try #require((0...PageView.longestToken).last { views.seal(view($0)) != nil })
  #expect(views.seal(view(longest))?.utf8.count == PageView.longestToken)
  #expect(views.seal(view(longest + 1)) == nil)
  let token = try views.sealed(view(longest))
  #expect(views.open(token) == view(longest))
}

@Test func `a browser's name is 22 characters and no other`() {
  let one = BrowserID()
  #expect(BrowserID(one.text) == one && one != BrowserID() && one.tag.count == 8)
  for text in ["", String(one.text.dropLast()), one.text + "A", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAAA!"] {
    #expect(BrowserID(text) == nil)
  }
}
