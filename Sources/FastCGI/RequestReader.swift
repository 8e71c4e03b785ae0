internal import CFastCGI
internal import Gateway

/// Assembles one peer's requests from the records that it sends, and accepts only what web servers send.
///
/// A pure value: no matter how the bytes are split up, it finds the same requests, and it keeps no more of them than
/// the limits allow.
struct RequestReader {
  enum Finding: Equatable {
    case needsMore
    case request(ReceivedRequest)
    /// The peer aborted the request that it had begun to send.
    case aborted(requestID: UInt16)
    /// The parameters exceed the limit. The rest of the request is still to come.
    case parametersTooLong(requestID: UInt16)
    /// More of an already answered request is still to come than may be discarded.
    case restTooLong
    case refused(ProtocolViolation)
  }

  private enum Stage { case idle, parameters, body }

  private let longestParameters: Int
  private let longestBody: Int
  private let longestRest: Int
  private var stage = Stage.idle
  private var request = ReceivedRequest(requestID: 0, role: .responder, keepsConnection: false)
  /// A request that was reported before its end, and whose rest is discarded. FastCGI is framed, so nothing in the rest
  /// is ever mistaken for the next request, which begins with a record of its own, after the rest or instead of it (a
  /// web server that has its response need not send the rest: section 5.5 ends the request there).
  private var rest: UInt16?
  /// The bytes of all records discarded since the last request began, headers and padding included: a peer that sends
  /// nothing but empty records costs just as much time.
  private var thrownAway = 0
  /// The start of a header whose rest has not arrived yet.
  private var partialHeader: [UInt8] = []
  private var contentLeft = 0
  private var paddingLeft = 0

  init(limits: ServerLimits) {
    longestParameters = limits.parameters
    longestBody = limits.body
    longestRest = limits.discardedBody
  }

  /// Whether the peer has sent nothing of a request that is still incomplete.
  var isIdle: Bool { stage == .idle && partialHeader.isEmpty }

  /// Whether, in addition, no record is partially received.
  var isBetweenRecords: Bool { isIdle && contentLeft == 0 && paddingLeft == 0 }

  /// Whether more of a request that was already reported may still arrive.
  var awaitsRest: Bool { rest != nil || contentLeft > 0 || paddingLeft > 0 }

  /// Whether the web server wants to reuse the connection after the request that was begun last.
  var keepsConnection: Bool { request.keepsConnection }

  /// Consumes bytes from the front of the input, up to the end of the first finding.
  mutating func read(_ input: inout ArraySlice<UInt8>) -> Finding {
    while true {
      takeContent(&input)
      guard contentLeft == 0, paddingLeft == 0, let header = takeHeader(&input) else { return .needsMore }
      if let finding = begin(header) { return finding }
    }
  }

  private mutating func takeContent(_ input: inout ArraySlice<UInt8>) {
    let content = input.prefix(contentLeft)
    switch stage {
    case .idle: break
    case .parameters: request.parameters += content
    case .body: request.body += content
    }
    contentLeft -= content.count
    input = input.dropFirst(content.count)

    let padding = min(paddingLeft, input.count)
    paddingLeft -= padding
    input = input.dropFirst(padding)
  }

  /// The next header; for an `FCGI_BEGIN_REQUEST` together with its content, which is as short as a header.
  private mutating func takeHeader(_ input: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    while true {
      let known = partialHeader.count > 1 ? partialHeader[1] : input.dropFirst(1 - partialHeader.count).first
      let length = known == UInt8(FCGI_BEGIN_REQUEST) ? 2 * RecordHeader.length : RecordHeader.length
      if partialHeader.isEmpty, input.count >= length {
        defer { input = input.dropFirst(length) }
        return input.prefix(length)
      }
      let more = input.prefix(max(0, length - partialHeader.count))
      partialHeader += more
      input = input.dropFirst(more.count)
      if partialHeader.count >= 2, partialHeader.count >= length {
        defer { partialHeader = [] }
        return partialHeader[...]
      }
      if more.isEmpty { return nil }
    }
  }

  private mutating func begin(_ bytes: ArraySlice<UInt8>) -> Finding? {
    let header = RecordHeader(bytes)
    guard header.version == UInt8(FCGI_VERSION_1) else { return .refused(.version) }
    guard header.requestID != 0 else { return .refused(.managementRecord) }
    paddingLeft = header.paddingLength
    if stage == .idle {
      return beginRequest(header, bytes.dropFirst(RecordHeader.length))
    }
    guard header.requestID == request.requestID else { return .refused(.requestID) }
    switch (Int32(header.type), stage) {
    case (FCGI_ABORT_REQUEST, _):
      guard header.contentLength == 0 else { return .refused(.length) }
      endEarly()
      return .aborted(requestID: request.requestID)
    case (FCGI_PARAMS, .parameters): return takeParameters(header)
    case (FCGI_STDIN, .body): return takeBody(header)
    default: return .refused(.type)
    }
  }

  private mutating func beginRequest(_ header: RecordHeader, _ content: ArraySlice<UInt8>) -> Finding? {
    switch Int32(header.type) {
    case FCGI_BEGIN_REQUEST:
      guard header.contentLength == content.count else { return .refused(.length) }
      let role: Request.Role
      switch Int32(content[content.startIndex]) << 8 | Int32(content[content.startIndex + 1]) {
      case FCGI_RESPONDER: role = .responder
      case FCGI_AUTHORIZER: role = .authorizer
      default: return .refused(.role)
      }
      let keepsConnection = Int32(content[content.startIndex + 2]) & FCGI_KEEP_CONN != 0
      request = ReceivedRequest(requestID: header.requestID, role: role, keepsConnection: keepsConnection)
      rest = nil
      thrownAway = 0
      stage = .parameters
      return nil
    case FCGI_ABORT_REQUEST where header.contentLength == 0:
      // It crossed the response on its way: the specification (section 5.4) allows it to be ignored.
      return throwAway(header)
    case FCGI_STDIN, FCGI_PARAMS:
      return skip(header)
    default:
      return .refused(.type)
    }
  }

  /// Skips a record of a request that was reported before its end.
  private mutating func skip(_ header: RecordHeader) -> Finding? {
    guard header.requestID == rest else { return .refused(.type) }
    if header.isOf(type: FCGI_STDIN), header.contentLength == 0 { rest = nil }
    return throwAway(header)
  }

  private mutating func throwAway(_ header: RecordHeader) -> Finding? {
    thrownAway += RecordHeader.length + header.contentLength + header.paddingLength
    guard thrownAway <= longestRest else { return .restTooLong }
    contentLeft = header.contentLength
    return nil
  }

  private mutating func takeParameters(_ header: RecordHeader) -> Finding? {
    contentLeft = header.contentLength
    guard request.parameters.count + contentLeft <= longestParameters else {
      endEarly()
      return .parametersTooLong(requestID: request.requestID)
    }
    guard contentLeft == 0 else { return nil }
    guard let lengths = ParameterBlock.contentLengths(in: request.parameters) else { return .refused(.parameters) }
    request.contentLength = ContentLength(lengths, longest: longestBody)
    if request.role == .authorizer {
      // It has no body, but some servers still send the record that ends one.
      rest = request.requestID
      return found(isWhole: true)
    }
    if request.contentLength == .tooLarge { return found(isWhole: false) }
    stage = .body
    return nil
  }

  private mutating func takeBody(_ header: RecordHeader) -> Finding? {
    contentLeft = header.contentLength
    guard request.body.count + contentLeft <= longestBody else { return found(isWhole: false) }
    return contentLeft == 0 ? found(isWhole: true) : nil
  }

  private mutating func found(isWhole: Bool) -> Finding {
    request.isWhole = isWhole
    let found = request
    stage = .idle
    if !isWhole { endEarly() }
    request.parameters = []
    request.body = []
    return .request(found)
  }

  private mutating func endEarly() {
    stage = .idle
    rest = request.requestID
    request.parameters = []
    request.body = []
  }
}

/// A request that has arrived and whose parameters have not been decoded yet.
struct ReceivedRequest: Equatable {
  var requestID: UInt16
  var role: Request.Role
  /// Whether the web server wants to reuse the connection (`FCGI_KEEP_CONN`).
  var keepsConnection: Bool
  /// The encoded name-value pairs, validated by `ParameterBlock`.
  var parameters: [UInt8] = []
  var body: [UInt8] = []
  var contentLength = ContentLength.absent
  /// Whether all of it was read; false if the body exceeds the limit and its rest is still to come.
  var isWhole = true

  /// The request with its decoded parameters and body.
  func request(_ parameters: Parameters, body: [UInt8]) -> Request {
    Request(
      role: role, parameters: parameters,
      body: role == .authorizer ? .bytes([]) : contentLength.body(of: body, isWhole: isWhole))
  }
}

/// What is wrong with the records of a peer that is not a web server, or a broken one. libfcgi never sees them: some
/// would crash it (a repeated `FCGI_GET_VALUES` overflows its stack, a length of two gigabytes aborts it).
public enum ProtocolViolation: String, Sendable, Hashable {
  /// Not version 1 of the protocol, or not the protocol at all.
  case version
  /// A management record (request id 0); nginx, lighttpd and Apache send none.
  case managementRecord
  /// A record of a different request from the one in progress: connections are not multiplexed.
  case requestID
  /// A record of an unknown type, or one that does not belong there.
  case type
  /// An `FCGI_BEGIN_REQUEST` or `FCGI_ABORT_REQUEST` of the wrong length.
  case length
  /// Neither responder nor authorizer.
  case role
  /// Parameters whose lengths do not add up, or that contain a NUL or a name with "=" (libfcgi would cut both short).
  case parameters
  /// Parameters longer than `ServerLimits.parameters`.
  case parametersTooLong
}
