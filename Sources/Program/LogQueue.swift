internal import DequeModule

/// Lines of the log that wait to be written, as many as there is room for. Lines that do not fit are lost and counted, and the count
/// is written in their place, once.
struct LogQueue {
  /// How much is kept.
  struct Limits {
    var lines = 4_000
    var bytes = 512 << 10
    /// What is left of both for severe lines when the others are lost already: one in so many parts.
    var reserve = 8
  }

  /// What is written at once.
  struct Batch {
    var bytes: [UInt8]
    /// How many lines are lost with it.
    let lines: Int
  }

  private enum Entry {
    case line([UInt8])
    /// So many lines were lost here.
    case gap(Int)
  }

  private let limits: Limits
  private var entries: Deque<Entry> = []
  private var bytes = 0
  /// Whether lines are being lost at the end, until there is room for half of all: so that a gap is one gap.
  private var isFull = false

  init(_ limits: Limits = Limits()) {
    self.limits = limits
  }

  var isEmpty: Bool { entries.isEmpty }

  /// - Parameters:
  ///   - line: a whole line, including its line break.
  ///   - isSevere: whether it is worth more than others.
  mutating func add(_ line: [UInt8], isSevere: Bool) {
    let part = isSevere ? 0 : 1
    let hasRoom =
      bytes + line.count <= limits.bytes - part * (limits.bytes / limits.reserve)
      && entries.count < limits.lines - part * (limits.lines / limits.reserve)
    guard hasRoom, isSevere || !isFull else {
      isFull = true
      if case .gap(let count) = entries.last {
        entries[entries.count - 1] = .gap(count + 1)
      } else {
        entries.append(.gap(1))
      }
      return
    }
    bytes += line.count
    // Before a gap that is still growing, so that it stays one gap.
    entries.insert(.line(line), at: isFull ? entries.count - 1 : entries.count)
  }

  /// Takes out what came first: whole lines of at most this many bytes in all, or one line if that is longer.
  mutating func take(_ most: Int) -> Batch? {
    var batch: [UInt8] = []
    var lines = 0
    while let entry = entries.first {
      let (text, count) =
        switch entry {
        case .line(let line): (line, 1)
        case .gap(let count): (Self.notice(of: count), count)
        }
      guard batch.isEmpty || batch.count + text.count <= most else { break }
      batch += text
      lines += count
      entries.removeFirst()
      if case .line = entry { bytes -= text.count }
    }
    if bytes <= limits.bytes / 2, entries.count <= limits.lines / 2 { isFull = false }
    return batch.isEmpty ? nil : Batch(bytes: batch, lines: lines)
  }

  /// Lines that were taken out could not be written.
  mutating func lose(_ lines: Int) {
    if case .gap(let count) = entries.first {
      entries[0] = .gap(count + lines)
    } else {
      entries.prepend(.gap(lines))
    }
  }

  private static func notice(of lost: Int) -> [UInt8] {
    let text =
      lost == 1
      ? "1 line of the log was lost: nobody took it"
      : "\(lost) lines of the log were lost: nobody took them"
    return Array("(\(text))\n".utf8)
  }
}
