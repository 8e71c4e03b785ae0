internal import Limits

/// The nets that most of the unverified messages went to, for the owner (the algorithm of Misra and Gries, 1982: a net that
/// had more than one part in `most + 1` of them is always in it).
struct NetList: Sendable, Hashable {
  /// A net, and its own name, sealed.
  struct Net: Sendable, Hashable {
    let key: CounterKey
    let sealed: UInt64
  }

  private(set) var entries: [(net: Net, count: UInt32)] = []
  private let most: Int

  init(atMost most: Int) { self.most = most }

  mutating func add(_ net: Net) {
    if let index = entries.firstIndex(where: { $0.net.key == net.key }) {
      if entries[index].count < .max { entries[index].count += 1 }
    } else if entries.count < most {
      entries.append((net, 1))
    } else {
      for index in entries.indices { entries[index].count -= 1 }
      entries.removeAll { $0.count == 0 }
    }
  }

  mutating func remove(_ net: CounterKey) {
    guard let index = entries.firstIndex(where: { $0.net.key == net }) else { return }
    entries[index].count -= 1
    if entries[index].count == 0 { entries.remove(at: index) }
  }

  /// For the owner, the worst first.
  var overview: [BudgetOverview.Net] {
    entries.map { BudgetOverview.Net(key: $0.net.key, sealed: $0.net.sealed, unverified: Int($0.count)) }
      .sorted { $0.unverified > $1.unverified }
  }

  static func == (one: NetList, other: NetList) -> Bool {
    one.most == other.most && one.entries.elementsEqual(other.entries) { $0 == $1 }
  }

  func hash(into hasher: inout Hasher) {
    for entry in entries { hasher.combine(entry.net) }
  }
}

extension NetList {
  init(_ reader: inout RecordReader, atMost most: Int) throws(StoreFailure) {
    self.init(atMost: most)
    let count = try reader.take(UInt8.self)
    guard count <= most else { throw RecordReader.damaged }
    for _ in 0..<count {
      let net = Net(key: try reader.takeKey(), sealed: try reader.take())
      let messages = try reader.take(UInt32.self)
      guard messages > 0 else { throw RecordReader.damaged }
      entries.append((net, messages))
    }
  }

  func put(in writer: inout RecordWriter) {
    writer.put(UInt8(entries.count))
    for entry in entries {
      writer.put(entry.net.key.bytes)
      writer.put(entry.net.sealed)
      writer.put(entry.count)
    }
  }
}
