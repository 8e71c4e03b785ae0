internal import Glibc
internal import Threads

/// The file with the certificates of the authorities that are trusted to certify servers.
public struct CertificateFile: Sendable, Hashable {
  public let path: String

  /// Its current size in bytes; 0 if it is gone.
  public var size: Int {
    var facts = stat()
    return unsafe stat(path, &facts) == 0 ? Int(facts.st_size) : 0
  }

  /// Why there is no certificate file, in words for the owner.
  public enum Problem: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file was named explicitly and cannot be read. Falling back to another would trust authorities the owner did
    /// not choose.
    case unreadable(path: String, setBy: String, reason: String)
    case noneFound(searched: [String])

    public var description: String {
      switch self {
      case .unreadable(let path, let setBy, let reason):
        "the certificate file \(path), set by \(setBy), cannot be used: \(reason)"
      case .noneFound(let searched):
        "no file with trusted certificates was found (searched: \(searched.joined(separator: ", "))); "
          + "install the package ca-certificates"
      }
    }
  }

  /// Finds the file: the configured one, or else the one that `SSL_CERT_FILE` names (as OpenSSL does), or else the
  /// first that exists of those that systems ship.
  ///
  /// - Parameters:
  ///   - configured: the configured path, and the name of its setting for the error message.
  ///   - environment: the environment of the process, never a request's parameters.
  public static func find(
    configured: (path: String, setting: String)?, environment: [String: String], usual: [String] = usual
  ) throws(Problem) -> CertificateFile {
    if let configured {
      return try named(configured.path, by: configured.setting)
    }
    if let path = environment["SSL_CERT_FILE"], !path.isEmpty {
      return try named(path, by: "SSL_CERT_FILE")
    }
    guard let path = usual.first(where: isReadable) else { throw .noneFound(searched: usual) }
    return CertificateFile(path: path)
  }

  /// Debian and Alpine; Red Hat, old and new; SUSE; OpenBSD, macOS and others; FreeBSD.
  public static let usual = [
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
  ]

  private static func named(_ path: String, by setting: String) throws(Problem) -> CertificateFile {
    do {
      try SmallFile.checkCertificates(at: path)
    } catch {
      throw .unreadable(path: path, setBy: setting, reason: "\(error)")
    }
    return CertificateFile(path: path)
  }

  private static func isReadable(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var facts = stat()
    return unsafe fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG && facts.st_size > 0
  }
}
