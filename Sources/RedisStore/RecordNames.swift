internal import Encoding
internal import Limits

/// What the keys of one prefix are called in Redis.
struct RecordNames: Sendable {
  private let tag: [UInt8]
  private let recordPrefix: [UInt8]

  /// The braces keep all keys in one slot of a cluster: a script may touch no other.
  init(prefix: String) {
    tag = Array("{\(prefix)}:".utf8)
    recordPrefix = tag + "row:".utf8
  }

  /// Whose turn it is.
  var turn: [UInt8] { name("turn") }
  /// Who waits for a turn, in order.
  var line: [UInt8] { name("line") }
  /// When each of them asked last.
  var asked: [UInt8] { name("asked") }
  /// Which store it is.
  var head: [UInt8] { name("head") }
  /// Where an older PinGate kept its clock.
  var formerClock: [UInt8] { name("clock:") }
  /// What a process leaves to know the store by.
  func mark(_ process: CounterKey) -> [UInt8] { Hexadecimal.ascii(process.bytes, after: name("mark:")) }
  /// The record of a key.
  func record(_ key: CounterKey) -> [UInt8] { Hexadecimal.ascii(key.bytes, after: recordPrefix) }

  private func name(_ rest: String) -> [UInt8] { tag + rest.utf8 }
}
