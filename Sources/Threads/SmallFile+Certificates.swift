/// Checks a file of trusted certificates before OpenSSL reads it, which silently skips everything it does not
/// recognize.
extension SmallFile {
  /// The maximum length in bytes: far more than all certificate authorities of the world together.
  public static let longestCertificates = 8_388_608

  /// Checks that the file has certificates that OpenSSL will find: one after a byte order mark, or a whole file in
  /// another encoding, would be ignored without any message.
  ///
  /// - Throws: what is wrong with it.
  public static func checkCertificates(at path: String) throws(Failure) {
    let file = try SmallFile(path: path, limit: longestCertificates)
    let text = try file.unmarked()
    guard text.count == file.bytes.count else {
      throw Failure("begins with a byte order mark; save it without one", line: 1)
    }
    // Its comments may be in any encoding.
    let lines = text.split { $0 == newline || $0 == carriageReturn }
    guard lines.contains(where: { line in beginnings.contains { line.starts(with: $0) } }) else {
      throw Failure("has no certificate in it (-----BEGIN CERTIFICATE-----)")
    }
  }

  /// The first lines of the blocks that OpenSSL's `PEM_X509_INFO_read_bio` accepts as certificates (openssl/pem.h).
  private static let beginnings = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].map {
    Array("-----BEGIN \($0)-----".utf8)
  }
}
