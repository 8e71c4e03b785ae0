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
    #expect(throws: CertificateFile.Problem.unreadable(path: "/nonexistent", setBy: "SSL_CERT_FILE")) {
      try CertificateFile.find(configured: nil, environment: environment, usual: [certificate.path])
    }
    #expect(throws: CertificateFile.Problem.unreadable(path: "/", setBy: "PINGATE_CA_FILE")) {
      try CertificateFile.find(configured: ("/", "PINGATE_CA_FILE"), environment: [:], usual: [certificate.path])
    }
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
