internal import CGlibc
internal import Glibc

/// The program's own file, and how it is started once more.
///
/// The program of a bundle is started by the bundle's own loader (`bundle/launcher.c`). For the kernel the loader is then
/// the program, and the program a file that it has read.
enum Executable {
  /// Its absolute path, with links resolved: the kernel's word (proc(5)), not the caller's, who may be anybody. In a bundle
  /// it is what the launcher named, and where `/proc` is not mounted what was executed; empty when that is gone.
  static let path: String = {
    if !isBundled, let path = running { return path }
    guard let started = unsafe UnsafePointer<CChar>(bitPattern: getauxval(UInt(AT_EXECFN))) else { return "" }
    guard let resolved = unsafe realpath(started, nil) else { return "" }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }()

  static var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

  /// Whether a loader was executed, and has loaded the program: the kernel maps no other one beside it.
  static let isBundled = getauxval(UInt(AT_BASE)) == 0

  /// Starts the running file itself, even if another one has taken its name since.
  static func again(with words: [String]) -> (path: String, arguments: [String]) {
    let loading = isBundled ? ["--inhibit-cache", "--library-path", folder, path] : []
    return ("/proc/self/exe", ["pingate"] + loading + words)
  }

  /// Where a bundle has the certificates that are trusted when the machine has none of its own.
  static var certificates: [String] { isBundled ? [folder + "/ca-certificates.crt"] : [] }

  private static var folder: String { "/" + path.split(separator: "/").dropLast().joined(separator: "/") }

  /// The file that the kernel executed.
  private static var running: String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let length = unsafe readlink("/proc/self/exe", start, buffer.count)
      guard length > 0, length < buffer.count else { return nil }
      return unsafe String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
