internal import CHiredis
internal import Limits

/// A Redis reply as a value.
enum RedisReply: Sendable, Hashable {
  case integer(Int64)
  case text([UInt8])
  case list([RedisReply])
  case nothing
  case error(String)

  /// Copies what hiredis has parsed.
  init(_ reply: UnsafePointer<redisReply>) {
    let object = unsafe reply.pointee
    switch unsafe object.type {
    case REDIS_REPLY_INTEGER: self = unsafe .integer(object.integer)
    case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: self = unsafe .text(Self.bytes(object))
    case REDIS_REPLY_ERROR: self = unsafe .error(String(decoding: Self.bytes(object), as: UTF8.self))
    case REDIS_REPLY_ARRAY:
      self = .list(
        (0..<(unsafe object.elements)).map { index in
          guard let element = unsafe object.element[index] else { return .nothing }
          return unsafe RedisReply(element)
        })
    default: self = .nothing
    }
  }

  private static func bytes(_ object: redisReply) -> [UInt8] {
    guard let text = unsafe object.str else { return [] }
    return unsafe Array(UnsafeRawBufferPointer(start: text, count: Int(object.len)))
  }

  var list: [RedisReply]? {
    if case .list(let items) = self { items } else { nil }
  }

  var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  var bytes: [UInt8]? {
    if case .text(let bytes) = self { bytes } else { nil }
  }

  var string: String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Maps an error reply to a store failure.
  static func failure(_ error: String) -> StoreFailure {
    let word = error.prefix { $0 != " " }
    let kind: StoreFailure.Kind =
      switch word {
      case "OOM", "MISCONF": .full
      case "READONLY": .readOnly
      case "NOAUTH", "WRONGPASS", "NOPERM": .notPermitted
      case "WRONGTYPE": .damaged
      case "BUSY": .busy
      case "LOADING", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "MOVED", "ASK", "TRYAGAIN", "NOSCRIPT": .unavailable
      default: .unavailable
      }
    // The error for an unknown command quotes its arguments, which may be a password, and a script's error may quote a
    // record.
    let told = error.firstRange(of: ", with args").map { error[..<$0.lowerBound] } ?? error[...]
    return StoreFailure(kind, "Redis: " + told.prefix(200))
  }
}
