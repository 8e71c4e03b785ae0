import Limits
import Testing

@testable import RedisStore

struct EvictionWatchTests {
  /// How many keys a server says that it has thrown away, each time that it is asked; and whether that was the end.
  @Test(arguments: [
    ([0, 0], false), ([500, 500], false), ([0, 1], true), ([500, 501], true),
    // Its statistics were set back in between.
    ([500, 0], false), ([500, 0, 300], true), ([500, 0, 0, 1], true),
  ])
  func `keys that a Redis throws away once it was asked are the end, whatever it counts from`(
    counts: [Int], isEnd: Bool
  ) {
    var watch = EvictionWatch()
    watch.begin("run")
    var failures: [StoreFailure.Kind] = []
    for count in counts {
      do throws(StoreFailure) {
        try watch.check([.text([]), .text(Array("evicted_keys:\(count)\r\n".utf8))])
      } catch {
        failures.append(error.kind)
      }
    }
    #expect(failures == (isEnd ? [.replaced] : []))
    #expect(watch.end?.kind == (isEnd ? .replaced : nil))
  }
}
