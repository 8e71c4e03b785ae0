internal import CCurl
internal import Glibc

/// An easy handle set up as every request needs it, with the one call that it carries at a time. Belongs to the
/// client's thread; used again and again.
final class Transfer {
  let easy: EasyHandle
  private(set) var call: Call?

  private let limit: ConnectLimit
  /// Where the easy handle is aimed at, and the fields that it points to.
  private var aim: (target: Target, fields: TextList)?
  /// The addresses that the easy handle points to.
  private var addresses: (lines: [String], list: TextList)?
  private var isConnecting = false

  private var body: [UInt8] = []
  private var headBytes = 0
  private var retryAfter: String?
  private var head: [String: String] = [:]
  /// Why we ended it, when it was not libcurl.
  private var ending: CurlFailure.Kind?
  /// What libcurl had sent (to a proxy) before the request itself was to go out for the first time; nil before.
  private var sentBefore: Int?

  init(
    _ easy: EasyHandle, _ configuration: Configuration, sessions: SessionShare, limit: ConnectLimit
  ) throws(EasyHandle.Refusal) {
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

  /// The transfer that a callback is for: the client holds it for as long as libcurl holds its easy handle.
  private static func of(_ pointer: UnsafeMutableRawPointer?) -> Transfer {
    guard let pointer = unsafe pointer else { preconditionFailure("set in init") }
    return unsafe Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Takes a call up; the handle can then be added to the multi handle.
  func begin(_ call: Call, _ configuration: Configuration, timeLeft: Duration) throws(EasyHandle.Refusal) {
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

  /// The list that the easy handle points to or, when that is another one, one that it has to.
  private func list(of lines: [String]) throws(EasyHandle.Refusal) -> TextList {
    if let addresses, addresses.lines == lines { return addresses.list }
    let list = try TextList(lines)
    // The old list may go while libcurl still points to it: it is told of the new one before it looks.
    addresses = (lines, list)
    return list
  }

  /// Ends the call after the handle was removed from the multi handle, and forgets what it held.
  ///
  /// - Parameters:
  ///   - code: libcurl's result.
  ///   - kind: why we gave it up, when that is not libcurl's result.
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

  /// Whether a byte of the request may have left. CURLINFO_REQUEST_SIZE counts what the socket (below TLS: the TLS
  /// library) took; it goes on counting when libcurl tries again.
  private var wasSent: Bool {
    guard let sentBefore else { return false }
    return easy.number(CURLINFO_REQUEST_SIZE) > sentBefore
  }

  /// Whether libcurl may now send the request (CURLOPT_PREREQFUNCTION): called once a connection is found or made, and
  /// again when libcurl found that one dead and took another.
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

  /// One line of the answer's head, the status line and the empty last one included; trailers come here too.
  private func takeField(_ bytes: UnsafeRawBufferPointer) -> Int {
    headBytes += bytes.count
    guard headBytes <= Answer.longestHead else {
      ending = .tooLarge
      return 0
    }
    if unsafe bytes.starts(with: "HTTP/".utf8) {
      // A new head: what came before was an interim answer.
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

/// How many more transfers may begin to look for a connection. Belongs to the client's thread.
final class ConnectLimit {
  private(set) var free: Int

  init(_ most: Int) {
    free = most
  }

  func enter() { free -= 1 }
  func leave() { free += 1 }
}
