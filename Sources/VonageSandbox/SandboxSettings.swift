/// How the sandbox behaves; what `POST {prefix}/settings` may change at run time is marked so.
public struct SandboxSettings: Sendable, Hashable {
  /// Where it is mounted in the web server's tree of paths: empty, or a path that begins with `/` and does not end
  /// with one.
  public var prefix = "/sandbox"
  /// The one account there is; nil takes every pair of a non-empty key and a non-empty secret as an account of its own.
  public var credentials: SandboxCredentials?
  /// How long every call of the API is kept waiting for its answer, after it has taken effect. Changeable.
  public var delay: Duration = .zero
  /// How much later the magic numbers for "slow" answer. Changeable.
  public var slowDelay: Duration = .seconds(2)
  /// How long the magic numbers for "never answers" keep a connection open. Changeable.
  public var silence: Duration = .seconds(30)
  /// How many calls an account may make in one second of the sandbox's clock before it gets status 1. Vonage documents
  /// 30; nil, the default, is no limit, so that a load test measures the program under test. Changeable.
  public var callsPerSecond: Int?
  /// Whether the account may send codes of its own (`pin_code`); when not, doing so is status 20. Changeable.
  public var allowsPinCode = false
  /// How long after its end a request is not found by search; up to a minute at Vonage. Changeable.
  public var searchLag: Duration = .zero

  public init() {}
}
