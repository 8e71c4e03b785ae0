internal import CCurl
internal import Glibc

/// An easy handle configured the way every request needs it, and the one call that it currently carries. It is confined
/// to the client's thread and reused.
final class Transfer {
  let easy: EasyHandle
  private(set) var call: Call?

  private let limit: ConnectLimit
  /// The target that the easy handle is configured for, and the header fields that it points to.
  private var aim: (target: Target, fields: TextList)?
  /// The addresses that the easy handle points to.
  private var addresses: (lines: [String], list: TextList)?
  private var isConnecting = false

  private var body: [UInt8] = []
  private var headBytes = 0
  private var retryAfter: String?
  private var head: [String: String] = [:]
  /// Why the client ended it, if libcurl did not.
  private var ending: CurlFailure.Kind?
  /// How many bytes libcurl had sent (to a proxy) just before it first sent the request itself; nil until then.
  private var sentBefore: Int?

  init(
    _ easy: EasyHandle, _ configuration: Configuration, sessions: SessionShare, limit: ConnectLimit
  ) throws(EasyHandle.Failure) {
    self.easy = easy
    self.limit = limit
    try easy.setUp(configuration, sessions: sessions)
    let this = unsafe Unmanaged.passUnretained(self).toOpaque()
    try unsafe easy.set(CURLOPT_PRIVATE, this)
    try unsafe easy.set(CURLOPT_WRITEDATA, this)
    try unsafe easy.set(CURLOPT_HEADERDATA, this)
    try unsafe easy.set(CURLOPT_PREREQDATA, this)
    try unsafe easy.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, this in
      unsafe Transfer.of(this).takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    try unsafe easy.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, this in
      unsafe Transfer.of(this).takeField(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    try unsafe easy.setPrerequest { this, address, _, _, _ in
      unsafe Transfer.of(this).mayGoOut(to: address.map { unsafe String(cString: $0) } ?? "")
        ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
  }

  /// The transfer that a callback is for: the client keeps it as long as libcurl keeps its easy handle.
  private static func of(_ pointer: UnsafeMutableRawPointer?) -> Transfer {
    guard let pointer = unsafe pointer else { preconditionFailure("set in init") }
    return unsafe Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Takes on a call; the handle can then be added to the multi handle.
  func begin(_ call: Call, _ configuration: Configuration, timeLeft: Duration) throws(EasyHandle.Failure) {
    let target = Target(call.request)
    if aim?.target != target {
      let fields = try TextList(target.lines)
      try easy.aim(at: target.url, configuration, fields: fields)
      aim = (target, fields)
    }
    let addresses = try list(of: call.addresses)
    try easy.load(call.request, addresses: addresses, timeLeft: timeLeft)
    self.call = call
    isConnecting = true
    limit.enter()
  }

  /// The list that the easy handle points to, or a new one if these addresses differ.
  private func list(of lines: [String]) throws(EasyHandle.Failure) -> TextList {
    if let addresses, addresses.lines == lines { return addresses.list }
    let list = try TextList(lines)
    // The old list may be freed while libcurl still points to it: libcurl gets the new one before it looks.
    addresses = (lines, list)
    return list
  }

  /// Ends the call after its handle has been removed from the multi handle, and clears the call's data.
  ///
  /// - Parameters:
  ///   - code: libcurl's result.
  ///   - kind: why the client ended it, if that overrides libcurl's result.
  func end(_ code: CURLcode, because kind: CurlFailure.Kind? = nil) -> Call.Outcome {
    guard let call else { preconditionFailure("begin comes first") }
    defer { forget() }
    leaveLimit()
    let kind = kind ?? ending
    guard code != CURLE_OK || kind != nil else {
      return .success(
        Answer(status: easy.number(CURLINFO_RESPONSE_CODE), body: body, retryAfter: retryAfter, head: head))
    }
    return .failure(
      CurlFailure(
        kind ?? CurlFailure.Kind(code), code: code, attempted: call.request.description, mayHaveBeenSent: wasSent))
  }

  private func forget() {
    call = nil
    body = []
    headBytes = 0
    retryAfter = nil
    head = [:]
    ending = nil
    sentBefore = nil
    easy.unload()
  }

  private func leaveLimit() {
    if isConnecting { limit.leave() }
    isConnecting = false
  }

  // MARK: Callbacks

  /// Whether any byte of the request may have left. CURLINFO_REQUEST_SIZE counts what the socket accepted (with TLS:
  /// what the TLS library accepted), and continues to count when libcurl tries again.
  private var wasSent: Bool {
    guard let sentBefore else { return false }
    return easy.number(CURLINFO_REQUEST_SIZE) > sentBefore
  }

  /// Whether libcurl may now send the request (CURLOPT_PREREQFUNCTION). It is called once a connection is found or
  /// made, and again if libcurl found that one dead and took another.
  private func mayGoOut(to address: String) -> Bool {
    leaveLimit()
    guard let request = call?.request, request.isRepeatable || !wasSent else {
      ending = .connectionLost
      return false
    }
    sentBefore = sentBefore ?? easy.number(CURLINFO_REQUEST_SIZE)
    return true
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard body.count + bytes.count <= Answer.longestBody else {
      ending = .tooLarge
      return 0
    }
    unsafe body.append(contentsOf: bytes)
    return bytes.count
  }

  /// Takes one line of the response's head, including the status line and the final empty line; trailers arrive here
  /// too.
  private func takeField(_ bytes: UnsafeRawBufferPointer) -> Int {
    headBytes += bytes.count
    guard headBytes <= Answer.longestHead else {
      ending = .tooLarge
      return 0
    }
    if unsafe bytes.starts(with: "HTTP/".utf8) {
      // A new head: the previous one belonged to an interim response.
      retryAfter = nil
      head = [:]
    } else if let value = unsafe HeaderLine.value(of: "retry-after", in: bytes) {
      retryAfter = value
    }
    if call?.request.wantsHead == true, let field = unsafe HeaderLine.field(in: bytes) {
      head[field.name] = field.value
    }
    return bytes.count
  }
}

/// How many more transfers may start to connect. It is confined to the client's thread.
final class ConnectLimit {
  private(set) var free: Int

  init(_ most: Int) {
    free = most
  }

  func enter() { free -= 1 }
  func leave() { free += 1 }
}
