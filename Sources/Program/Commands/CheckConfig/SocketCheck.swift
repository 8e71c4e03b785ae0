internal import FastCGI
internal import Glibc
internal import Threads

/// Checks whether the Unix socket can be created where the settings want it, and whether the web server can reach it.
struct SocketCheck {
  private(set) var problems: [String] = []
  private(set) var groupProblems: [String] = []
  private(set) var warnings: [String] = []
  private(set) var groupWarnings: [String] = []

  /// - Returns: nil if there is no Unix socket to create.
  init?(_ listen: ListenSettings) {
    guard let text = listen.address?.description, text.hasPrefix("unix:") else { return nil }
    let path = String(text.dropFirst("unix:".count))
    let group = checkGroup(listen.socketGroup)
    checkFolder(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)), group)
    var status = stat()
    if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFSOCK {
      problems.append("\(path) is there and is not a socket; move it away, or name another path")
    }
    if listen.socketMode & 0o020 != 0, listen.socketGroup == nil, !Self.webServers.contains(Self.ownGroup) {
      groupWarnings.append(
        "is not set: the socket is for PinGate's own group (\(Self.ownGroup)), which the web server has to be in; name the "
          + "web server's (Debian: www-data), unless it is")
    }
    if listen.socketMode & 0o020 == 0 {
      warnings.append("with its mode, the socket is for PinGate's own user alone: the web server has to run as that")
    }
  }

  /// The web servers' groups on Debian, Red Hat, Arch, and Alpine: if PinGate is in one of these, it needs no other.
  private static let webServers: Set<String> = ["www-data", "apache", "nginx", "lighttpd", "caddy", "http"]

  private static var ownGroup: String {
    guard let entry = unsafe getgrgid(getegid()) else { return "\(getegid())" }
    return unsafe String(cString: entry.pointee.gr_name)
  }

  private mutating func checkFolder(_ name: String, _ group: gid_t?) {
    let folder = name.isEmpty ? "/" : name
    var status = stat()
    guard unsafe stat(folder, &status) == 0 else {
      problems.append(
        "the folder \(folder) cannot be used (\(SystemError.last)); make it, or have the service "
          + "manager make it (systemd: RuntimeDirectory=)")
      return
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      problems.append("\(folder) is not a folder")
      return
    }
    if unsafe access(folder, W_OK | X_OK) != 0 {
      problems.append("PinGate's user cannot make a socket in the folder \(folder); give the folder to it")
    }
    // Without a group of its own the socket has the program's.
    if let closed = FileRights.closedFolder(at: folder, to: group ?? getegid()) {
      warnings.append(
        "the web server cannot enter the folder \(closed), unless it runs as PinGate's user; chmod a+x \(closed)")
    }
  }

  /// - Returns: the group's number; nil where there is none or none is set.
  private mutating func checkGroup(_ name: String?) -> gid_t? {
    guard let name else { return nil }
    guard let entry = unsafe getgrnam(name) else {
      groupProblems.append("there is no group \(name); name the web server's (Debian: www-data)")
      return nil
    }
    let group = unsafe entry.pointee.gr_gid
    if geteuid() != 0, !FileRights.groups.contains(group) {
      groupProblems.append(
        "PinGate's user is not in the group \(name), so it cannot give the socket to it; add it to the group")
    }
    return group
  }
}
