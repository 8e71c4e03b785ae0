/// What is wrong with the records of a peer that is no web server, or a broken one. libfcgi never sees them: some crash
/// it (a repeated `FCGI_GET_VALUES` overflows its stack, a length of two gigabytes aborts it).
public enum Refusal: String, Sendable, Hashable {
  /// Not version 1 of the protocol, or not the protocol at all.
  case version
  /// A management record (request id 0); nginx, lighttpd and Apache send none.
  case managementRecord
  /// A record of another request than the one that was begun: connections are not multiplexed.
  case requestID
  /// A record of an unknown type, or where it does not belong.
  case type
  /// An `FCGI_BEGIN_REQUEST` or `FCGI_ABORT_REQUEST` of the wrong length.
  case length
  /// Neither responder nor authorizer.
  case role
  /// Parameters whose lengths do not add up, or that hold a NUL or a name with "=" (both would be cut by libfcgi).
  case parameters
  /// Parameters longer than `Limits.parameters`.
  case parametersTooLong
}
