internal import CCurl

/// A request that got no answer: what was tried, what libcurl said, and whether the server may have got it.
///
/// It holds nothing of the request but its method and URL, and no text of the server's.
public struct CurlFailure: Error, Sendable, Hashable {
  /// What went wrong, in kinds that a caller can tell apart whatever libcurl's version.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The server's name (or the proxy's) has no address, or the DNS does not answer.
    case couldNotResolve = "could_not_resolve"
    /// Nobody accepts connections there.
    case couldNotConnect = "could_not_connect"
    /// The server's certificate is not signed by anybody we trust, is for another name or is expired.
    case untrustedCertificate = "untrusted_certificate"
    /// No TLS connection came about for another reason: an old protocol version, or no TLS at all.
    case tlsFailed = "tls_failed"
    /// It took too long: to connect, to begin, to go on or as a whole.
    case timedOut = "timed_out"
    /// The connection broke before the answer was complete.
    case connectionLost = "connection_lost"
    /// The answer has more bytes than `Answer.longestBody` or `Answer.longestHead`.
    case tooLarge = "too_large"
    /// What came is not an HTTP answer.
    case notHTTP = "not_http"
    /// The task that waited was cancelled.
    case cancelled
    /// The client is closed.
    case closed
    /// Anything else: out of memory, out of descriptors, an option that this libcurl does not know.
    case other
  }

  public let kind: Kind
  /// libcurl's `CURLcode`; 0 when libcurl was not asked or did not object.
  public let code: Int32
  /// The method and the URL, or another step: "POST https://api.nexmo.com/verify/json".
  public let attempted: String
  /// False only when no byte of the request left this machine: it can be made again without being made twice.
  public let mayHaveBeenSent: Bool

  init(_ kind: Kind, code: CURLcode = CURLE_OK, attempted: String, mayHaveBeenSent: Bool) {
    self.kind = kind
    self.code = Int32(truncatingIfNeeded: code.rawValue)
    self.attempted = attempted
    self.mayHaveBeenSent = mayHaveBeenSent
  }
}

extension CurlFailure: CustomStringConvertible {
  public var description: String {
    guard code != 0 else { return "\(attempted): \(kind.rawValue)" }
    // A constant text of libcurl's, never null.
    let words = unsafe String(cString: curl_easy_strerror(CURLcode(rawValue: UInt32(truncatingIfNeeded: code))))
    return "\(attempted): \(kind.rawValue), CURLcode \(code) (\(words))"
  }
}

extension CurlFailure.Kind {
  /// The kind that a result of libcurl's is of (curl/curl.h, `CURLcode`).
  init(_ code: CURLcode) {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .couldNotResolve
    case CURLE_COULDNT_CONNECT, CURLE_PROXY: self = .couldNotConnect
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: self = .untrustedCertificate
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_USE_SSL_FAILED: self = .tlsFailed
    case CURLE_OPERATION_TIMEDOUT: self = .timedOut
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND:
      self = .connectionLost
    case CURLE_FILESIZE_EXCEEDED: self = .tooLarge
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: self = .notHTTP
    default: self = .other
    }
  }
}
