import Foundation
import Limits

/// What the owner was told. Safe to share: it is behind `lock`.
final class Notices: @unchecked Sendable {
  private let lock = NSLock()
  private var told: [LimitNotice] = []

  var all: [LimitNotice] { lock.withLock { told } }

  func add(_ notice: LimitNotice) { lock.withLock { told.append(notice) } }
}
