import Testing

@testable import VonageSandbox

@Suite struct AgendaTests {
  @Test func `entries come out in the order of their time`() {
    var agenda = Agenda()
    let times = (0..<500).map { _ in Int.random(in: 0..<200) }
    for (index, time) in times.enumerated() { agenda.insert(Agenda.Entry(due: .seconds(time), id: "\(index)")) }
    var out: [Duration] = []
    while let first = agenda.first {
      out.append(first.due)
      agenda.removeFirst()
    }
    #expect(out == times.sorted().map { .seconds($0) })
  }
}
