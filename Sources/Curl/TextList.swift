internal import CCurl

/// A list of texts as libcurl takes it: a `curl_slist`. Empty, it is a null pointer.
@safe final class TextList {
  private(set) var list: UnsafeMutablePointer<curl_slist>?

  init(_ texts: [String]) throws(EasyHandle.Refusal) {
    unsafe list = nil
    for text in texts {
      guard let longer = unsafe curl_slist_append(list, text) else {
        throw EasyHandle.Refusal(code: CURLE_OUT_OF_MEMORY)
      }
      unsafe list = unsafe longer
    }
  }

  deinit {
    unsafe curl_slist_free_all(list)
  }
}
