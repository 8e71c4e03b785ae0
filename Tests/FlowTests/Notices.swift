import Foundation
import Limits
import Threads

/// What the owner was told. Safe to share: it is behind `lock`.
final class Notices: @unchecked Sendable {
  private let lock = Lock()
  private var told: [LimitNotice] = []

  var all: [LimitNotice] { lock.withLock { told } }

  func add(_ notice: LimitNotice) { lock.withLock { told.append(notice) } }
}
