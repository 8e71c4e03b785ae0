internal import Crypto
internal import Encoding

/// Work that takes long to do and no time to check (docs/challenge.md).
///
/// For each part, numbered from 0, a number is looked for with which the SHA-256 (FIPS 180-4) of 40 bytes begins with so
/// many zero bits: the 32 bytes of the SHA-256 of the challenge's text, the number of the part and the number that was
/// found, four bytes each, the most significant one first. Many small parts take nearly the same time whoever does them,
/// where one large part could take five times as long by bad luck.
package struct WorkPuzzle: Sendable, Hashable {
  package let parts: Int
  /// How many zero bits each begins with: twice the work for one more.
  package let bits: Int

  /// - Returns: nil for what would be no work, or takes more than a moment to check.
  package init?(parts: Int, bits: Int) {
    guard (1...Self.mostParts).contains(parts), (1...Self.mostBits).contains(bits) else { return nil }
    self.parts = parts
    self.bits = bits
  }

  private static let mostParts = 256
  private static let mostBits = 30
  /// Of a part's number in a solution.
  private static let length = 4

  /// Whether a solution is right. It takes one hash for each part, and stops at the first that is wrong.
  ///
  /// - Parameters:
  ///   - solution: as it was posted: base64url without padding of the numbers that were found, four bytes each.
  ///   - challenge: the text of the sealed challenge.
  package func isSolved(by solution: String, of challenge: String) -> Bool {
    let length = parts * Self.length
    // Three bytes are four characters.
    guard solution.utf8.count == (length * 4 + 2) / 3, let numbers = Base64URL.decode(solution),
      numbers.count == length
    else { return false }
    let seed = ContentDigest.of(Array(challenge.utf8))
    return (0..<parts).allSatisfy { part in
      let found = numbers[(part * Self.length)..<((part + 1) * Self.length)]
      return Self.zeroBits(seed, part, found) >= bits
    }
  }

  private static func zeroBits(_ seed: [UInt8], _ part: Int, _ found: ArraySlice<UInt8>) -> Int {
    var hash = SHA256()
    hash.update(data: seed + UInt32(part).bigEndianBytes + found)
    let digest = Array(hash.finalize())
    guard let first = digest.firstIndex(where: { $0 != 0 }) else { return digest.count * 8 }
    return first * 8 + digest[first].leadingZeroBitCount
  }
}
