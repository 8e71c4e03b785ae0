internal import Threads
internal import Tokens

/// Proofs whose signature was found good, by the digest of the whole token: what a browser sends with every picture of a
/// page is checked once and not each time. A token that is not good is never kept, so that nobody can push others out with
/// inventions.
///
/// What is kept is what the token says, and not whether it may pass: times and settings are looked at each time.
///
/// Two generations, and no list of who was used last: when the younger one is full, the older one is forgotten.
///
/// `@unchecked Sendable`: what changes is under the lock.
final class VerifiedProofs: @unchecked Sendable {
  private let lock = Lock()
  private var young: [[UInt8]: Proof] = [:]
  private var old: [[UInt8]: Proof] = [:]
  private let capacity: Int

  /// - Parameter capacity: of a generation; both together hold at most twice as many, of some 300 bytes each.
  init(capacity: Int = 8_192) {
    self.capacity = capacity
  }

  func proof(_ digest: [UInt8]) -> Proof? {
    lock.withLock {
      if let proof = young[digest] { return proof }
      guard let proof = old[digest] else { return nil }
      keep(proof, digest)
      return proof
    }
  }

  func add(_ proof: Proof, _ digest: [UInt8]) {
    lock.withLock { keep(proof, digest) }
  }

  private func keep(_ proof: Proof, _ digest: [UInt8]) {
    if young.count >= capacity {
      old = young
      young = [:]
    }
    young[digest] = proof
  }

  var count: Int { lock.withLock { young.count + old.count } }
}
