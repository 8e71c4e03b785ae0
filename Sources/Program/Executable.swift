internal import CGlibc
internal import Glibc

/// The program's own file.
enum Executable {
  /// Its absolute path, with links resolved: the kernel's word (proc(5)) and not the caller's, who may be anybody. Where `/proc`
  /// is not mounted, it is the file that was executed, and empty if that is gone.
  ///
  /// For a bundle (`bundle/launcher.c`), what the kernel names is the loader, which is in the folder beside the program's own.
  static let path: String = running ?? loaded

  static var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

  /// Whether the bundle's own loader loaded the program: then the kernel mapped no loader beside it.
  static let isBundled = pingate_auxiliary_value(UInt(pingate_AT_BASE)) == 0

  /// The bundle's own certificates, which are trusted if the machine has none.
  static var certificates: [String] {
    guard isBundled else { return [] }
    return ["/" + (loaded.split(separator: "/").dropLast() + ["ca-certificates.crt"]).joined(separator: "/")]
  }

  private static let running: String? = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) {
    buffer in
    guard let start = buffer.baseAddress else { return nil }
    let length = unsafe readlink("/proc/self/exe", start, buffer.count)
    guard length > 0, length < buffer.count else { return nil }
    return unsafe String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The file that was named to the kernel, or by a bundle's launcher to the loader.
  private static var loaded: String {
    let address = pingate_auxiliary_value(UInt(pingate_AT_EXECFN))
    guard let named = unsafe UnsafePointer<CChar>(bitPattern: address) else { return "" }
    guard let resolved = unsafe realpath(named, nil) else { return "" }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
