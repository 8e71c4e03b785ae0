internal import Glibc

/// The environment of the process.
enum ProcessEnvironment {
  /// As it was when the program started: systemd's variables about sockets are taken out later, for the sake of other
  /// programs.
  static let atStart: [String: String] = {
    var variables: [String: String] = [:]
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let text = unsafe String(cString: entry)
      // Of two with one name, getenv(3) finds the first.
      if let equals = text.firstIndex(of: "=") {
        let name = String(text[..<equals])
        if variables[name] == nil { variables[name] = String(text[text.index(after: equals)...]) }
      }
      unsafe next += 1
    }
    return variables
  }()
}
