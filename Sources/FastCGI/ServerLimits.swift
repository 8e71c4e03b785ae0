/// What a server grants its peers, so that no number of peers and no behavior of any one exhausts the process.
public struct ServerLimits: Sendable, Hashable {
  /// The maximum number of requests being answered at one time; any more get the overload response.
  public var requestsInFlight: Int
  /// The maximum number of open connections. Any more wait in the listening socket's backlog until a connection is
  /// closed or has been idle long enough to be reclaimed.
  public var connections: Int
  /// The maximum length of one request's parameters in bytes: all names, values and length fields together.
  public var parameters: Int
  /// The maximum length of a body that is read, in bytes.
  public var body: Int
  /// How many bytes of an oversized body, FastCGI framing included, are read and discarded, so that the web server sees
  /// the response rather than a broken connection and can use the connection again.
  public var discardedBody: Int
  /// How long a web server may take to send one request, or to accept the next part of a response. A kept-alive
  /// connection may stay idle forever: the web server decides when to close it, as long as there is room for everybody.
  public var peerTimeout: Duration
  /// How long a connection must be idle before it is closed in favor of one that waits, when there is no room: longer
  /// than a web server takes between connecting and sending.
  public var idleBeforeReclaim: Duration
  /// How long a request waits in the queue at most while the responder has no room for it (`Responder.hasRoom`). After
  /// that it is started anyway, so that the responder can say what is wrong.
  public var longestInQueue: Duration

  /// Creates the limits of a program whose requests are short forms, behind a web server on the same machine.
  public init(
    requestsInFlight: Int = 10_000, connections: Int = 12_000, parameters: Int = 64 << 10, body: Int = 8 << 10,
    discardedBody: Int = 16 << 20, peerTimeout: Duration = .seconds(5),
    idleBeforeReclaim: Duration = .milliseconds(100), longestInQueue: Duration = .seconds(2)
  ) {
    self.requestsInFlight = requestsInFlight
    self.connections = connections
    self.parameters = parameters
    self.body = body
    self.discardedBody = discardedBody
    self.peerTimeout = peerTimeout
    self.idleBeforeReclaim = idleBeforeReclaim
    self.longestInQueue = longestInQueue
  }
}
