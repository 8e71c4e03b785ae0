import Foundation
import FuzzTargets
import Testing

/// Each fuzz target on its seeds, on those that a minute of fuzzing would make of them first, cut and with a bit flipped, and on
/// some thousands that are changed at random.
@Suite struct `A fuzz target` {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fuzz/Seeds")

  private func seeds(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let folder = Self.folder.appending(path: target.name)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      (name, Array(try Data(contentsOf: folder.appending(path: name))))
    }
  }

  @Test func `has seeds, and no folder of seeds is without its target`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
    for target in FuzzTarget.all {
      #expect(try !seeds(of: target).isEmpty, "\(target.name)")
    }
  }

  @Test(arguments: FuzzTarget.all.map(\.name))
  func `holds for its seeds and what is like them`(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    try target.check([])
    for seed in try seeds(of: target) {
      #expect(throws: Never.self, "\(seed.name)") { try target.check(seed.bytes) }
      // Every place of a short seed, and a hundred of a long one.
      for index in stride(from: 0, to: seed.bytes.count, by: max(1, seed.bytes.count / 100)) {
        #expect(throws: Never.self, "\(seed.name), cut at \(index)") { try target.check(Array(seed.bytes[..<index])) }
        var flipped = seed.bytes
        flipped[index] ^= 1 << UInt8(index % 8)
        #expect(throws: Never.self, "\(seed.name), flipped at \(index)") { try target.check(flipped) }
      }
    }
  }

  @Test(arguments: FuzzTarget.all.map(\.name))
  func `holds for what is made of its seeds at random`(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    var mutations = Mutations(of: try seeds(of: target).map(\.bytes), seed: 1)
    for number in 0..<Self.mutations {
      let input = mutations.next()
      #expect(throws: Never.self, "mutation \(number), \(input)") { try target.check(input) }
    }
  }

  /// A second or so of each target, in a debug build.
  private static let mutations = 2_000
}
