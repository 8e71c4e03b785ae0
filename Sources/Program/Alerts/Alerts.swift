internal import Curl
internal import Limits
internal import Logging
internal import Threads

/// Tells the owner what the limits have to tell: in the log always, and where the settings say so. No request waits for it.
struct Alerts: Sendable {
  private let site: String
  private let log: Logger
  private let queues: [AlertQueue]
  private let execution: Execution

  init(_ settings: AlertSettings, site: String, client: Client, log: Logger, execution: Execution) {
    self.site = site
    self.log = log
    self.execution = execution
    var queues: [AlertQueue] = []
    if let webhook = settings.webhook {
      let hook = AlertWebhook(settings: webhook, client: client)
      queues.append(AlertQueue("url", log: log, execution: execution) { await hook.deliver($0) })
    }
    if let path = settings.command {
      let command = AlertCommand(path: path, execution: execution)
      queues.append(AlertQueue("command", log: log, execution: execution) { await command.deliver($0) })
    }
    self.queues = queues
  }

  func tell(_ notice: LimitNotice) {
    record(notice)
    guard !queues.isEmpty else { return }
    let alert = Alert(notice, site: site, at: LogLine.now())
    for queue in queues { queue.post(alert) }
  }

  /// Waits until all was delivered or given up, but no longer than this. What is left then is lost, and so is what
  /// comes later; the log says so.
  func finish(within time: Duration) async {
    if !queues.allSatisfy(\.isIdle) {
      let end = OneTimeEvent()
      let timer = execution.task { [execution] in
        await execution.sleep(for: time)
        end.happen()
      }
      execution.task { [queues] in
        for queue in queues { await queue.waitUntilIdle() }
        end.happen()
      }
      await end.wait()
      timer.cancel()
    }
    for queue in queues { queue.giveUp() }
  }

  /// Loud where messages are refused from now on, and a warning where they soon will be.
  private func record(_ notice: LimitNotice) {
    switch notice {
    case .reached(let row, let percent, let count, let limit):
      log.log(
        level: percent < 100 ? .warning : .critical, "limit.reached",
        metadata: [
          "row": "\(row.rawValue)", "percent": "\(percent)", "count": "\(count)", "limit": "\(limit)",
        ])
    case .breakerOpened(let row, let key, let time, let sends, let verified):
      log.critical(
        "limit.closed",
        metadata: [
          "row": "\(row.rawValue)", "key": "\(key)", "seconds": "\(time.components.seconds)", "sends": "\(sends)",
          "verified": "\(verified)",
        ])
    case .breakerClosed(let row, let key, let sends, let verified):
      log.notice(
        "limit.opened",
        metadata: ["row": "\(row.rawValue)", "key": "\(key)", "sends": "\(sends)", "verified": "\(verified)"])
    }
  }
}
