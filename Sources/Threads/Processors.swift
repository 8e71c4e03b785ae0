internal import CGlibc

/// The processors that this process may use: in a container often fewer than the machine has.
public enum Processors {
  /// Their number (sched_getaffinity(2)); nil if the kernel does not tell, for example because there are more than
  /// 1,024.
  public static var available: Int? {
    var mask = [UInt](repeating: 0, count: 1_024 / UInt.bitWidth)
    let size = UInt(mask.count * MemoryLayout<UInt>.size)
    let isKnown = unsafe mask.withUnsafeMutableBytes { unsafe pingate_sched_getaffinity(0, size, $0.baseAddress) == 0 }
    return isKnown ? mask.reduce(0) { $0 + $1.nonzeroBitCount } : nil
  }
}
