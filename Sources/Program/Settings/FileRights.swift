internal import Glibc

/// Who beside its owner can read or change a file.
enum FileRights {
  /// What is wrong with the rights of a file with settings or secrets, and what to do; nil when nothing is, or when there is
  /// no file.
  ///
  /// - Parameter isSecret: whether others may not read it, either.
  ///
  /// A file that everybody may read is as good as closed in a folder that others cannot enter. A group is fine when it is
  /// this process's own: that is how a service gets a file that is root's.
  static func complaint(about path: String, isSecret: Bool = true) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, !isHandedOver(path) else { return nil }
    let mode = isSecret ? status.st_mode : status.st_mode & 0o7722
    if mode & 0o006 != 0, isReachable(path) {
      return mode & 0o002 != 0
        ? "every user of this machine can change it; run: chmod o-w \(path)"
        : "every user of this machine can read the secrets in it; run: chmod o-rwx \(path)"
    }
    // Root reads in the name of a user whose groups it does not know.
    if mode & 0o060 != 0, geteuid() != 0, !groups.contains(status.st_gid) {
      return mode & 0o020 != 0
        ? "a group that is not the program's can change it; run: chmod g-w \(path)"
        : "a group that is not the program's can read the secrets in it; run: chmod g-rwx \(path)"
    }
    return nil
  }

  /// Whether others can get to the file: every folder above it lets them pass.
  private static func isReachable(_ path: String) -> Bool {
    guard let real = unsafe realpath(path, nil) else { return false }
    defer { unsafe free(real) }
    let folder = unsafe String(cString: real).split(separator: "/").dropLast().joined(separator: "/")
    return closedFolder(at: "/" + folder, to: nil) == nil
  }

  /// The outermost of a folder and those above it that does not let others pass; nil when all do.
  ///
  /// - Parameter group: the group that those others are in.
  static func closedFolder(at folder: String, to group: gid_t?) -> String? {
    guard let real = unsafe realpath(folder, nil) else { return folder }
    defer { unsafe free(real) }
    let parts = unsafe String(cString: real).split(separator: "/")
    let folders = parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
    return folders.first { folder in
      var status = stat()
      guard unsafe stat(folder, &status) == 0 else { return true }
      return status.st_mode & 0o001 == 0 && (status.st_mode & 0o010 == 0 || status.st_gid != group)
    }
  }

  /// Container platforms put secrets there, for one container, with rights that the owner does not choose.
  private static func isHandedOver(_ path: String) -> Bool {
    path.hasPrefix("/run/secrets/") || path.hasPrefix("/var/run/secrets/")
  }

  /// Those of this process.
  static var groups: [gid_t] {
    var groups = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
    let count = unsafe getgroups(CInt(groups.count), &groups)
    return groups.prefix(max(0, Int(count))) + [getegid(), 0]
  }
}
