internal import Threads
internal import Tokens

/// Proofs whose signature was found good, by the digest of the whole token, so that what a browser sends with every picture on a
/// page is verified once and not every time. A bad token is never kept, so nobody can evict others with made-up ones.
///
/// What is kept is the token's content, not whether it may pass: times and settings are looked at every time.
///
/// There are two generations instead of a list by last use: when the younger one is full, the older one is dropped.
///
/// `@unchecked Sendable`: everything mutable is guarded by the lock.
final class VerifiedProofs: @unchecked Sendable {
  private let lock = Lock()
  private var young: [[UInt8]: Proof] = [:]
  private var old: [[UInt8]: Proof] = [:]
  private let capacity: Int

  /// - Parameter capacity: how many proofs a generation holds, of some 300 bytes each; there are two generations.
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
