internal import Support

/// A TLS server for tests, `openssl s_server`, on a free port of 127.0.0.1: it answers every GET with a page.
public final class TLSFixture: Sendable {
  public let port: UInt16
  private let process: ChildProcess

  /// - Parameter options: further ones of `openssl s_server`, such as `-tls1_1`.
  public init(_ certificate: TestCertificate, options: [String] = []) throws {
    process = try ChildProcess(
      "/usr/bin/openssl",
      ["s_server", "-accept", "127.0.0.1:0", "-www"]
        + ["-cert", certificate.path, "-key", certificate.keyPath] + options)
    // It says where it listens: "ACCEPT 127.0.0.1:40123".
    var text = ""
    while true {
      if let digits = text.firstMatch(of: #/ACCEPT .*:([0-9]+)\n/#)?.output.1, let port = UInt16(digits) {
        self.port = port
        return
      }
      let bytes = process.read()
      precondition(!bytes.isEmpty, "openssl s_server did not start")
      text += String(decoding: bytes, as: UTF8.self)
    }
  }

  public var url: String { "https://127.0.0.1:\(port)" }
}
