internal import CCurl

/// The header fields that a request has beyond libcurl's own: a `curl_slist`. All easy handles point to the same one,
/// but while a request has fields of its own.
@safe final class RequestFields {
  private(set) var list: UnsafeMutablePointer<curl_slist>?

  init(_ own: [HeaderField] = []) throws(EasyHandle.Refusal) {
    unsafe list = nil
    try append("Accept: application/json")
    for field in own { try append(field.line) }
  }

  private func append(_ line: String) throws(EasyHandle.Refusal) {
    guard let longer = unsafe curl_slist_append(list, line) else {
      throw EasyHandle.Refusal(code: CURLE_OUT_OF_MEMORY)
    }
    unsafe list = unsafe longer
  }

  deinit {
    unsafe curl_slist_free_all(list)
  }
}
