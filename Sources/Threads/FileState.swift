internal import Glibc

/// Which file stands at a path and when it was last changed: what is asked to learn whether it has to be read again.
public struct FileState: Sendable, Hashable {
  private let device: UInt
  private let inode: UInt
  private let size: Int
  private let modified: [Int]
  private let changed: [Int]

  /// - Returns: nil without a file. It blocks, as all that looks at files does.
  public init?(path: String) {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { return nil }
    (device, inode, size) = (UInt(facts.st_dev), UInt(facts.st_ino), Int(facts.st_size))
    modified = [facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec]
    // Another one that was renamed to this name, or whose times were set back.
    changed = [facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec]
  }

  /// Whether it was changed so short a time ago that the next change could have the same time: file systems count in
  /// steps of some milliseconds, and some of two seconds.
  func isFresh(at now: Int) -> Bool { now - max(modified[0], changed[0]) < 3 }
}
