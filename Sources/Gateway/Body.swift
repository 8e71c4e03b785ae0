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
