internal import Verification

/// What the hidden field of a number form carries, once a form has been answered: the first one, a static file, has none.
struct FormPass: Sendable, Hashable {
  var nonce = FormNonce()
  let browserTag: [UInt8]
  /// The request that was given up to come here: its PIN is never offered again.
  let givenUp: RequestID?
}

/// Seals what a number form carries.
struct FormSeal: Sendable {
  private let seal: Seal

  init(_ keyring: Keyring, site: String) {
    seal = Seal(keyring, for: .form, site: site, version: 1, longestText: 160)
  }

  func seal(_ pass: FormPass) throws -> String {
    try seal.seal(pass.nonce.bytes + pass.browserTag + Array((pass.givenUp?.value ?? "").utf8))
  }

  func open(_ text: String) -> FormPass? {
    let head = FormNonce.length + BrowserCookie.tagLength
    guard let bytes = seal.open(text), bytes.count >= head,
      let nonce = FormNonce(Array(bytes.prefix(FormNonce.length))),
      let request = String(validating: bytes.dropFirst(head), as: UTF8.self)
    else { return nil }
    let tag = Array(bytes[FormNonce.length..<head])
    return FormPass(nonce: nonce, browserTag: tag, givenUp: RequestID(request))
  }
}
