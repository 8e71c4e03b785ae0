internal import CFastCGI
internal import Gateway
internal import Glibc
internal import Threads

/// libfcgi as a pure function: it decodes requests and encodes responses into records, and never touches a peer's
/// socket.
///
/// On its own, libfcgi reads and writes a descriptor, blocks on it, trusts its peer (see `ProtocolViolation`) and reads ahead
/// into the next request (fcgiapp.c of 2.4.2, `FillBuffProc`). So its descriptor is one end of our own socket pair,
/// which never blocks: from it libfcgi reads exactly one request, rebuilt from what `RequestReader` accepted, and to it
/// libfcgi writes the records that we send on. The one `FCGX_Request` is in use only during a call.
///
/// It is confined to one thread.
@safe final class Codec {
  private let request = UnsafeMutablePointer<FCGX_Request>.allocate(capacity: 1)
  /// Our end of the socket pair, and libfcgi's.
  private var ours: Int32 = -1
  private var theirs: Int32 = -1
  private var scratch = [UInt8](repeating: 0, count: 64 << 10)

  init() throws(SystemError) {
    ProcessSetting.initializeLibrary()
    try open()
  }

  deinit {
    close()
    unsafe request.deallocate()
  }

  /// The request as a value; nil if libfcgi rejects it, which would be a bug.
  func decode(_ received: ReceivedRequest) -> Request? {
    var records = beginRecords(received.requestID, role: received.role, parameters: received.parameters)
    // libfcgi never reads the body of an authorizer's request or of one whose body is incomplete.
    let hasBody = received.role == .responder && received.isWhole
    if hasBody {
      records += Self.records(of: FCGI_STDIN, received.requestID, received.body)
    }
    guard accept(records) else { return nil }
    defer { unsafe FCGX_Free(request, 0) }

    var body: [UInt8] = []
    if hasBody {
      guard let read = readBody(count: received.body.count) else {
        close()
        return nil
      }
      body = read
    }
    return received.request(parameters, body: body)
  }

  /// The records that answer a request and end it; nil if libfcgi fails, which would be a bug.
  ///
  /// - Parameter content: the header and body in CGI format; empty for an aborted request.
  func encode(_ content: [UInt8], requestID: UInt16) -> [UInt8]? {
    // libfcgi creates an output stream only for a request that it accepted, so it gets a minimal one.
    guard accept(beginRecords(requestID, role: .responder, parameters: [])) else { return nil }
    var records: [UInt8] = []
    records.reserveCapacity(content.count + 64)
    var rest = content[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.portion)
      rest = rest.dropFirst(Self.portion)
      _ = unsafe part.withUnsafeBytes { bytes in
        unsafe FCGX_PutStr(bytes.baseAddress, Int32(bytes.count), request.pointee.out)
      }
      if !rest.isEmpty { takeWritten(into: &records) }
    }
    unsafe FCGX_Finish_r(request)
    // After an error libfcgi has closed its end.
    guard unsafe request.pointee.ipcFd >= 0 else {
      theirs = -1
      close()
      return nil
    }
    takeWritten(into: &records)
    return records
  }

  /// Less than half of what the socket pair holds unread.
  private static let portion = 32 << 10

  // MARK: The socket pair

  private func open() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .last }
    (ours, theirs) = (ends[0], ends[1])
    // A whole request must fit, however small `net.core.wmem_default` is; `wmem_max` is at least 208 KiB.
    var size: Int32 = 208 << 10
    for end in ends {
      _ = unsafe setsockopt(end, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  private func close() {
    if ours >= 0 { Glibc.close(ours) }
    if theirs >= 0 { Glibc.close(theirs) }
    (ours, theirs) = (-1, -1)
  }

  /// Has libfcgi accept the request that these records encode.
  private func accept(_ records: [UInt8]) -> Bool {
    if ours < 0 {
      guard (try? open()) != nil else { return false }  // Out of descriptors: the caller drops the connection.
    }
    let sent = unsafe records.withUnsafeBytes { bytes in
      unsafe send(ours, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    }
    guard sent == records.count else {
      close()
      return false
    }
    unsafe FCGX_InitRequest(request, -1, FCGI_FAIL_ACCEPT_ON_INTR)
    unsafe request.pointee.ipcFd = theirs
    // Keeps the descriptor open when a request is finished, and avoids lingering when it is closed after an error.
    unsafe request.pointee.keepConnection = 1
    unsafe FCGX_Detach(request)
    guard unsafe FCGX_Accept_r(request) == 0 else {
      theirs = -1  // Closed by libfcgi.
      close()
      return false
    }
    return true
  }

  private func takeWritten(into records: inout [UInt8]) {
    while true {
      let count = unsafe scratch.withUnsafeMutableBytes { bytes in
        unsafe recv(ours, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
      }
      guard count > 0 else { return }
      records += scratch[..<count]
      if count < scratch.count { return }
    }
  }

  // MARK: Records for libfcgi, without padding (which it sometimes miscounts)

  private func beginRecords(_ requestID: UInt16, role: Request.Role, parameters: [UInt8]) -> [UInt8] {
    var records = RecordHeader(type: FCGI_BEGIN_REQUEST, requestID: requestID, contentLength: 8).bytes
    let number = role == .authorizer ? FCGI_AUTHORIZER : FCGI_RESPONDER
    records += [0, UInt8(number), UInt8(FCGI_KEEP_CONN), 0, 0, 0, 0, 0]
    return records + Self.records(of: FCGI_PARAMS, requestID, parameters)
  }

  private static func records(of type: Int32, _ requestID: UInt16, _ content: [UInt8]) -> [UInt8] {
    var records: [UInt8] = []
    records.reserveCapacity(content.count + 3 * RecordHeader.length)
    var rest = content[...]
    while !rest.isEmpty {
      let part = rest.prefix(Int(FCGI_MAX_LENGTH))
      records += RecordHeader(type: type, requestID: requestID, contentLength: part.count).bytes
      records += part
      rest = rest.dropFirst(part.count)
    }
    return records + RecordHeader(type: type, requestID: requestID, contentLength: 0).bytes
  }

  // MARK: What libfcgi understood

  private var parameters: Parameters {
    var all: [(name: String, value: String)] = []
    guard var entry = unsafe request.pointee.envp else { return Parameters(all) }
    var count = 0
    while unsafe entry[count] != nil { count += 1 }
    // Reserve no more than needed: thousands of requests hold their parameters while they wait.
    all.reserveCapacity(count)
    // The first entry is FCGI_ROLE, added by libfcgi.
    unsafe entry += 1
    while let text = unsafe entry.pointee {
      if let equals = unsafe strchr(text, Int32(UInt8(ascii: "="))) {
        let name = unsafe UnsafeRawBufferPointer(start: text, count: equals - text)
        let value = unsafe UnsafeRawBufferPointer(start: equals + 1, count: strlen(equals + 1))
        all.append((unsafe String(decoding: name, as: UTF8.self), unsafe String(decoding: value, as: UTF8.self)))
      }
      unsafe entry += 1
    }
    return Parameters(all)
  }

  /// The body, provided it is as long as what was sent; libfcgi has then read to its end.
  private func readBody(count: Int) -> [UInt8]? {
    let input = unsafe request.pointee.in
    var body: [UInt8] = []
    while true {
      let read = unsafe scratch.withUnsafeMutableBytes { bytes in
        unsafe FCGX_GetStr(bytes.baseAddress, Int32(bytes.count), input)
      }
      guard read > 0 else { break }
      body += scratch[..<Int(read)]
    }
    guard unsafe FCGX_GetError(input) == 0, body.count == count else { return nil }
    return body
  }
}
