internal import Glibc
internal import Verification

/// The database's files as the file system sees them: made so that only their owner can read them, and watched, because
/// SQLite goes on with a file that was deleted or replaced as if nothing had happened.
struct StoreFile: Sendable {
  let path: String
  /// Whether this call made it: then nothing was ever counted in it.
  let isNew: Bool

  /// Makes the file, mode 0600, if there is none.
  init(path: String) throws(StoreFailure) {
    self.path = path
    try Self.checkFolder(of: path)
    let file = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if file >= 0 {
      close(file)
      isNew = true
      return
    }
    let reason = errno
    guard reason == EEXIST else { throw Self.failure("create", path, reason) }
    isNew = false
    var info = stat()
    guard unsafe stat(path, &info) == 0 else { throw Self.failure("open", path, errno) }
    guard info.st_mode & S_IFMT == S_IFREG else { throw StoreFailure(.unsuitable, "\(path) is not a file") }
    guard info.st_mode & 0o002 == 0 else {
      throw StoreFailure(.notPermitted, "everybody may write to \(path); run: chmod 600 \(path)")
    }
    guard unsafe access(path, R_OK) == 0 else { throw Self.failure("read", path, errno) }
    guard unsafe access(path, W_OK) == 0 else { throw Self.failure("write", path, errno) }
  }

  /// Which files these are now; nil when one is missing.
  func identity() -> [UInt64]? {
    var identity: [UInt64] = []
    for suffix in ["", "-wal", "-shm"] {
      var info = stat()
      guard unsafe stat(path + suffix, &info) == 0 else { return nil }
      identity += [UInt64(info.st_dev), UInt64(info.st_ino)]
    }
    return identity
  }

  private static func checkFolder(of path: String) throws(StoreFailure) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    var info = stat()
    guard unsafe stat(folder, &info) == 0 else {
      let reason = errno
      if reason == ENOENT { throw StoreFailure(.unavailable, "the folder \(folder) does not exist; make it") }
      throw failure("look at", folder, reason)
    }
    guard info.st_mode & S_IFMT == S_IFDIR else { throw StoreFailure(.unsuitable, "\(folder) is not a folder") }
    guard info.st_mode & 0o002 == 0 || info.st_mode & S_ISVTX != 0 else {
      throw StoreFailure(.notPermitted, "everybody may write to the folder \(folder); run: chmod o-w \(folder)")
    }
    // SQLite makes two more files beside the database.
    guard unsafe access(folder, W_OK | X_OK) == 0 else { throw failure("write to the folder", folder, errno) }
  }

  private static func failure(_ act: String, _ path: String, _ reason: CInt) -> StoreFailure {
    let kind: StoreFailure.Kind =
      switch reason {
      case EACCES, EPERM: .notPermitted
      case EROFS: .readOnly
      case ENOSPC, EDQUOT: .full
      default: .unavailable
      }
    return StoreFailure(kind, "cannot \(act) \(path): " + (unsafe String(cString: strerror(reason))))
  }
}
