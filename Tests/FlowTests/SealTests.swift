import Crypto
import Foundation
import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Flow
@testable import Tokens

private func key(_ byte: UInt8) -> SymmetricKey { SymmetricKey(data: [UInt8](repeating: byte, count: 32)) }

private func seal(_ bytes: [UInt8] = [1], site: String = "a") throws -> AttemptSeal {
  AttemptSeal(try #require(Keyring(bytes.map(key))), site: site)
}

private let pending = Pending(
  attempt: Attempt(
    id: .test, requestID: .second, number: PhoneNumber(typed: "12025550143")!, channel: .call,
    startedAt: Timestamp(secondsSinceEpoch: 1_800_000_000),
    requestStartedAt: Timestamp(secondsSinceEpoch: 1_800_000_050),
    lastSentAt: Timestamp(secondsSinceEpoch: 1_800_000_100), sends: 3, requestSends: 2),
  isJoined: true, pinMadeAt: Timestamp(secondsSinceEpoch: 1_800_000_060), nextSendAt: .never,
  browserTag: Array(1...8))

@Test func `what is sealed comes out again`() throws {
  let seal = try seal()
  #expect(seal.open(try seal.seal(pending)) == pending)
  #expect(try seal.seal(pending) != seal.seal(pending))
}

@Test(arguments: Channel.allCases, Channel.allCases)
func `how a request began and how its newest message came are kept apart`(first: Channel, last: Channel) throws {
  let time = Timestamp(secondsSinceEpoch: 1_800_000_000)
  let number = try #require(PhoneNumber(typed: "12025550143"))
  let attempt = Attempt(requestID: .test, number: number, startedAt: time, sends: 1, channel: first)
    .sent(again: .test, by: last, at: time + .seconds(60))
  #expect(attempt.channel == first && attempt.lastChannel == last)
  let pending = Pending(
    attempt: attempt, isJoined: false, pinMadeAt: time, nextSendAt: time, browserTag: Array(1...8))
  let seal = try seal()
  #expect(seal.open(try seal.seal(pending)) == pending)
}

@Test func `the longest attempt fits`() throws {
  let seal = try seal()
  let far = Timestamp(secondsSinceEpoch: .max)
  let longest = Pending(
    attempt: Attempt(
      id: RequestID(String(repeating: "x", count: 64))!, requestID: RequestID(String(repeating: "y", count: 64))!,
      number: PhoneNumber(typed: "123456789012345")!, channel: .text, startedAt: far, requestStartedAt: far,
      lastSentAt: far, sends: 255, requestSends: 255),
    isJoined: false, pinMadeAt: far, nextSendAt: far, browserTag: Array(1...8))
  let token = try seal.seal(longest)
  #expect(token.utf8.count == 312 && token.utf8.count <= AttemptSeal.longestToken)
  #expect(seal.open(token) == longest)
}

@Test(arguments: [nil, RequestID.test, RequestID(String(repeating: "x", count: 64))])
func `what a number form carries is sealed too, and for nothing else`(givenUp: RequestID?) throws {
  let ring = try #require(Keyring([key(1)]))
  let forms = FormSeal(ring, site: "a")
  let pass = FormPass(
    browserTag: Array(1...8), givenUp: givenUp, madeAt: Timestamp(secondsSinceEpoch: 1_800_000_000))
  let text = try forms.seal(pass)
  #expect(forms.open(text) == pass)
  #expect(FormSeal(ring, site: "b").open(text) == nil)
  #expect(AttemptSeal(ring, site: "a").open(text) == nil)
  #expect(forms.open(try AttemptSeal(ring, site: "a").seal(pending)) == nil)
}

@Test func `a flipped bit anywhere is refused`() throws {
  let seal = try seal()
  let bytes = try #require(Base64URL.decode(try seal.seal(pending)))
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
  let token = Array(try seal.seal(pending).utf8)
  for position in token.indices {
    var changed = token
    changed[position] = changed[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
    #expect(seal.open(String(decoding: changed, as: UTF8.self)) == nil, "character \(position)")
  }
}

@Test func `a truncated, extended, doubled or empty token is refused`() throws {
  let seal = try seal()
  let token = try seal.seal(pending)
  for length in 0..<token.count { #expect(seal.open(String(token.prefix(length))) == nil) }
  for more in ["A", "AA", "AAAA", "=", " ", "\0", token] { #expect(seal.open(token + more) == nil) }
  #expect(seal.open(" " + token) == nil)
  #expect(seal.open(String(repeating: "A", count: 1_000_000)) == nil)
}

@Test func `a token of another site or key is refused`() throws {
  let token = try seal([1], site: "a").seal(pending)
  #expect(try seal([1], site: "b").open(token) == nil)
  #expect(try seal([2], site: "a").open(token) == nil)
}

@Test func `a token made for another purpose is refused`() throws {
  func derived(_ purpose: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(inputKeyMaterial: key(1), info: Array("\(purpose)\0a".utf8), outputByteCount: 32)
  }
  func resealed(_ plain: Data, _ key: SymmetricKey, version: UInt8 = 2) throws -> String {
    let box = try AES.GCM.seal(plain, using: key, authenticating: [version])
    return Base64URL.encode([version] + (try #require(box.combined)))
  }
  let right = derived("pingate.pending-attempt.v1")
  let bytes = try #require(Base64URL.decode(try seal().seal(pending)))
  let plain = try AES.GCM.open(AES.GCM.SealedBox(combined: bytes.dropFirst()), using: right, authenticating: [2])
  #expect(try seal().open(resealed(plain, right)) == pending)
  // The version before, which knew no sending again.
  #expect(try seal().open(resealed(plain, right, version: 1)) == nil)
  #expect(try seal().open(resealed(plain, right, version: 3)) == nil)
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
  #expect(new.open(try old.seal(pending)) == pending)
  #expect(old.open(try new.seal(pending)) == nil)
  #expect(try seal([2]).open(try new.seal(pending)) == pending)
  #expect(try seal([2]).open(try old.seal(pending)) == nil)
}

@Test func `a keyring holds keys of 32 bytes, and at least one`() {
  #expect(Keyring([]) == nil)
  #expect(Keyring([key(1), SymmetricKey(size: .bits128)]) == nil)
  #expect(Keyring([SymmetricKey(size: .init(bitCount: 264))]) == nil)
  #expect(Keyring([key(1), key(2)]) != nil)
}

@Test func `a token made for one site is refused by another over HTTP`() async throws {
  let token = try await TestSite(settings: SiteSettings(identity: "one")).token()
  let other = try TestSite(settings: SiteSettings(identity: "two"))
  #expect(await other.verify(token).status == .badRequest)
  #expect(other.verifier.checked.isEmpty)
}
