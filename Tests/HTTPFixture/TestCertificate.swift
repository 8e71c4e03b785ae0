public import Foundation
internal import Support

/// A self-signed certificate with its key, made by the `openssl` command in a folder of its own.
public final class TestCertificate: Sendable {
  public let folder: URL

  /// - Parameter name: the subject's alternative name: "IP:127.0.0.1" or "DNS:other.example".
  public init(for name: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try ChildProcess.run(
      "/usr/bin/openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", keyPath, "-out", path])
    precondition(FileManager.default.fileExists(atPath: path), "openssl made no certificate")
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  public var path: String { folder.appending(path: "certificate.pem").path }
  var keyPath: String { folder.appending(path: "key.pem").path }
}
