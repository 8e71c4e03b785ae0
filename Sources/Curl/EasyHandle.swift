internal import CCurl

/// A libcurl easy handle: created by `init`, freed by `deinit`. It is confined to one thread.
@safe final class EasyHandle {
  let pointer: UnsafeMutableRawPointer

  /// libcurl rejected an option, or is out of memory.
  struct Failure: Error {
    let code: CURLcode
  }

  init() throws(Failure) {
    guard let pointer = unsafe curl_easy_init() else { throw Failure(code: CURLE_FAILED_INIT) }
    unsafe self.pointer = unsafe pointer
  }

  deinit {
    unsafe curl_easy_cleanup(pointer)
  }

  func set(_ option: CURLoption, _ value: Int) throws(Failure) {
    try check(unsafe pingate_easy_set_long(pointer, option, value))
  }

  /// libcurl copies the text; nil unsets the option.
  func set(_ option: CURLoption, _ value: String?) throws(Failure) {
    guard let value else { return try check(unsafe pingate_easy_set_text(pointer, option, nil)) }
    try check(unsafe pingate_easy_set_text(pointer, option, value))
  }

  func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) throws(Failure) {
    try check(unsafe pingate_easy_set_pointer(pointer, option, value))
  }

  func set(_ option: CURLoption, _ writer: @escaping curl_write_callback) throws(Failure) {
    try check(unsafe pingate_easy_set_writer(pointer, option, writer))
  }

  func setPrerequest(_ callback: @escaping curl_prereq_callback) throws(Failure) {
    try check(unsafe pingate_easy_set_prerequest(pointer, callback))
  }

  /// - Parameter list: libcurl keeps the pointer, not a copy.
  func set(_ option: CURLoption, _ list: TextList) throws(Failure) {
    try check(unsafe pingate_easy_set_list(pointer, option, list.list))
  }

  /// Makes it a POST of these bytes, which libcurl copies.
  func setPost(_ bytes: [UInt8]) throws(Failure) {
    try set(CURLOPT_POSTFIELDSIZE, bytes.count)
    // The zero is not sent. It gives an empty body an address: with a null pointer libcurl would read standard input.
    let terminated = bytes + [0]
    try check(
      unsafe terminated.withUnsafeBytes { buffer in
        unsafe pingate_easy_set_pointer(
          pointer, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: buffer.baseAddress))
      })
  }

  /// A number about the last transfer, or 0 if libcurl does not know it.
  func number(_ info: CURLINFO) -> Int {
    var value = 0
    return unsafe pingate_easy_get_long(pointer, info, &value) == CURLE_OK ? value : 0
  }

  private func check(_ code: CURLcode) throws(Failure) {
    guard code == CURLE_OK else { throw Failure(code: code) }
  }
}

/// A list of texts in libcurl's form, a `curl_slist`. An empty list is a null pointer.
@safe final class TextList {
  private(set) var list: UnsafeMutablePointer<curl_slist>?

  init(_ texts: [String]) throws(EasyHandle.Failure) {
    unsafe list = nil
    for text in texts {
      guard let longer = unsafe curl_slist_append(list, text) else {
        throw EasyHandle.Failure(code: CURLE_OUT_OF_MEMORY)
      }
      unsafe list = unsafe longer
    }
  }

  deinit {
    unsafe curl_slist_free_all(list)
  }
}

/// The TLS session cache that all easy handles of a client share: a libcurl share handle, freed by `deinit`, which must
/// run after theirs. It is confined to the client's thread, so it needs no locks.
///
/// Without it, each easy handle keeps its own sessions, and its first connection needs a full handshake.
@safe final class SessionShare {
  let pointer: UnsafeMutableRawPointer

  init() throws(EasyHandle.Failure) {
    guard let pointer = unsafe curl_share_init() else { throw EasyHandle.Failure(code: CURLE_OUT_OF_MEMORY) }
    unsafe self.pointer = unsafe pointer
    guard unsafe pingate_share_add(pointer, CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK else {
      throw EasyHandle.Failure(code: CURLE_NOT_BUILT_IN)
    }
  }

  deinit {
    unsafe curl_share_cleanup(pointer)
  }
}
