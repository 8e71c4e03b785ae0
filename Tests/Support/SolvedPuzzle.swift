internal import Crypto
internal import Encoding
package import Tokens

extension WorkPuzzle {
  /// A solution, found as docs/challenge.md says, and not as the program checks it.
  package func solution(of challenge: String) -> String {
    let seed = Array(SHA256.hash(data: Array(challenge.utf8)))
    var found: [UInt8] = []
    for part in 0..<parts {
      var number: UInt32 = 0
      while !Self.begins(SHA256.hash(data: seed + UInt32(part).bigEndianBytes + number.bigEndianBytes), bits) {
        number += 1
      }
      found += number.bigEndianBytes
    }
    return Base64URL.encode(found)
  }

  private static func begins(_ digest: SHA256.Digest, _ bits: Int) -> Bool {
    let first = digest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return first.leadingZeroBitCount >= bits
  }
}
