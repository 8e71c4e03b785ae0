internal import CFastCGI

/// The records of an answer that is given on the spot, as libfcgi writes them: the bytes of `Codec.encode` for the same
/// answer, which takes six system calls for them.
///
/// For the gate alone, which a web server asks before each file of a folder.
enum ShortAnswer {
  /// What fits into one record of libfcgi's, whose buffer it is (fcgiapp.c, `FCGX_InitRequest`).
  static let longest = 8_192 - 2 * RecordHeader.length

  /// - Parameter content: header and body as CGI has them, at most `longest` bytes and not empty.
  static func records(of content: [UInt8], requestID: UInt16) -> [UInt8] {
    precondition(1...longest ~= content.count, "a short answer")
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
    // The program's status, and FCGI_REQUEST_COMPLETE: all of it zero.
    return records + repeatElement(0, count: RecordHeader.length)
  }
}
