internal import Encoding

/// What a request's `CONTENT_LENGTH` says (RFC 3875, section 4.1.2). It defines what the body is, for FastCGI and CGI
/// alike.
public enum ContentLength: Sendable, Hashable {
  /// It is absent, and so should the body be.
  case absent
  /// A number of bytes that the program accepts.
  case bytes(Int)
  /// It is absent, although there is a body.
  case unknown
  /// More bytes than the program accepts.
  case tooLarge
  /// It is not a number, or was sent with several different values.
  case wrong

  /// Parses the values that were sent.
  ///
  /// - Parameters:
  ///   - values: each value that the web server sent; an empty one counts as absent.
  ///   - longest: the maximum body length in bytes.
  public init(_ values: [String], longest: Int) {
    let values = values.filter { !$0.isEmpty }
    guard let first = values.first else {
      self = .absent
      return
    }
    guard values.allSatisfy({ $0 == first }), first.utf8.areDigits
    else {
      self = .wrong
      return
    }
    // Digits that do not fit into an Int are still a number, and a larger one.
    if let count = Int(first), count <= longest {
      self = .bytes(count)
    } else {
      self = .tooLarge
    }
  }

  /// The body that the received bytes make.
  ///
  /// - Parameter isWhole: false if more was sent, or announced, than was read.
  public func body(of received: [UInt8], isWhole: Bool = true) -> Body {
    switch self {
    case .absent: isWhole && received.isEmpty ? .bytes([]) : .lengthMissing
    case .bytes(let count): isWhole && received.count == count ? .bytes(received) : .lengthWrong
    case .unknown: .lengthMissing
    case .tooLarge: .tooLarge
    case .wrong: .lengthWrong
    }
  }
}

/// A request's body, or why there is none.
public enum Body: Sendable, Hashable {
  /// The whole body: exactly as many bytes as `CONTENT_LENGTH` said (none if it was absent).
  case bytes([UInt8])
  /// It is longer than the program accepts.
  case tooLarge
  /// `CONTENT_LENGTH` is missing although bytes came.
  case lengthMissing
  /// `CONTENT_LENGTH` is not a number, or not the number of bytes that came.
  case lengthWrong
}
