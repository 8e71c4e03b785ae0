internal import CCurl

/// The TLS sessions that all easy handles of a client share: a share handle of libcurl, freed by deinit, which has to
/// come after theirs. Belongs to the client's thread, so it has no locks.
///
/// Without it each easy handle has room for sessions of its own, and the first connection of each makes a full handshake.
@safe final class SessionShare {
  let pointer: UnsafeMutableRawPointer

  init() throws(EasyHandle.Refusal) {
    guard let pointer = unsafe curl_share_init() else { throw EasyHandle.Refusal(code: CURLE_OUT_OF_MEMORY) }
    unsafe self.pointer = unsafe pointer
    guard unsafe pingate_share_add(pointer, CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK else {
      throw EasyHandle.Refusal(code: CURLE_NOT_BUILT_IN)
    }
  }

  deinit {
    unsafe curl_share_cleanup(pointer)
  }
}
