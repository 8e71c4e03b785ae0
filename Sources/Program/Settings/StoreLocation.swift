internal import RedisStore
internal import Threads
internal import Verification

/// Where the counters are.
enum StoreLocation: Sendable, Hashable {
  /// A SQLite file: an absolute path.
  case sqlite(String)
  case redis(RedisAddress)

  /// Reads `PINGATE_STORE`, or decides where the file is: in systemd's state folder; else in `/var/lib/pingate`, if the settings are
  /// in `/etc` or in no file; else next to the settings' file (on shared hosting, that is above `cgi-bin`).
  ///
  /// - Returns: nil, with a problem in the reader, if the setting is wrong.
  init?(_ reader: inout SettingsReader) {
    let count = reader.problems.count
    if let text = reader.optional(.store) {
      do {
        try self.init(text)
      } catch {
        reader.complain(.store, error.advice)
        return nil
      }
      checkCertificates(&reader)
    } else if reader.problems.count > count {
      return nil
    } else {
      self = .sqlite(Self.usualFolder(reader.environment["STATE_DIRECTORY"], reader.filePath) + "/pingate.sqlite")
    }
  }

  private func checkCertificates(_ reader: inout SettingsReader) {
    guard case .redis(let address) = self, let file = address.certificateFile else { return }
    do {
      try SmallFile.checkCertificates(at: file)
    } catch {
      reader.complain(.store, "the file of certificates (ca=) cannot be used: \(error)")
    }
  }

  private struct Mistake: Error {
    let advice: String
  }

  private init(_ text: String) throws(Mistake) {
    if text.hasPrefix("sqlite:") {
      let path = String(text.dropFirst("sqlite:".count))
      guard path.hasPrefix("/"), !path.hasSuffix("/") else {
        throw Mistake(
          advice: "must be sqlite: and the absolute path of a file, like sqlite:/var/lib/pingate/pingate.sqlite")
      }
      self = .sqlite(path)
      return
    }
    // The mistake may be next to a password, so the text is not repeated.
    guard let address = try? RedisAddress(text) else { throw Mistake(advice: Self.forms) }
    self = .redis(address)
  }

  private static let forms = """
    must be like sqlite:/var/lib/pingate/pingate.sqlite, redis://user:password@host:6379/0, rediss://…, \
    redis+unix:///run/redis/redis.sock or redis+sentinel://host:26379,host:26379/name
    """

  private static func usualFolder(_ stateDirectories: String?, _ settings: String?) -> String {
    if let state = stateDirectories?.split(separator: ":").first, state.hasPrefix("/") { return String(state) }
    guard let settings, settings.hasPrefix("/"), !settings.hasPrefix("/etc/") else { return "/var/lib/pingate" }
    return settings.split(separator: "/").dropLast().reduce("") { $0 + "/" + String($1) }
  }
}

extension StoreLocation: CustomStringConvertible {
  /// The location without a password.
  var description: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .redis(let address): "\(address)"
    }
  }
}
