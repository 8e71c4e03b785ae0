internal import Limits

/// The lines of an answer to `INFO`.
struct RedisInformation {
  private let text: [UInt8]

  init(_ text: [UInt8]) {
    self.text = text
  }

  /// What stands behind the name in its line. It is looked for, line by line: two of a hundred are wanted, in each turn.
  subscript(name: StaticString) -> String? {
    var line = text.startIndex
    while line < text.endIndex {
      let end = text[line...].firstIndex { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") } ?? text.endIndex
      let value = line + name.utf8CodeUnitCount
      if value < end, text[value] == UInt8(ascii: ":"), begins(at: line, with: name) {
        return String(decoding: text[(value + 1)..<end], as: UTF8.self)
      }
      line = end + 1
    }
    return nil
  }

  private func begins(at start: Int, with name: StaticString) -> Bool {
    name.withUTF8Buffer { unsafe $0.elementsEqual(text[start..<start + $0.count]) }
  }

  /// A Redis that throws keys away when it is full would forget what was reserved.
  func checkKeepsKeys() throws(StoreFailure) {
    guard let most = self["maxmemory"], most != "0", let policy = self["maxmemory_policy"] else { return }
    guard policy == "noeviction" else {
      throw StoreFailure(.unsuitable, "Redis forgets reservations when it is full; set: maxmemory-policy noeviction")
    }
  }
}
