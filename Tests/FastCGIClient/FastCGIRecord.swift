/// One record, right or wrong as a test wants it (FastCGI specification 1.0, section 3.3).
public struct FastCGIRecord: Sendable {
  public var version: UInt8 = 1
  public var type: UInt8
  public var requestID: UInt16
  public var content: [UInt8]
  public var padding: Int

  public init(_ type: UInt8, _ requestID: UInt16, _ content: [UInt8] = [], padding: Int = 0, version: UInt8 = 1) {
    self.type = type
    self.requestID = requestID
    self.content = content
    self.padding = padding
    self.version = version
  }

  public var bytes: [UInt8] {
    [
      version, type, UInt8(requestID >> 8), UInt8(requestID & 0xFF), UInt8(content.count >> 8),
      UInt8(content.count & 0xFF), UInt8(padding), 0,
    ] + content + [UInt8](repeating: 0xAA, count: padding)
  }
}
