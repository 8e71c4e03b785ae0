internal import CFastCGI

/// Encodes a response that is given on the spot, byte for byte as `Codec.encode` would, but without the six system
/// calls that libfcgi takes.
///
/// Only the gate uses it, which a web server asks before it serves each file of a folder.
enum ShortAnswer {
  /// What fits into one of libfcgi's records, given its buffer size (fcgiapp.c, `FCGX_InitRequest`).
  static let longest = 8_192 - 2 * RecordHeader.length

  /// - Parameter content: the header and body in CGI format, from 1 to `longest` bytes.
  static func records(of content: [UInt8], requestID: UInt16) -> [UInt8] {
    precondition(1...longest ~= content.count, "not a short answer")
    let padding = -content.count & 7
    var header = RecordHeader(type: FCGI_STDOUT, requestID: requestID, contentLength: content.count)
    header.paddingLength = padding
    var records: [UInt8] = []
    records.reserveCapacity(content.count + padding + 4 * RecordHeader.length)
    records += header.bytes
    records += content
    records += repeatElement(0, count: padding)
    records += RecordHeader(type: FCGI_STDOUT, requestID: requestID, contentLength: 0).bytes
    records += RecordHeader(type: FCGI_END_REQUEST, requestID: requestID, contentLength: 8).bytes
    // The program's exit status, and FCGI_REQUEST_COMPLETE: all zero.
    return records + repeatElement(0, count: RecordHeader.length)
  }
}
