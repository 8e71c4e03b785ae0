/// What a server allows its peers, so that no number of them and no behavior of one exhausts the process.
public struct Limits: Sendable, Hashable {
  /// The most requests that are being answered at one time; more are told that the server is overloaded.
  public var requestsInFlight: Int
  /// The most connections that are open at one time; more wait in the listening socket's backlog, until one is closed or
  /// has been idle for long enough to give way.
  public var connections: Int
  /// The longest parameters of one request in bytes, all names, values and lengths together.
  public var parameters: Int
  /// The longest body in bytes that is read.
  public var body: Int
  /// The most bytes of a body that is too long which are read and thrown away, so that the web server sees the answer
  /// and not a broken connection, and may use it again; with all that FastCGI sends around them.
  public var discardedBody: Int
  /// How long a web server may take to send one request, or to take in the next part of an answer. A connection that is
  /// kept for a next request may be idle for ever: the web server decides when to close it, while there is room for all.
  public var peerTimeout: Duration
  /// How long a connection has to be idle before it is closed for one that waits when there is no room for another: more
  /// than a web server takes from connecting to sending.
  public var idleBeforeReclaim: Duration
  /// How long a request that has arrived waits in the queue at most while the responder has no room for it
  /// (`Responder.hasRoom`). After that it is begun all the same: what is wrong is for the responder to say.
  public var longestInQueue: Duration

  /// The limits of a program whose requests are short forms, behind a web server on the same machine.
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
