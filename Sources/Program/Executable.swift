internal import CGlibc
internal import Glibc

/// The program's own file.
enum Executable {
  /// Its absolute path, with links resolved: the kernel's word (proc(5)), not the caller's, who may be anybody; where `/proc`
  /// is not mounted what was executed, and empty when that is gone.
  ///
  /// The program of a bundle (`bundle/launcher.c`) is for the kernel what started it, in the folder beside the program's own.
  static let path: String = running ?? loaded

  static var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

  /// Whether a loader of the program's own has loaded it: the kernel has mapped none beside it.
  static let isBundled = pingate_auxiliary_value(UInt(pingate_AT_BASE)) == 0

  /// Where a bundle has the certificates that are trusted when the machine has none of its own.
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

  /// The file that was named to the kernel, or by a bundle's launcher to its loader.
  private static var loaded: String {
    let address = pingate_auxiliary_value(UInt(pingate_AT_EXECFN))
    guard let named = unsafe UnsafePointer<CChar>(bitPattern: address) else { return "" }
    guard let resolved = unsafe realpath(named, nil) else { return "" }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
