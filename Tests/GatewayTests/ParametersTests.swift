import Gateway
import Testing

@Suite struct ParametersTests {
  private let parameters = Parameters([("A", ""), ("A", "1"), ("B", "2"), ("A", "3"), ("C", "")])

  @Test func `the last value counts, and an empty one is none`() {
    #expect(parameters["A"] == "3")
    #expect(parameters["B"] == "2")
    #expect(parameters["C"] == nil)
    #expect(parameters["a"] == nil)
    #expect(Parameters([("A", "1"), ("A", "")])["A"] == nil)
  }

  @Test func `all values are there, in order`() {
    #expect(parameters.values(of: "A") == ["", "1", "3"])
    #expect(parameters.values(of: "D") == [])
  }
}
