import Support

/// Inputs that a fuzzer could make of a target's seeds, the same ones each time: bytes changed, inserted, left out and
/// repeated, ends of other seeds, and the values at which lengths and numbers go wrong.
struct Mutations {
  private let seeds: [[UInt8]]
  private var random: SeededRandom

  init(of seeds: [[UInt8]], seed: UInt64) {
    self.seeds = seeds
    random = SeededRandom(seed: seed)
  }

  mutating func next() -> [UInt8] {
    var input = seeds.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 1...8, using: &random) { change(&input) }
    return Array(input.prefix(Self.longest))
  }

  private mutating func change(_ input: inout [UInt8]) {
    let index = Int.random(in: 0...input.count, using: &random)
    let end = min(input.count, index + Int.random(in: 1...16, using: &random))
    switch Int.random(in: 0..<7, using: &random) {
    case 0 where index < input.count: input[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where index < input.count: input[index] = Self.edges.randomElement(using: &random) ?? 0
    case 2: input.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
    case 3: input.removeSubrange(index..<end)
    case 4: input.insert(contentsOf: Array(input[index..<end]), at: index)
    case 5:
      let other = seeds.randomElement(using: &random) ?? []
      input = Array(input[..<index]) + other.dropFirst(Int.random(in: 0...other.count, using: &random))
    default: input.removeSubrange(index...)
    }
  }

  /// Ends of ranges and what grammars give a meaning to.
  private static let edges: [UInt8] =
    [0, 1, 0x7F, 0x80, 0xC0, 0xED, 0xF4, 0xFE, 0xFF] + Array(" \"%&+,-/:;=?@[\\]{|}\r\n".utf8)

  private static let longest = 4_096
}
