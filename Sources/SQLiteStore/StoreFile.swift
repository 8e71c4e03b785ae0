internal import Glibc
internal import Limits
internal import Threads

/// The database's files as the file system sees them. They are created so that only their owner can read them, and
/// checked while in use, because SQLite carries on with a deleted or replaced file as if nothing had happened.
struct StoreFile: Sendable {
  /// The path with symbolic links resolved: SQLite creates its two other files next to it.
  let path: String
  /// The path as given. If it is a link that has been redirected, it now means another database.
  private let name: String
  /// Whether this call created the file, so that nothing was ever counted in it.
  let isNew: Bool

  /// Creates the file with mode 0600 if there is none.
  ///
  /// - Parameter absent: called if there is no file, before it is created; for tests.
  init(path: String, absent: () throws(StoreFailure) -> Void = {}) throws(StoreFailure) {
    name = path
    try Self.checkFolder(of: path)
    isNew = if Self.isAbsent(path) { try Self.make(path, absent) } else { false }
    let path = try Self.followed(path)
    self.path = path
    if path != name { try Self.checkFolder(of: path) }
    // SQLite creates two more files next to the database.
    let folder = Self.folder(of: path)
    guard unsafe access(folder, W_OK | X_OK) == 0 else { throw Self.failure("write to the folder", folder, errno) }
    if isNew { return }
    var info = stat()
    guard unsafe stat(path, &info) == 0 else { throw Self.failure("open", path, errno) }
    guard info.st_mode & S_IFMT == S_IFREG else { throw StoreFailure(.unsuitable, "\(path) is not a file") }
    guard info.st_mode & 0o002 == 0 else {
      throw StoreFailure(.notPermitted, "everybody may write to \(path); run: chmod 600 \(path)")
    }
    guard unsafe access(path, R_OK) == 0 else { throw Self.failure("read", path, errno) }
    guard unsafe access(path, W_OK) == 0 else { throw Self.failure("write", path, errno) }
  }

  /// Identifies the current files; nil if one is missing.
  func identity() -> [UInt64]? {
    var identity: [UInt64] = []
    for file in [name, path + "-wal", path + "-shm"] {
      var info = stat()
      guard unsafe stat(file, &info) == 0 else { return nil }
      identity += [UInt64(info.st_dev), UInt64(info.st_ino)]
    }
    return identity
  }

  /// Why the folder's file system has no locks, as on many network file systems; nil if it does.
  ///
  /// The test uses another file: closing this one would release SQLite's own locks on it (fcntl(2), "Record locks").
  func lackOfLocks() -> StoreFailure? {
    let folder = Self.folder(of: path)
    let name = path + ".lock-\(getpid())"
    let file = unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return nil }
    defer {
      close(file)
      unsafe unlink(name)
    }
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    guard unsafe fcntl(file, F_SETLK, &lock) != 0 else { return nil }
    let reason = errno
    // Nobody else knows this file, so nobody holds a lock on it.
    guard reason != EINTR else { return nil }
    return Self.lackOfLocks(in: folder, reason)
  }

  private static func lackOfLocks(in folder: String, _ reason: CInt) -> StoreFailure {
    StoreFailure(
      .unsuitable,
      "the file system of \(folder) has no locks (\(SystemError(number: reason))); put the store on a local disk"
    )
  }

  private static func isAbsent(_ path: String) -> Bool {
    unsafe access(path, F_OK) != 0 && errno == ENOENT
  }

  /// Creates the file if it still does not exist, after removing what a deleted database has left next to it, which
  /// SQLite would otherwise apply to the new one.
  ///
  /// If several processes find no file at the same time, one creates it while the others wait: from then on the files
  /// next to it are in use.
  ///
  /// - Returns: false if another process has created it in the meantime.
  private static func make(_ path: String, _ absent: () throws(StoreFailure) -> Void) throws(StoreFailure) -> Bool {
    try absent()
    let lock = try lockForMaking(path)
    defer {
      // Whoever is waiting for the lock will find that the file has been replaced or removed.
      unsafe unlink(path + lockSuffix)
      close(lock)
    }
    guard isAbsent(path) else { return false }
    // Usually there is nothing to remove.
    for suffix in ["-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
    let file = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    // A dangling symbolic link also counts as existing.
    guard file >= 0 || errno == EEXIST else { throw failure("create", path, errno) }
    if file >= 0 { close(file) }
    return file >= 0
  }

  private static let lockSuffix = ".making"

  /// Uses a file of its own, open for writing: network file systems cannot lock folders, or files open only for reading
  /// (flock(2)).
  private static func lockForMaking(_ path: String) throws(StoreFailure) -> CInt {
    let name = path + lockSuffix
    let deadline = ContinuousClock.now + .seconds(2)
    while true {
      let file = unsafe open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard file >= 0 else { throw failure("create", path, errno) }
      while flock(file, LOCK_EX | LOCK_NB) != 0 {
        let reason = errno
        if reason == EINTR { continue }
        if reason == EWOULDBLOCK, .now < deadline {
          usleep(1000)
          continue
        }
        close(file)
        throw reason == EWOULDBLOCK
          ? StoreFailure(.busy, "another process has been making \(path) for two seconds; if none runs, delete \(name)")
          : lackOfLocks(in: folder(of: path), reason)
      }
      // A lock file that was removed during the wait no longer keeps anybody out.
      var (mine, current) = (stat(), stat())
      if unsafe fstat(file, &mine) == 0, unsafe stat(name, &current) == 0, mine.st_ino == current.st_ino,
        mine.st_dev == current.st_dev
      {
        return file
      }
      close(file)
    }
  }

  private static func followed(_ path: String) throws(StoreFailure) -> String {
    guard let real = unsafe realpath(path, nil) else { throw failure("open", path, errno) }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  private static func checkFolder(of path: String) throws(StoreFailure) {
    let folder = folder(of: path)
    var info = stat()
    guard unsafe stat(folder, &info) == 0 else {
      let reason = errno
      if reason == ENOENT { throw StoreFailure(.unavailable, "the folder \(folder) does not exist; create it") }
      throw failure("look at", folder, reason)
    }
    guard info.st_mode & S_IFMT == S_IFDIR else { throw StoreFailure(.unsuitable, "\(folder) is not a folder") }
    guard info.st_mode & 0o002 == 0 || info.st_mode & S_ISVTX != 0 else {
      throw StoreFailure(.notPermitted, "everybody may write to the folder \(folder); run: chmod o-w \(folder)")
    }
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  private static func failure(_ act: String, _ path: String, _ reason: CInt) -> StoreFailure {
    let kind: StoreFailure.Kind =
      switch reason {
      case EACCES, EPERM: .notPermitted
      case EROFS: .readOnly
      case ENOSPC, EDQUOT: .full
      default: .unavailable
      }
    return StoreFailure(kind, "cannot \(act) \(path): \(SystemError(number: reason))")
  }
}
