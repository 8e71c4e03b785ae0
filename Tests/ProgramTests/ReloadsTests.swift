import Testing

@testable import Program

@Suite(.timeLimit(.minutes(1)))
struct `The reloads` {
  @Test func `that are asked for while one runs are one more`() async {
    let (begins, begin) = AsyncStream.makeStream(of: Void.self)
    let (gates, gate) = AsyncStream.makeStream(of: Void.self)
    let reloads = Reloads {
      begin.yield()
      var gate = gates.makeAsyncIterator()
      await gate.next()
    }
    var begun = begins.makeAsyncIterator()
    reloads.request()
    await begun.next()
    for _ in 0..<300 { reloads.request() }
    gate.yield()
    await begun.next()
    // Nothing was asked for since the second began: the next one is asked for by this.
    gate.yield()
    reloads.request()
    await begun.next()
    gate.finish()
    begin.finish()
    #expect(await begun.next() == nil)
  }
}
