import Crypto
import Encoding
import Limits
import Support
import Testing
import Verification

@testable import Tokens

private let now = Timestamp(secondsSinceEpoch: 1_800_000_000)
private let puzzle = WorkPuzzle(parts: 3, bits: 6)!

private func ring(_ byte: UInt8 = 1) -> Keyring {
  Keyring([SymmetricKey(data: [UInt8](repeating: byte, count: 32))])!
}

private func token(_ way: ChallengeToken.Way, rounds: Int = 1) -> ChallengeToken {
  ChallengeToken(
    way, rounds: rounds, number: CounterKey(Array(1...16)), net: CounterKey(Array(17...32)), nonce: FormNonce(),
    issuedAt: now)
}

private let ways: [ChallengeToken.Way] = [
  .work(puzzle), .work(WorkPuzzle(parts: 256, bits: 30)!), .widget, .slot(readyAt: now + .seconds(40)),
]

@Test(arguments: ways)
func `a challenge is opened as it was sealed, by the site that made it and for nothing else`(
  way: ChallengeToken.Way
) throws {
  let challenges = TokenSeal<ChallengeToken>(ring(), site: "a")
  let token = token(way, rounds: 16)
  let text = try #require(challenges.seal(token))
  #expect(challenges.open(text) == token)
  #expect(TokenSeal<ChallengeToken>(ring(), site: "b").open(text) == nil)
  #expect(TokenSeal<ChallengeToken>(ring(2), site: "a").open(text) == nil)
  #expect(TokenSeal<ShownForm>(ring(), site: "a").open(text) == nil)
  let bytes = try #require(Base64URL.decode(text))
  for index in bytes.indices {
    var other = bytes
    other[index] ^= 1
    #expect(challenges.open(Base64URL.encode(other)) == nil)
  }
}

@Test(arguments: [
  (-61, true), (-60, false), (0, false), (599, false), (600, true),
])
func `a challenge is good for ten minutes`(age: Int, isOver: Bool) {
  #expect(token(.widget).isOver(at: now + .seconds(age)) == isOver)
}

@Test func `a slot is good for ten minutes from when it is ready`() {
  let slot = token(.slot(readyAt: now + .seconds(300)))
  #expect(!slot.isOver(at: now + .seconds(899)))
  #expect(slot.isOver(at: now + .seconds(900)))
}

@Test func `work that was done is known, for its own challenge only`() {
  let solution = puzzle.solution(of: "challenge")
  #expect(puzzle.isSolved(by: solution, of: "challenge"))
  #expect(!puzzle.isSolved(by: solution, of: "challengf"))
}

@Test func `what is not the whole work in its one spelling is none`() throws {
  let solution = puzzle.solution(of: "challenge")
  let bytes = try #require(Base64URL.decode(solution))
  let wrong = [
    "", String(solution.dropLast()), solution + "A", solution + "=", solution.replacing("A", with: "+"),
    String(repeating: "A", count: 16), String(repeating: "é", count: 8), Base64URL.encode(bytes.dropLast(4)),
    Base64URL.encode(bytes + [0, 0, 0, 0]), Base64URL.encode(Array(bytes.dropFirst(4)) + bytes.prefix(4)),
  ]
  for text in wrong where text != solution { #expect(!puzzle.isSolved(by: text, of: "challenge"), "\(text)") }
}

@Test func `one bit less is not enough`() throws {
  let six = try #require(WorkPuzzle(parts: 1, bits: 6))
  let seven = try #require(WorkPuzzle(parts: 1, bits: 7))
  // Every second one that has six has no seven.
  let solved = (0..<64).map { ("challenge \($0)", six.solution(of: "challenge \($0)")) }
  #expect(solved.allSatisfy { six.isSolved(by: $1, of: $0) })
  #expect(solved.contains { !seven.isSolved(by: $1, of: $0) } && solved.contains { seven.isSolved(by: $1, of: $0) })
}

@Test func `easier work is not enough`() throws {
  // With two bits each, of which hardly one has ten.
  let easy = try #require(WorkPuzzle(parts: 8, bits: 2))
  let hard = try #require(WorkPuzzle(parts: 8, bits: 10))
  let solution = easy.solution(of: "challenge")
  #expect(easy.isSolved(by: solution, of: "challenge") && !hard.isSolved(by: solution, of: "challenge"))
}

@Test(arguments: [(0, 1), (257, 1), (1, 0), (1, 31), (-1, 5)])
func `no puzzle is without work, and none takes long to check`(parts: Int, bits: Int) {
  #expect(WorkPuzzle(parts: parts, bits: bits) == nil)
}

@Test(arguments: [(-1, false), (0, true), (1, false), (3600, false)])
func `a form is too young only where that is certain`(age: Int, isYounger: Bool) throws {
  let forms = TokenSeal<ShownForm>(ring(), site: "a")
  let form = try #require(forms.seal(ShownForm(shownAt: now)).flatMap(forms.open))
  #expect(form.shownAt == now)
  #expect(form.isYounger(than: .seconds(1), at: now + .seconds(age)) == isYounger)
  #expect(!form.isYounger(than: .zero, at: now + .seconds(age)))
}
