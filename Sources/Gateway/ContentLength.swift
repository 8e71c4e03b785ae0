internal import Encoding

/// What the `CONTENT_LENGTH` of a request says (RFC 3875, section 4.1.2): the one rule that decides what its body is,
/// over FastCGI and CGI alike.
public enum ContentLength: Sendable, Hashable {
  /// Nothing: there should be no body.
  case absent
  /// A number of bytes that the program accepts.
  case bytes(Int)
  /// Nothing, although there is a body.
  case unknown
  /// More bytes than the program accepts.
  case tooLarge
  /// Something that is not a number, or several different ones.
  case wrong

  /// Reads the values that came.
  ///
  /// - Parameters:
  ///   - values: each value that the web server sent; an empty one counts as absent.
  ///   - longest: the greatest number of bytes that is accepted.
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
    // Digits that do not fit into an Int are a number all the same, and a greater one.
    if let count = Int(first), count <= longest {
      self = .bytes(count)
    } else {
      self = .tooLarge
    }
  }

  /// The body that these bytes are.
  ///
  /// - Parameter isWhole: false when more came, or was announced, than was read.
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

/// What became of a request's body. Only `bytes` is one; the other cases say why there is none.
public enum Body: Sendable, Hashable {
  /// All of it: exactly as many bytes as `CONTENT_LENGTH` said (none when it said nothing).
  case bytes([UInt8])
  /// It is longer than the program accepts.
  case tooLarge
  /// `CONTENT_LENGTH` is missing although bytes came.
  case lengthMissing
  /// `CONTENT_LENGTH` is not a number, or another number than that of the bytes that came.
  case lengthWrong
}
