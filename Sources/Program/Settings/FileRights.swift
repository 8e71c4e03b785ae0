internal import Glibc

/// Who, besides its owner, can read or change a file.
enum FileRights {
  /// What is wrong with the permissions of a file with settings or secrets, and what to do about it; nil if nothing is, or if there
  /// is no file.
  ///
  /// A file that everybody may read is still closed if others cannot enter its folder. Access for a group is fine if it is this
  /// process's own: that is how a service reads a file that belongs to root.
  ///
  /// - Parameter isSecret: whether others must not read it, either.
  static func complaint(about path: String, isSecret: Bool = true) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, !isHandedOver(path) else { return nil }
    let mode = isSecret ? status.st_mode : status.st_mode & 0o7722
    if mode & 0o006 != 0, isReachable(path) {
      return mode & 0o002 != 0
        ? "every user of this machine can change it; run: chmod o-w \(path)"
        : "every user of this machine can read the secrets in it; run: chmod o-rwx \(path)"
    }
    // Root reads on behalf of a user whose groups it does not know.
    if mode & 0o060 != 0, geteuid() != 0, !groups.contains(status.st_gid) {
      return mode & 0o020 != 0
        ? "a group that is not the program's can change it; run: chmod g-w \(path)"
        : "a group that is not the program's can read the secrets in it; run: chmod g-rwx \(path)"
    }
    return nil
  }

  /// Whether others can reach the file, because every folder above it lets them pass.
  private static func isReachable(_ path: String) -> Bool {
    guard let real = unsafe realpath(path, nil) else { return false }
    defer { unsafe free(real) }
    let folder = unsafe String(cString: real).split(separator: "/").dropLast().joined(separator: "/")
    return closedFolder(at: "/" + folder, to: nil) == nil
  }

  /// The outermost of a folder and its ancestors that does not let others pass; nil if all of them do.
  ///
  /// - Parameter group: the group that the others are in.
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

  /// Container platforms put secrets there, for one container, with permissions that the owner does not choose.
  private static func isHandedOver(_ path: String) -> Bool {
    path.hasPrefix("/run/secrets/") || path.hasPrefix("/var/run/secrets/")
  }

  /// The groups of this process.
  static var groups: [gid_t] {
    var groups = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
    let count = unsafe getgroups(CInt(groups.count), &groups)
    return groups.prefix(max(0, Int(count))) + [getegid(), 0]
  }
}
