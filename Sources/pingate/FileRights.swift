internal import Glibc

/// Who beside its owner can read or change a file.
enum FileRights {
  /// What is wrong with the rights of a file that holds secrets, and what to do; nil when nothing is, or when there is no
  /// file.
  ///
  /// A file that everybody may read is as good as closed in a folder that others cannot enter. A group is fine when it is
  /// this process's own: that is how a service gets a file that is root's.
  static func complaint(about path: String) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, !isHandedOver(path) else { return nil }
    let mode = status.st_mode
    if mode & 0o006 != 0, isReachable(path) {
      return "every user of this machine can \(mode & 0o002 != 0 ? "change" : "read") it; run: chmod o-rwx \(path)"
    }
    // Root reads in the name of a user whose groups it does not know.
    if mode & 0o060 != 0, geteuid() != 0, !groups.contains(status.st_gid) {
      return
        "a group that is not the program's can \(mode & 0o020 != 0 ? "change" : "read") it; run: chmod g-rwx \(path)"
    }
    return nil
  }

  /// Whether others can get to the file: every folder above it lets them pass.
  private static func isReachable(_ path: String) -> Bool {
    guard let real = unsafe realpath(path, nil) else { return false }
    defer { unsafe free(real) }
    var parts = unsafe String(cString: real).split(separator: "/").dropLast()
    while !parts.isEmpty {
      var status = stat()
      guard unsafe stat("/" + parts.joined(separator: "/"), &status) == 0, status.st_mode & 0o001 != 0 else {
        return false
      }
      parts.removeLast()
    }
    return true
  }

  /// Container platforms put secrets there, for one container, with rights that the owner does not choose.
  private static func isHandedOver(_ path: String) -> Bool {
    path.hasPrefix("/run/secrets/") || path.hasPrefix("/var/run/secrets/")
  }

  static var groups: [gid_t] {
    var groups = [gid_t](repeating: 0, count: 65_536)  // NGROUPS_MAX
    let count = unsafe getgroups(CInt(groups.count), &groups)
    return groups.prefix(max(0, Int(count))) + [getegid(), 0]
  }
}
