internal import CFastCGI

/// The eight bytes at the start of each FastCGI record (FastCGI specification 1.0, section 3.3).
struct RecordHeader: Equatable {
  var version = UInt8(FCGI_VERSION_1)
  var type: UInt8
  var requestID: UInt16
  var contentLength: Int
  var paddingLength = 0

  static let length = Int(FCGI_HEADER_LEN)

  init(type: Int32, requestID: UInt16, contentLength: Int) {
    self.type = UInt8(type)
    self.requestID = requestID
    self.contentLength = contentLength
  }

  /// Decodes a header from the first eight bytes; there must be at least that many.
  init(_ bytes: ArraySlice<UInt8>) {
    let start = bytes.startIndex
    version = bytes[start]
    type = bytes[start + 1]
    requestID = UInt16(bytes[start + 2]) << 8 | UInt16(bytes[start + 3])
    contentLength = Int(bytes[start + 4]) << 8 | Int(bytes[start + 5])
    paddingLength = Int(bytes[start + 6])
  }

  var bytes: [UInt8] {
    [
      version, type, UInt8(requestID >> 8), UInt8(requestID & 0xFF), UInt8(contentLength >> 8),
      UInt8(contentLength & 0xFF), UInt8(paddingLength), 0,
    ]
  }

  func isOf(type: Int32) -> Bool { self.type == UInt8(type) }
}
