internal import Glibc
internal import Threads

/// The file of a Unix socket that this process created.
struct SocketFile {
  private let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Binds the socket to the path and listens. Nobody can connect before mode and group are right, because a socket
  /// that is not listening refuses every connection.
  static func bind(
    _ descriptor: Int32, at path: String, mode: UInt32, group: String?, backlog: Int32
  ) throws(FastCGIFailure) -> SocketFile {
    let groupID = try group.map { name throws(FastCGIFailure) in try Self.groupID(of: name) }
    // If two processes find the same stale socket, only one of them may replace it.
    let folder = lockedFolder(of: path)
    defer { if folder >= 0 { Glibc.close(folder) } }
    try makeRoom(at: path)
    do throws(SystemError) {
      // Linux gives the file the socket's mode.
      fchmod(descriptor, 0o600)
      try SocketAddress(ListenAddress(.unix(path: path))).bind(descriptor)
    } catch {
      throw FastCGIFailure("listen.failed", "cannot make the socket \(path): \(error)")
    }
    do throws(SystemError) {
      if let groupID {
        guard unsafe lchown(path, uid_t.max, groupID) == 0 else { throw .last }
      }
      guard unsafe chmod(path, mode_t(mode)) == 0 else { throw .last }
      guard listen(descriptor, backlog) == 0 else { throw .last }
      return SocketFile(path: path, try status(of: path))
    } catch {
      unsafe Glibc.unlink(path)
      let what = group.map { "mode and group (\($0))" } ?? "the mode"
      throw FastCGIFailure("listen.failed", "cannot set \(what) of the socket \(path): \(error)")
    }
  }

  private init(path: String, _ status: stat) {
    self.path = path
    device = status.st_dev
    inode = status.st_ino
  }

  /// Removes the file, if it is still the one that was created.
  func remove() {
    guard let status = try? Self.status(of: path), status.st_dev == device, status.st_ino == inode else {
      return  // It is gone, or belongs to another process.
    }
    unsafe Glibc.unlink(path)
  }

  /// Removes a socket that nobody listens on any more. Anything else is left alone and is a failure.
  private static func makeRoom(at path: String) throws(FastCGIFailure) {
    guard let status = try? status(of: path) else { return }  // bind(2) will report any other problem.
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw FastCGIFailure("listen.notASocket", "\(path) exists and is not a socket; it was left alone")
    }
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let probe = socket(AF_UNIX, kind, 0)
    guard probe >= 0 else {
      throw FastCGIFailure("listen.failed", "cannot find out whether \(path) is in use: \(SystemError.last)")
    }
    defer { Glibc.close(probe) }
    do throws(SystemError) {
      try SocketAddress(ListenAddress(.unix(path: path))).connect(probe)
    } catch {
      switch error.number {
      case ECONNREFUSED:
        unsafe Glibc.unlink(path)
        return
      case EAGAIN: break  // Somebody is listening, with a full backlog.
      default: throw FastCGIFailure("listen.failed", "cannot find out whether \(path) is in use: \(error)")
      }
    }
    throw FastCGIFailure("listen.inUse", "\(path) is already in use by another program")
  }

  private static func status(of path: String) throws(SystemError) -> stat {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { throw .last }
    return status
  }

  /// The folder of the path, locked until the descriptor is closed; -1 if it cannot be locked, which is no reason to
  /// stop.
  private static func lockedFolder(of path: String) -> Int32 {
    let name = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
    let folder = unsafe open(name.isEmpty ? "/" : String(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return -1 }
    // Another user holding the lock must not keep PinGate from starting: after a second it goes on without the lock.
    for _ in 0..<100 where flock(folder, LOCK_EX | LOCK_NB) != 0 {
      usleep(10_000)
    }
    return folder
  }

  private static func groupID(of name: String) throws(FastCGIFailure) -> gid_t {
    // This runs before there are threads: getgrnam(3) returns a pointer to static storage.
    guard let group = unsafe getgrnam(name) else {
      throw FastCGIFailure("listen.noSuchGroup", "there is no group \(name) in /etc/group")
    }
    return unsafe group.pointee.gr_gid
  }
}
