internal import Encoding
internal import Limits

/// The names in Redis of all keys under one prefix.
struct RecordNames: Sendable {
  private let tag: [UInt8]
  private let recordPrefix: [UInt8]

  /// The braces are a hash tag that keeps all keys in one slot of a cluster: a script may not touch any other.
  init(prefix: String) {
    tag = Array("{\(prefix)}:".utf8)
    recordPrefix = tag + "row:".utf8
  }

  /// The process whose turn it is.
  var turn: [UInt8] { name("turn") }
  /// The processes waiting for a turn, in order.
  var queue: [UInt8] { name("queue") }
  /// When each waiting process asked last.
  var asked: [UInt8] { name("asked") }
  /// The store's head (`StoreHead`).
  var head: [UInt8] { name("head") }
  /// Where an older PinGate kept its clock.
  var formerClock: [UInt8] { name("clock:") }
  /// The mark by which a process recognizes the store (`StoreMemory`).
  func mark(_ process: CounterKey) -> [UInt8] { Hexadecimal.ascii(process.bytes, after: name("mark:")) }
  /// The record of a counter key.
  func record(_ key: CounterKey) -> [UInt8] { Hexadecimal.ascii(key.bytes, after: recordPrefix) }

  private func name(_ rest: String) -> [UInt8] { tag + rest.utf8 }
}
