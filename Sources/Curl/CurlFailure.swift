internal import CCurl

/// A request that got no response: what was tried, what libcurl said, and whether the server may have received it.
///
/// Of the request it holds only the method and URL, and of the server's text nothing.
public struct CurlFailure: Error, Sendable, Hashable {
  /// What went wrong, in categories that do not depend on libcurl's version.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The name of the server or proxy has no address, or the DNS does not answer.
    case couldNotResolve = "could_not_resolve"
    /// Nobody accepts connections there.
    case couldNotConnect = "could_not_connect"
    /// The server's certificate is not signed by a trusted authority, is for another name, or has expired.
    case untrustedCertificate = "untrusted_certificate"
    /// The TLS handshake failed for another reason: an old protocol version, or no TLS at all.
    case tlsFailed = "tls_failed"
    /// It took too long: to connect, to start sending, to make progress, or overall.
    case timedOut = "timed_out"
    /// The connection broke before the response was complete.
    case connectionLost = "connection_lost"
    /// The response is longer than `Answer.longestBody` or `Answer.longestHead`.
    case tooLarge = "too_large"
    /// What came back is not an HTTP response.
    case notHTTP = "not_http"
    /// The waiting task was canceled.
    case cancelled
    /// The client is closed.
    case closed
    /// Anything else: out of memory, out of descriptors, an option that this version of libcurl does not support.
    case other
  }

  public let kind: Kind
  /// libcurl's `CURLcode`; 0 if libcurl was not involved or reported no error.
  public let code: Int32
  /// The method and the URL, or another step: "POST https://api.nexmo.com/verify/json".
  public let attempted: String
  /// False only if no byte of the request left this machine, so that it can be repeated without arriving twice.
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
    // libcurl returns a constant string, never null.
    let words = unsafe String(cString: curl_easy_strerror(CURLcode(rawValue: UInt32(truncatingIfNeeded: code))))
    return "\(attempted): \(kind.rawValue), CURLcode \(code) (\(words))"
  }
}

extension CurlFailure.Kind {
  /// The category of a libcurl result (curl/curl.h, `CURLcode`).
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
