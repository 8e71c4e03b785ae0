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
    ("A=it's", "it's"), ("A=\"\"", ""), ("A=x\r", "x"), ("A = x ", "x"), ("\tA\t=\tx\t", "x"), ("export A=x", "x"),
    ("export\tA='x y'", "x y"), ("A=x\u{A0}", "x"), ("\u{FEFF}A=x", "x"), ("A=x\u{200B}\u{FEFF}", "x"),
    (#"A="a\"b\\c\$d\`e\nf""#, #"a"b\c$d`e\nf"#), (#"A='a\b'"#, #"a\b"#), (#"A=a\b"#, #"a\b"#), ("A=a\"b\"", "a\"b\""),
    ("A=\" x \"", " x "),
  ])
  func `takes quotes and blanks off and leaves everything else as it is`(line: String, value: String) {
    #expect(file(line).values == ["A": value])
    #expect(file(line).problems.isEmpty)
  }

  @Test(arguments: [
    ("A=x # y", "x"), ("A=x\t#y", "x"), ("A=x #", "x"), ("A=\"x # y\" # z", "x # y"), ("A='x'#z", "x"), ("A= # y", ""),
    ("A=#", ""), ("A=#0057b8", "#0057b8"), ("A = #0057b8 # blue", "#0057b8"), ("A=x#y", "x#y"),
    ("A=/a#b?c=#d", "/a#b?c=#d"),
    ("A=# y", ""), ("A=US CA #home", "US CA"),
  ])
  func `takes off a comment behind a value`(line: String, value: String) {
    #expect(file(line).values == ["A": value])
    #expect(file(line).problems.isEmpty)
  }

  /// It would be cut, and its owner would not know.
  @Test(arguments: ["PINGATE_KEY", "VONAGE_API_SECRET", "PINGATE_ALERT_SECRET", "PINGATE_STORE"])
  func `refuses what may be a comment behind a secret, or a part of it`(name: String) {
    for value in ["hunter2 # new", "# hunter2"] {
      let file = file("\(name)=\(value)")
      #expect(file.values.isEmpty)
      #expect(file.problems.map(\.name) == ["pingate.conf:1"])
      #expect(file.problems.allSatisfy { $0.advice.hasPrefix(name) && !$0.advice.contains("hunter2") })
    }
    #expect(file("\(name)='hunter2' # new").values == [name: "hunter2"])
    #expect(file("\(name)='hunter2 # new'").values == [name: "hunter2 # new"])
    #expect(file("\(name)=hunter2#new").values == [name: "hunter2#new"])
  }

  @Test(arguments: ["\r\n", "\n", "\r"]) func `has lines whatever ends them`(end: String) {
    let file = file(["\u{FEFF}A=1", "# B=2", "", "C=3", "no line", "D=4", ""].joined(separator: end))
    #expect(file.values == ["A": "1", "C": "3", "D": "4"])
    #expect(file.problems.map(\.name) == ["pingate.conf:5"])
  }

  @Test(arguments: ["no equals sign", "A=\"open", "A='open", "A=\"", "A=\"x\" y", "A='x'y", "A=\"x\\\""])
  func `names the line that it cannot read`(line: String) {
    let file = file("B=1\n\(line)\nC=2")
    #expect(file.problems.map(\.name) == ["pingate.conf:2"])
    #expect(file.values == ["B": "1", "C": "2"])
  }

  @Test func `refuses a name that comes twice`() {
    #expect(file("A=1\nA=2").problems.map(\.name) == ["pingate.conf:2"])
  }
}
