/// A whole request: records up to the end of its body (FastCGI specification 1.0, section 3.3).
struct Request: Sendable {
  let bytes: [UInt8]

  /// Where its last record, which ends the body, begins. It is empty.
  var lastRecord: Int { bytes.count - 8 }

  /// `FCGI_KEEP_CONN`, in the first record.
  var keepsConnection: Bool { bytes[10] & 1 != 0 }
}
