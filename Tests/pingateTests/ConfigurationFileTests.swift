import Testing

@testable import pingate

@Suite struct `A configuration file` {
  private func file(_ text: String) -> ConfigurationFile {
    ConfigurationFile(path: "pingate.conf", text: text)
  }

  @Test func `gives the values of its lines`() {
    let file = file("VONAGE_API_KEY=abc\n PINGATE_SITE = shop \nPINGATE_LOGO=\n")
    #expect(file.values == ["VONAGE_API_KEY": "abc", "PINGATE_SITE": "shop", "PINGATE_LOGO": ""])
    #expect(file.problems.isEmpty)
  }

  @Test func `skips empty lines and comments`() {
    let file = file("\n# A=1\n; B=2\n   \n\t# C=3\nD=4")
    #expect(file.values == ["D": "4"])
    #expect(file.problems.isEmpty)
  }

  @Test(arguments: [
    ("A=\"two words\"", "two words"), ("A='two words'", "two words"), ("A='#1'", "#1"), ("A=b=c", "b=c"),
    ("A=it's", "it's"), ("A=\"\"", ""), ("A=x # y", "x # y"), ("A=x\r", "x"),
  ])
  func `takes quotes off and leaves everything else as it is`(line: String, value: String) {
    #expect(file(line).values["A"] == value)
  }

  @Test(arguments: ["no equals sign", "A=\"open", "A='open", "A=\"", "A=\"x\" y"])
  func `names the line that it cannot read`(line: String) {
    let file = file("B=1\n\(line)\nC=2")
    #expect(file.problems.map(\.name) == ["pingate.conf:2"])
    #expect(file.values == ["B": "1", "C": "2"])
  }

  @Test func `refuses a name that comes twice`() {
    #expect(file("A=1\nA=2").problems.map(\.name) == ["pingate.conf:2"])
  }
}
