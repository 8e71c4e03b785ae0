package import Verification

/// What the hidden field of a number form carries, once a form has been answered: the first one, a static file, has none.
package struct FormPass: Sendable, Hashable {
  package var nonce = FormNonce()
  package let browserTag: [UInt8]
  /// The request that was given up to come here: its page is not shown again, unless the provider says that it is still
  /// running.
  package let givenUp: RequestID?
  /// When the form was made.
  package let madeAt: Timestamp

  package init(nonce: FormNonce = FormNonce(), browserTag: [UInt8], givenUp: RequestID?, madeAt: Timestamp) {
    self.nonce = nonce
    self.browserTag = browserTag
    self.givenUp = givenUp
    self.madeAt = madeAt
  }

  /// Whether it may have been sent before and be forgotten by now; or comes from the future, because a clock was set back.
  ///
  /// - Parameter life: for how long a form that was sent is remembered.
  package func isOld(at now: Timestamp, remembered life: Duration) -> Bool {
    let age = now - madeAt
    return age >= life - .seconds(60) || age < .seconds(-60)
  }
}

/// Seals what a number form carries.
package struct FormSeal: Sendable {
  private let seal: Seal

  /// Version 1 had no time.
  package init(_ keyring: Keyring, site: String) {
    seal = Seal(keyring, for: .form, site: site, version: 2, longestText: 172)
  }

  // The time in eight bytes, the nonce, the browser's tag, and the request that was given up.
  package func seal(_ pass: FormPass) throws -> String {
    let time = UInt64(bitPattern: pass.madeAt.secondsSinceEpoch).bigEndianBytes
    return try seal.seal(time + pass.nonce.bytes + pass.browserTag + Array((pass.givenUp?.value ?? "").utf8))
  }

  package func open(_ text: String) -> FormPass? {
    let head = Self.timeLength + FormNonce.length + BrowserCookie.tagLength
    guard let bytes = seal.open(text), bytes.count >= head,
      let nonce = FormNonce(Array(bytes[Self.timeLength..<Self.timeLength + FormNonce.length])),
      let request = String(validating: bytes.dropFirst(head), as: UTF8.self)
    else { return nil }
    let seconds = bytes.prefix(Self.timeLength).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let tag = Array(bytes[Self.timeLength + FormNonce.length..<head])
    return FormPass(
      nonce: nonce, browserTag: tag, givenUp: RequestID(request),
      madeAt: Timestamp(secondsSinceEpoch: Int64(bitPattern: seconds)))
  }

  private static let timeLength = 8
}
