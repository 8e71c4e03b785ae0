import Curl
import Foundation
import HTTPFixture
import Testing

struct CertificateFileTests {
  private let certificate: TestCertificate

  init() throws {
    certificate = try TestCertificate(for: "DNS:x.example")
  }

  @Test func `the configured file comes first, then SSL_CERT_FILE, then the usual places`() throws {
    let environment = ["SSL_CERT_FILE": certificate.path]
    let copy = certificate.folder.appending(path: "copy.pem").path
    try FileManager.default.copyItem(atPath: certificate.path, toPath: copy)
    #expect(try CertificateFile.find(configured: (copy, "S"), environment: environment).path == copy)
    #expect(try CertificateFile.find(configured: nil, environment: environment).path == certificate.path)
    let usual = ["/nonexistent", copy, certificate.path]
    #expect(try CertificateFile.find(configured: nil, environment: [:], usual: usual).path == copy)
    #expect(
      try CertificateFile.find(configured: nil, environment: ["SSL_CERT_FILE": ""], usual: usual).path == copy)
  }

  @Test func `a file that was named and cannot be read is not replaced by another`() {
    let environment = ["SSL_CERT_FILE": "/nonexistent"]
    let reason = "No such file or directory"
    #expect(throws: CertificateFile.Problem.unreadable(path: "/nonexistent", setBy: "SSL_CERT_FILE", reason: reason)) {
      try CertificateFile.find(configured: nil, environment: environment, usual: [certificate.path])
    }
    let other = "it is not a file"
    #expect(throws: CertificateFile.Problem.unreadable(path: "/", setBy: "PINGATE_CA_FILE", reason: other)) {
      try CertificateFile.find(configured: ("/", "PINGATE_CA_FILE"), environment: [:], usual: [certificate.path])
    }
  }

  /// Each would be trusted by nobody, and OpenSSL says nothing.
  @Test func `a file that OpenSSL would find no certificate in is told`() throws {
    let text = try Data(contentsOf: URL(filePath: certificate.path))
    let utf16 = try #require(String(decoding: text, as: UTF8.self).data(using: .utf16))
    let cases: [(String, Data, String)] = [
      ("mark", [0xEF, 0xBB, 0xBF] + text, "byte order mark"), ("utf16", utf16, "UTF-16"),
      ("empty", Data(), "no certificate"),
      ("words", Data("certificates\n -----BEGIN CERTIFICATE-----".utf8), "no certificate"),
    ]
    for (name, content, word) in cases {
      let path = certificate.folder.appending(path: name).path
      try content.write(to: URL(filePath: path))
      let problem = #expect(throws: CertificateFile.Problem.self) {
        try CertificateFile.find(configured: (path, "PINGATE_CA_FILE"), environment: [:])
      }
      #expect(problem?.description.contains(word) == true, "\(name)")
    }
  }

  @Test func `a file with line ends of Windows and comments in another encoding is taken`() throws {
    let text = try String(decoding: Data(contentsOf: URL(filePath: certificate.path)), as: UTF8.self)
    let path = certificate.folder.appending(path: "windows.pem").path
    try (Data([0x23, 0xFC, 0x0D, 0x0A]) + Data(text.replacing("\n", with: "\r\n").utf8)).write(to: URL(filePath: path))
    #expect(try CertificateFile.find(configured: (path, "S"), environment: [:]).path == path)
  }

  @Test func `when there is none the failure says where it was looked for`() {
    #expect(throws: CertificateFile.Problem.noneFound(searched: ["/a", "/b"])) {
      try CertificateFile.find(configured: nil, environment: [:], usual: ["/a", "/b"])
    }
    let words = CertificateFile.Problem.noneFound(searched: ["/a", "/b"]).description
    #expect(words.contains("/a, /b"))
    #expect(words.contains("ca-certificates"))
  }
}
