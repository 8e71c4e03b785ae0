internal import CGlibc

/// The processors that this process may run on: in a container often few of many.
public enum Processors {
  /// How many there are (sched_getaffinity(2)); nil where the kernel does not tell, as where there are more than 1,024.
  public static var available: Int? {
    var mask = [UInt](repeating: 0, count: 1_024 / UInt.bitWidth)
    let size = UInt(mask.count * MemoryLayout<UInt>.size)
    let isKnown = unsafe mask.withUnsafeMutableBytes { unsafe pingate_sched_getaffinity(0, size, $0.baseAddress) == 0 }
    return isKnown ? mask.reduce(0) { $0 + $1.nonzeroBitCount } : nil
  }
}
