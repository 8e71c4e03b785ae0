internal import Threads
internal import Verification

/// The settings for which numbers may pass the gate: `PINGATE_GATE_NUMBERS` and `PINGATE_USERS`.
enum AdmittedSettings: Sendable, Hashable {
  /// Every number that was verified.
  case everyNumber
  case listed(NumberList)
  /// A file with one number a line.
  case file(String)
  /// A file with lines `user:number`, for those who have passed the web server's password check.
  case users(String)

  /// The file, and the setting that names it.
  var file: (name: SettingName, path: String)? {
    switch self {
    case .everyNumber, .listed: nil
    case .file(let path): (.gateNumbers, path)
    case .users(let path): (.users, path)
    }
  }

  /// - Parameter isRead: whether the file is read by whoever makes this, and need not be tried here.
  init(_ reader: inout SettingsReader, isRead: Bool = false) {
    let users = reader.optional(.users, "the absolute path of a file with user:number a line") {
      $0.hasPrefix("/") ? $0 : nil
    }
    let rule =
      "any, or numbers like +12025550143 separated by spaces, or file: and the absolute path of a file with one a line"
    let numbers = reader.optional(.gateNumbers, rule) { Self.numbers($0) }
    switch (users, numbers ?? .everyNumber) {
    case (nil, let numbers): self = numbers
    case (let users?, .everyNumber): self = .users(users)
    case (let users?, _):
      reader.complain(
        .gateNumbers, "is set together with \(SettingName.users.rawValue), which has a number for each user")
      self = .users(users)
    }
    guard !isRead, let (name, path) = file else { return }
    do {
      _ = try SmallFile(path: path, limit: AdmittedFile.longest).utf8()
    } catch {
      reader.complain(name, "\(path) cannot be read (\(error))")
    }
  }

  /// - Parameter file: the content of the file that they name.
  func admitted(by file: AdmittedFile?) -> Admitted {
    if let file { return file.admitted }
    if case .listed(let list) = self { return .listed { list } }
    return .everyNumber
  }

  private static func numbers(_ text: String) -> AdmittedSettings? {
    if text == "any" { return .everyNumber }
    if text.hasPrefix("file:") {
      let path = String(text.dropFirst("file:".count))
      return path.hasPrefix("/") ? .file(path) : nil
    }
    let words = WordList.words(of: text)
    let numbers = words.compactMap { PhoneNumber(written: $0) }
    return words.isEmpty || numbers.count < words.count ? nil : .listed(NumberList(numbers))
  }
}
