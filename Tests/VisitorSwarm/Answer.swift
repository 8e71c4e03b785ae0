import Glibc

/// What an application answers to one request.
struct Answer {
  private var output: [UInt8] = []
  private(set) var isWhole = false

  /// Takes the whole records off the beginning.
  mutating func take(from received: inout [UInt8]) {
    var position = 0
    while !isWhole, received.count - position >= 8 {
      let content = Int(received[position + 4]) << 8 | Int(received[position + 5])
      let end = position + 8 + content + Int(received[position + 6])
      guard end <= received.count else { break }
      switch received[position + 1] {
      case 3: isWhole = true
      case 6: output += received[position + 8..<position + 8 + content]
      default: break
      }
      position = end
    }
    received.removeFirst(position)
  }

  /// 200 when it gives none (RFC 3875, section 6.3.3).
  var status: String { text(between: "Status: ", and: " ") ?? "200" }

  var title: String { text(between: "<title>", and: "</title>") ?? "" }

  private func text(between start: String, and end: String) -> String? {
    guard let first = find(start, from: 0), let last = find(end, from: first + start.utf8.count) else { return nil }
    return String(decoding: output[first + start.utf8.count..<last], as: UTF8.self)
  }

  private func find(_ text: String, from start: Int) -> Int? {
    let text = Array(text.utf8)
    return unsafe output.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var position = start
      while position + text.count <= bytes.count {
        let rest = bytes.count - text.count - position + 1
        guard let next = unsafe memchr(base + position, Int32(text[0]), rest) else { return nil }
        position = unsafe UnsafeRawPointer(next) - base
        if unsafe memcmp(base + position, text, text.count) == 0 { return position }
        position += 1
      }
      return nil
    }
  }
}
