internal import CCurl

/// The options that make a request safe and bounded, each with its reason.
extension EasyHandle {
  /// Sets the options that all requests of a client share.
  func setUp(_ configuration: Configuration, sessions: SessionShare) throws(Failure) {
    try set(CURLOPT_NOSIGNAL, 1)  // The process has threads.
    try unsafe set(CURLOPT_SHARE, sessions.pointer)
    try set(CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.milliseconds)
    // No CURLOPT_LOW_SPEED_TIME: libcurl averages the speed over whole seconds from the start of the connection, so a
    // silent server would be abandoned sometimes sooner and sometimes later. CURLOPT_TIMEOUT_MS bounds each request
    // exactly.

    // No redirects, cookies, netrc or compression. All are off by default, but this one matters because of credentials.
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    try set(CURLOPT_SOCKS5_AUTH, pingate_auth_basic)  // No Kerberos.
    // HTTP/1.1: libcurl 7.88's HTTP/2 loses a connection for reuse when frames arrive while it is idle (KNOWN_BUGS,
    // 17.2), and a multiplexed connection that dies takes all its requests along. It also keeps libcurl from reusing a
    // connection whose server claims HTTP/2, which the static build does not include.
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    try set(CURLOPT_USERAGENT, configuration.userAgent)
    // A request's own header fields, credentials included, never go to a proxy.
    try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))

    // TLS: verified, 1.2 or newer, trusting only the configured authorities: the built-in certificate folder is unset.
    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try set(CURLOPT_CAINFO, configuration.certificates?.path)
    try set(CURLOPT_CAPATH, String?.none)
    if configuration.proxy?.text.hasPrefix("https:") == true {
      try set(CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      try set(CURLOPT_PROXY_CAINFO, configuration.certificates?.path)
      try set(CURLOPT_PROXY_CAPATH, String?.none)
    }

    // The smallest buffers that libcurl allows: responses are a few hundred bytes, and thousands wait at a time. Of the
    // upload buffer, only the pages written to use memory.
    try set(CURLOPT_BUFFERSIZE, 1_024)
    try set(CURLOPT_UPLOAD_BUFFERSIZE, 16_384)
    try set(CURLOPT_MAXFILESIZE, Answer.longestBody)

    // A kept connection is checked before reuse, but one that has been idle for long is likely to die in use.
    try set(CURLOPT_MAXAGE_CONN, 60)
    try set(CURLOPT_MAXLIFETIME_CONN, 600)
    try set(CURLOPT_TCP_KEEPALIVE, 1)
  }

  /// Sets where requests go.
  ///
  /// - Parameter fields: the header fields of the requests; libcurl keeps the pointer.
  func aim(at url: ServiceURL, _ configuration: Configuration, fields: TextList) throws(Failure) {
    try set(CURLOPT_URL, url.text)
    try set(CURLOPT_PROTOCOLS_STR, url.isSecure ? "https" : "http")
    try set(CURLOPT_REDIR_PROTOCOLS_STR, url.isSecure ? "https" : "http")
    // The empty text, unlike none, keeps libcurl from reading the environment.
    try set(CURLOPT_PROXY, url.isLoopback ? "" : configuration.proxy?.text ?? "")
    try set(CURLOPT_NOPROXY, "")
    try set(CURLOPT_HTTPHEADER, fields)
  }

  /// Sets what is specific to one request.
  ///
  /// - Parameter addresses: the addresses of every host that libcurl would otherwise resolve, on a thread that it
  ///   finally waits for, half a minute if no name server answers. libcurl keeps the pointer, and shares the addresses
  ///   among all transfers: passing them each time makes sure the latest are used.
  func load(_ request: Request, addresses: TextList, timeLeft: Duration) throws(Failure) {
    try set(CURLOPT_RESOLVE, addresses)
    try set(CURLOPT_TIMEOUT_MS, timeLeft.milliseconds)
    try set(CURLOPT_REQUEST_TARGET, request.target)
    switch request.method {
    case .get: try set(CURLOPT_HTTPGET, 1)
    // Its response has no body whatever `Content-Length` says, so libcurl must know.
    case .other("HEAD"): try set(CURLOPT_NOBODY, 1)
    case .other(let name):
      try set(CURLOPT_HTTPGET, 1)
      try set(CURLOPT_CUSTOMREQUEST, name)
    case .post(let body): try setPost(body.bytes)
    case .postJSON(let bytes): try setPost(bytes)
    }
  }

  /// Frees the request's data, so that an idle handle holds no phone number and no PIN.
  func unload() {
    // Unsetting an option cannot fail.
    try? set(CURLOPT_COPYPOSTFIELDS, String?.none)
    try? set(CURLOPT_REQUEST_TARGET, String?.none)
    try? set(CURLOPT_CUSTOMREQUEST, String?.none)
    try? set(CURLOPT_NOBODY, 0)
    try? set(CURLOPT_HTTPGET, 1)
  }
}

extension Duration {
  /// Whole milliseconds, at least 1 since 0 means "forever" to libcurl, and at most a day.
  fileprivate var milliseconds: Int {
    let capped = min(self, .seconds(86_400))
    return max(1, Int(capped / .milliseconds(1)))
  }
}
