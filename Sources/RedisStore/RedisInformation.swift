internal import Limits

/// The lines of a reply to `INFO`.
struct RedisInformation {
  private let text: [UInt8]

  init(_ text: [UInt8]) {
    self.text = text
  }

  /// The value on the line with this name. It scans line by line: in each turn, two of a hundred values are wanted.
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

  /// Refuses a Redis that evicts keys when it is full, because it would forget reservations.
  func checkKeepsKeys() throws(StoreFailure) {
    guard let most = self["maxmemory"], most != "0", let policy = self["maxmemory_policy"] else { return }
    guard policy == "noeviction" else {
      throw StoreFailure(.unsuitable, "Redis forgets reservations when it is full; set: maxmemory-policy noeviction")
    }
  }
}
