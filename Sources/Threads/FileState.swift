internal import Glibc

/// The identity and last change of the file at a path, compared to find out whether it has to be read again.
public struct FileState: Sendable, Hashable {
  private let device: UInt
  private let inode: UInt
  private let size: Int
  private let modified: [Int]
  private let changed: [Int]

  /// - Returns: nil if there is no file. It blocks, like everything that accesses files.
  public init?(path: String) {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { return nil }
    (device, inode, size) = (UInt(facts.st_dev), UInt(facts.st_ino), Int(facts.st_size))
    modified = [facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec]
    // A different file renamed to this name, or a file whose modification time was set back.
    changed = [facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec]
  }

  /// Whether it was changed so recently that another change could get the same timestamp: file systems round to a few
  /// milliseconds, some to two seconds.
  func isFresh(at now: Int) -> Bool { now - max(modified[0], changed[0]) < 3 }
}
