internal import Limits

/// The lines of an answer to `INFO`.
struct RedisInformation {
  private var values: [Substring: Substring] = [:]

  init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      let pair = line.split(separator: ":", maxSplits: 1)
      if pair.count == 2 { values[pair[0]] = pair[1] }
    }
  }

  subscript(name: Substring) -> Substring? { values[name] }

  /// A Redis that throws keys away when it is full would forget what was reserved.
  func checkKeepsKeys() throws(StoreFailure) {
    guard let most = values["maxmemory"], most != "0", let policy = values["maxmemory_policy"] else { return }
    guard policy == "noeviction" else {
      throw StoreFailure(.unsuitable, "Redis forgets reservations when it is full; set: maxmemory-policy noeviction")
    }
  }
}
