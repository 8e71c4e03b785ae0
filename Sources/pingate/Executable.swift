internal import Glibc

/// The program's own file.
enum Executable {
  /// Its absolute path, with links resolved: not what the caller says, who may be anybody (proc(5)); empty where
  /// `/proc` is not mounted.
  static let path: String = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
    guard let start = buffer.baseAddress else { return "" }
    let length = unsafe readlink("/proc/self/exe", start, buffer.count)
    guard length > 0, length < buffer.count else { return "" }
    return unsafe String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static var name: String { path.split(separator: "/").last.map(String.init) ?? "" }
}
