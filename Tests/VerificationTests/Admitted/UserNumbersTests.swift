import Testing
import Verification

private func numbers(_ lines: String...) -> UserNumbers { UserNumbers(lines: lines) }

private func digits(_ user: String, _ lines: String...) -> String? {
  UserName(user).flatMap { UserNumbers(lines: lines).number(of: $0)?.digits }
}

@Test func `each user has the number of the line`() {
  #expect(digits("alice", "alice:+12025550143", "bob:+442079460018") == "12025550143")
  #expect(digits("bob", "alice:+12025550143", "bob:+442079460018") == "442079460018")
  #expect(digits("carol", "alice:+12025550143") == nil)
}

@Test(arguments: [
  "alice:+1 202-555-0143", " alice : +1 (202) 555.0143 ", "alice:+12025550143 # her mobile",
  "\u{FEFF}alice:+12025550143",
  "alice:\u{202A}+1 202 555 0143\u{202C}", "alice:\t+1\u{A0}202/555\u{2011}0143",
])
func `numbers are written as people write them`(line: String) {
  #expect(digits("alice", line) == "12025550143")
  #expect(UserNumbers(lines: [line]).problems.isEmpty)
}

@Test(arguments: ["", "   ", "# a comment", "; another", "\t# alice:+12025550143", "\u{FEFF}"])
func `empty lines and comments are passed over`(line: String) {
  let read = numbers(line, "bob:+12025550143")
  #expect(read.problems.isEmpty)
  #expect(read.all.map(\.user.text) == ["bob"])
}

@Test(arguments: [
  "alice", "alice:", ":+12025550143", "alice:12025550143", "alice:0012025550143", "alice:+0012025550143",
  "alice:+123456",
  "alice:+1234567890123456", "alice:+1202555O143", "alice:++12025550143", "alice:+12025550143:x",
  "al\u{7}ice:+12025550143",
  "alice:+12025550143, +12025550144", "alice:+1202555+0143", "alice:+１２０２５５５０１４３", "al\u{FFFD}ice:+12025550143",
])
func `a broken line is named and refuses only itself`(line: String) {
  let read = numbers("# first", line, "bob:+442079460018")
  #expect(read.problems.map(\.line) == [2])
  #expect(read.all.map(\.user.text) == ["bob"])
  // What is in a line is nobody's business but the owner's.
  #expect(read.problems.allSatisfy { !$0.description.contains("202555") && !$0.description.contains("alice") })
}

@Test func `a line of 512 bytes is read, and one of 513 is not`() {
  let line = "alice:+12025550143 #"
  let most = line + String(repeating: "x", count: 512 - line.utf8.count)
  #expect(digits("alice", most) == "12025550143")
  #expect(numbers(most + "x").problems.map(\.line) == [1])
  #expect(numbers(most + "x").isEmpty)
}

@Test func `the first line of a user counts, and the other one is named`() {
  let read = numbers("alice:+12025550143", "alice:+442079460018")
  #expect(read.problems.map(\.line) == [2])
  #expect(UserName("alice").flatMap { read.number(of: $0) }?.digits == "12025550143")
}

@Test func `lines beyond the most are not read, and that is told once`() {
  let lines = (0...UserNumbers.mostLines + 5).map { "u\($0):+12025550143" }
  let read = UserNumbers(lines: lines)
  #expect(read.problems.map(\.line) == [UserNumbers.mostLines + 1])
  #expect(read.all.count == UserNumbers.mostLines)
}

@Test func `names are told apart by their bytes`() {
  let (composed, decomposed) = ("ren\u{E9}", "rene\u{301}")
  #expect(digits(composed, "\(composed):+12025550143", "\(decomposed):+442079460018") == "12025550143")
  #expect(digits(decomposed, "\(composed):+12025550143", "\(decomposed):+442079460018") == "442079460018")
  #expect(digits("Alice", "alice:+12025550143") == nil)
}

@Test(arguments: [("a", true), ("", false), ("a:b", false), ("a\nb", false), ("\u{FFFD}", false), (" a b ", true)])
func `a user's name is what a password file can have`(text: String, isName: Bool) {
  #expect((UserName(text) != nil) == isName)
}

@Test func `a user's name has 255 bytes at most`() {
  #expect(UserName(String(repeating: "a", count: 255)) != nil)
  #expect(UserName(String(repeating: "a", count: 256)) == nil)
}

@Test func `a list of numbers has those of its good lines`() {
  let list = NumberList(lines: ["# friends", "+1 202 555 0143 # Ann", "", "0143", "+442079460018"])
  #expect(list.problems.map(\.line) == [4])
  #expect(list.numbers.map(\.digits).sorted() == ["12025550143", "442079460018"])
  #expect(PhoneNumber(e164: "12025550143").map(list.contains) == true)
  #expect(PhoneNumber(e164: "12025550144").map(list.contains) == false)
}

@Test func `one user's lines say the same alone as among all`() {
  let lines = [
    "# users", "bob:+442079460018", " alice : +1 (202) 555-0143 # her mobile", "alice:+12025550144",
    "malice:+12025550145",
    "\u{FEFF}carol:+12025550146", "dave", "dave:+1", "dave:+12025550147", "alice bob:+12025550148",
  ]
  for text in ["alice", "bob", "carol", "dave", "malice", "alice bob", "lice", "+", "nobody", "users"] {
    guard let user = UserName(text) else { continue }
    #expect(
      UserNumbers(lines: lines, of: user).number(of: user) == UserNumbers(lines: lines).number(of: user), "\(text)")
    #expect(UserNumbers(lines: lines, of: user).problems.isEmpty)
  }
}
