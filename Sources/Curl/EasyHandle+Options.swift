internal import CCurl

/// The options that make a request safe and bounded, each with its reason.
extension EasyHandle {
  /// What is the same for all requests of a client.
  func setUp(_ configuration: Configuration, sessions: SessionShare) throws(Refusal) {
    try set(CURLOPT_NOSIGNAL, 1)  // threads
    try unsafe set(CURLOPT_SHARE, sessions.pointer)
    try set(CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.milliseconds)
    // No CURLOPT_LOW_SPEED_TIME: libcurl averages the speed over seconds that begin with the connection, so that a server
    // which is silent would be given up sometimes sooner and sometimes not. CURLOPT_TIMEOUT_MS says when, for each request.

    // No redirects, cookies, netrc or compression: none is on unless asked for, but this one carries credentials.
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    try set(CURLOPT_SOCKS5_AUTH, pingate_auth_basic)  // and no Kerberos
    // HTTP/1.1: libcurl 7.88's HTTP/2 loses reuse to frames that come while a connection is idle (its KNOWN_BUGS,
    // 17.2), and a multiplexed connection that dies takes all its requests along. It also keeps libcurl from using a
    // connection again whose server claims HTTP/2, which the static build has none of.
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    try set(CURLOPT_USERAGENT, configuration.userAgent)
    // A request's own fields, its credentials among them, never go to a proxy.
    try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))

    // TLS: verified, 1.2 or newer, and nobody trusted but whom the configuration names: the built-in folder is unset.
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

    // The smallest buffers that libcurl has: answers have some hundred bytes, and thousands wait at a time. Of the one
    // for sending only what is written to becomes real memory.
    try set(CURLOPT_BUFFERSIZE, 1_024)
    try set(CURLOPT_UPLOAD_BUFFERSIZE, 16_384)
    try set(CURLOPT_MAXFILESIZE, Answer.longestBody)

    // A kept connection is looked at before reuse, but one that was idle for long is likely to die under way.
    try set(CURLOPT_MAXAGE_CONN, 60)
    try set(CURLOPT_MAXLIFETIME_CONN, 600)
    try set(CURLOPT_TCP_KEEPALIVE, 1)
  }

  /// Where requests go.
  ///
  /// - Parameter fields: what the requests have of them; libcurl keeps the pointer.
  func aim(at url: ServiceURL, _ configuration: Configuration, fields: TextList) throws(Refusal) {
    try set(CURLOPT_URL, url.text)
    try set(CURLOPT_PROTOCOLS_STR, url.isSecure ? "https" : "http")
    try set(CURLOPT_REDIR_PROTOCOLS_STR, url.isSecure ? "https" : "http")
    // The empty text, unlike none, keeps libcurl from reading the environment.
    try set(CURLOPT_PROXY, url.isLoopback ? "" : configuration.proxy?.text ?? "")
    try set(CURLOPT_NOPROXY, "")
    try set(CURLOPT_HTTPHEADER, fields)
  }

  /// What one request is about.
  ///
  /// - Parameter addresses: those of every name that libcurl would look up otherwise, on a thread that it waits for in
  ///   the end, half a minute where no name server answers. libcurl keeps the pointer, and keeps the addresses for all
  ///   transfers: they are told each time, so that the newest count.
  func load(_ request: Request, addresses: TextList, timeLeft: Duration) throws(Refusal) {
    try set(CURLOPT_RESOLVE, addresses)
    try set(CURLOPT_TIMEOUT_MS, timeLeft.milliseconds)
    try set(CURLOPT_REQUEST_TARGET, request.target)
    switch request.method {
    case .get: try set(CURLOPT_HTTPGET, 1)
    // It has no body whatever its length says, so that libcurl must know.
    case .other("HEAD"): try set(CURLOPT_NOBODY, 1)
    case .other(let name):
      try set(CURLOPT_HTTPGET, 1)
      try set(CURLOPT_CUSTOMREQUEST, name)
    case .post(let body): try setPost(body.bytes)
    case .postJSON(let bytes): try setPost(bytes)
    }
  }

  /// Frees what the request brought, so that an idle handle holds no number and no PIN.
  func unload() {
    // Setting nothing cannot fail.
    try? set(CURLOPT_COPYPOSTFIELDS, String?.none)
    try? set(CURLOPT_REQUEST_TARGET, String?.none)
    try? set(CURLOPT_CUSTOMREQUEST, String?.none)
    try? set(CURLOPT_NOBODY, 0)
    try? set(CURLOPT_HTTPGET, 1)
  }
}

extension Duration {
  /// Whole milliseconds, at least 1: 0 would be "for ever" to libcurl. At most a day.
  fileprivate var milliseconds: Int {
    let capped = min(self, .seconds(86_400))
    return max(1, Int(capped / .milliseconds(1)))
  }
}
