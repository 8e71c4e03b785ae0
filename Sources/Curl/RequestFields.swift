internal import CCurl

/// The header fields that requests to one target have beyond libcurl's own: a `curl_slist`.
@safe final class RequestFields {
  private(set) var list: UnsafeMutablePointer<curl_slist>?

  init(_ target: Target) throws(EasyHandle.Refusal) {
    unsafe list = nil
    try append("Accept: application/json")
    if let credentials = target.credentials { try append(credentials.line) }
    for field in target.fields { try append(field.line) }
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
