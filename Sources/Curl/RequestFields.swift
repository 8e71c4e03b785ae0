internal import CCurl

/// The header fields that every request has beyond libcurl's own: a `curl_slist` that all easy handles point to.
@safe final class RequestFields {
  let list: UnsafeMutablePointer<curl_slist>

  init() throws(EasyHandle.Refusal) {
    guard let list = unsafe curl_slist_append(nil, "Accept: application/json") else {
      throw EasyHandle.Refusal(code: CURLE_OUT_OF_MEMORY)
    }
    unsafe self.list = unsafe list
  }

  deinit {
    unsafe curl_slist_free_all(list)
  }
}
