internal import Encoding
internal import LimitEngine
internal import Limits

/// The keys and arguments of one run of the script, in the order in which it reads them.
struct LimiterCall: Sendable {
  let operation: String
  private(set) var keys: [[UInt8]] = []
  private(set) var arguments: [[UInt8]] = []
  private let prefix: String

  init(_ operation: String, prefix: String) {
    self.operation = operation
    self.prefix = prefix
  }

  mutating func put(_ text: String) { arguments.append(Array(text.utf8)) }
  mutating func put(_ bytes: [UInt8]) { arguments.append(bytes) }
  mutating func put(_ number: Int64) { put("\(number)") }
  mutating func put(_ flag: Bool) { put(flag ? "1" : "0") }
  mutating func put(_ duration: Duration?) { put(duration?.milliseconds ?? 0) }

  mutating func put(_ key: RecordKey) { keys.append(Array(name(key).utf8)) }

  /// The names of a number's rows in its browsers, up to the browser's own.
  mutating func put(rowsInBrowsersOf number: CounterKey) {
    put(Int64(LimitRow.ofKnownNumber.count))
    for row in LimitRow.ofKnownNumber { put(name(RecordKey(row.rawValue, number))) }
  }

  mutating func put(optional key: RecordKey?) {
    put(key != nil)
    if let key { put(key) }
  }

  mutating func put(_ rules: [Rule]) {
    put(Int64(rules.count))
    for rule in rules {
      put(rule.record)
      put(Int64(rule.limit.count))
      put(rule.limit.window)
      put(list: rule.gaps.map(\.milliseconds))
      put(list: rule.gapsOfNext.map(\.milliseconds))
      put(list: rule.alarms.map(Int64.init))
      put(Int64(rule.alarmLimit))
    }
  }

  mutating func put(_ guards: [ConversionGuard]) {
    put(Int64(guards.count))
    for conversionGuard in guards {
      let terms = conversionGuard.terms
      put(conversionGuard.record)
      put(Int64(terms.sends))
      put(Int64(terms.percent))
      for duration in [terms.window, terms.grace, terms.closes, terms.closesAtMost] { put(duration) }
    }
  }

  private mutating func put(list: [Int64]) {
    put(Int64(list.count))
    for item in list { put(item) }
  }

  /// The words of the command that runs it.
  ///
  /// - Parameters:
  ///   - memory: which store it must be.
  ///   - link: names the link's mark, and a store that begins with this call.
  func command(
    _ run: [String], at machine: MachineTime, usesServerTime: Bool, memory: StoreMemory, link: CounterKey
  ) -> [[UInt8]] {
    var first = [Array(name(.clock).utf8)]
    if memory.leavesMark { first.append(Array(name(RecordKey("mark", link)).utf8)) }
    let head = run + ["\(first.count + keys.count)"]
    return head.map { Array($0.utf8) } + first + keys + [
      Array(operation.utf8), machine.boot, Array("\(machine.sinceBoot)".utf8),
      Array("\(usesServerTime ? -1 : machine.wall)".utf8), memory.birth, Array("\(memory.write.settled)".utf8),
      Array("\(memory.leavesMark ? memory.mark.settled : -1)".utf8), link.bytes,
    ] + arguments
  }

  /// The braces keep all keys in one slot of a cluster.
  func name(_ key: RecordKey) -> String {
    "{\(prefix)}:\(key.kind):" + Hexadecimal.text(key.key)
  }

  static func bytes(ofHexadecimal text: [UInt8]) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: text.count, by: 2) {
      guard let byte = UInt8(String(decoding: text[start..<start + 2], as: UTF8.self), radix: 16) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
