/// A file of certificates to trust, as it is before OpenSSL reads it, which passes over everything that it does not know.
extension SmallFile {
  /// Far more than all authorities of the world together have.
  public static let longestCertificates = 8_388_608

  /// Looks whether a file has certificates that OpenSSL will find: one behind a byte order mark, or a whole file in
  /// another encoding, would be trusted by nobody, and nobody would be told.
  ///
  /// - Throws: what is wrong with it.
  public static func checkCertificates(at path: String) throws(Failure) {
    let file = try SmallFile(path: path, limit: longestCertificates)
    let text = try file.unmarked()
    guard text.count == file.bytes.count else {
      throw Failure("begins with a byte order mark; save it without one", line: 1)
    }
    // Its comments may be of any encoding.
    let lines = text.split { $0 == newline || $0 == carriageReturn }
    guard lines.contains(where: { line in beginnings.contains { line.starts(with: $0) } }) else {
      throw Failure("has no certificate in it (-----BEGIN CERTIFICATE-----)")
    }
  }

  /// Of the blocks that OpenSSL's `PEM_X509_INFO_read_bio` takes for certificates (openssl/pem.h).
  private static let beginnings = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].map {
    Array("-----BEGIN \($0)-----".utf8)
  }
}
