internal import CFuzzer
internal import FuzzTargets

/// Runs one target under libFuzzer: `fuzz TARGET [OPTION|FOLDER …]`, with libFuzzer's own options. Without a target it lists
/// them.
@main
struct Main {
  static func main() {
    guard let target = FuzzTarget.all.first(where: { $0.name == CommandLine.arguments.dropFirst().first }) else {
      print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
      return
    }
    unsafe chosen = target
    // The name of the target stands where the program's name is expected.
    var count = CommandLine.argc - 1
    var words = unsafe CommandLine.unsafeArgv + 1
    _ = unsafe withUnsafeMutablePointer(to: &words) { words in
      unsafe words.withMemoryRebound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1) {
        words in
        unsafe LLVMFuzzerRunDriver(&count, words) { data, size in
          let input = unsafe Array(UnsafeBufferPointer(start: data, count: size))
          do {
            try unsafe chosen?.check(input)
          } catch {
            fatalError("\(error)")
          }
          return 0
        }
      }
    }
  }
}

/// Written once, before the fuzzer begins.
nonisolated(unsafe) private var chosen: FuzzTarget?
