/// What is counted of a visitor, as keyed hashes.
public struct VisitorKeys: Sendable, Hashable {
  /// The IPv4 address, or the /64 of the IPv6 address: one household has the whole of it.
  public let address: CounterKey
  /// The /24 of the IPv4 address, or the /48 of the IPv6 address.
  public let net: CounterKey
  /// The /32 of an IPv6 address: whoever has one has 65,536 nets. Nil for IPv4.
  public let wideNet: CounterKey?
  /// The net's own name, sealed: the owner can read it, and the store cannot.
  public let sealedNet: UInt64
  /// Whether it comes from this machine or a private network, or from nobody knows where: then many may be behind it, and
  /// none of them is told apart by his net.
  public let isOfOwnNetwork: Bool
  /// The browser's cookie, or, for a browser that brought none, the hash of its address and `User-Agent`: a double
  /// click on the first form, which carries no cookie yet, is then known as one.
  public let browser: CounterKey
  /// Whether `browser` stands for a cookie. A browser without one is never remembered as the owner's: its neighbors
  /// behind the same address may look just like it.
  public let hasCookie: Bool

  public init(
    address: CounterKey, net: CounterKey, wideNet: CounterKey? = nil, sealedNet: UInt64 = 0,
    isOfOwnNetwork: Bool = false, browser: CounterKey, hasCookie: Bool
  ) {
    self.address = address
    self.net = net
    self.wideNet = wideNet
    self.sealedNet = sealedNet
    self.isOfOwnNetwork = isOfOwnNetwork
    self.browser = browser
    self.hasCookie = hasCookie
  }
}
