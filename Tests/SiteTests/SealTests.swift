import Crypto
import Foundation
import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Site

private func key(_ byte: UInt8) -> SymmetricKey { SymmetricKey(data: [UInt8](repeating: byte, count: 32)) }

private func seal(_ bytes: [UInt8] = [1], site: String = "a") throws -> AttemptSeal {
  AttemptSeal(try #require(Keyring(bytes.map(key))), site: site)
}

private let pending = Pending(
  attempt: Attempt(
    requestID: .test, number: PhoneNumber(typed: "18005551234")!,
    startedAt: Timestamp(secondsSinceEpoch: 1_800_000_000), sends: 3),
  typedNumber: "+1 800 555 1234", isJoined: true)

@Test func `what is sealed comes out again`() throws {
  let seal = try seal()
  #expect(seal.open(try seal.seal(pending)) == pending)
  #expect(try seal.seal(pending) != seal.seal(pending))
}

@Test func `the longest attempt fits`() throws {
  let seal = try seal()
  let longest = Pending(
    attempt: Attempt(
      requestID: RequestID(String(repeating: "x", count: 64))!, number: PhoneNumber(typed: "123456789012345")!,
      startedAt: Timestamp(secondsSinceEpoch: .max), sends: 255),
    typedNumber: String(repeating: " ", count: 49) + "123456789012345", isJoined: false)
  let token = try seal.seal(longest)
  #expect(token.utf8.count == 247 && token.utf8.count <= AttemptSeal.longestToken)
  #expect(seal.open(token) == longest)
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
  func resealed(_ plain: Data, _ key: SymmetricKey, version: UInt8 = 1) throws -> String {
    let box = try AES.GCM.seal(plain, using: key, authenticating: [version])
    return Base64URL.encode([version] + (try #require(box.combined)))
  }
  let right = derived("pingate.pending-attempt.v1")
  let bytes = try #require(Base64URL.decode(try seal().seal(pending)))
  let plain = try AES.GCM.open(AES.GCM.SealedBox(combined: bytes.dropFirst()), using: right, authenticating: [1])
  #expect(try seal().open(resealed(plain, right)) == pending)
  #expect(try seal().open(resealed(plain, right, version: 2)) == nil)
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

@Test func `a typed number that is too long to seal is written as digits`() {
  let number = PhoneNumber(typed: "18005551234")!
  let attempt = Attempt(requestID: .test, number: number, startedAt: pending.attempt.startedAt, sends: 1)
  let fits = String(repeating: "-", count: 64)
  #expect(Pending(attempt: attempt, typedNumber: fits, isJoined: false).typedNumber == fits)
  #expect(Pending(attempt: attempt, typedNumber: fits + "-", isJoined: false).typedNumber == "+18005551234")
}
