internal import Curl
internal import Limits
internal import Logging
internal import Threads

/// Tells the owner the limits' news: always in the log, and wherever the settings say. No request waits for it.
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
    post(Alert(notice, site: site, at: LogLine.now()))
  }

  /// - Parameter overflow: how many webhook events found no room; the log has it already.
  func tell(overflow: Int64) {
    post(Alert(overflow: overflow, site: site, at: LogLine.now()))
  }

  private func post(_ alert: Alert) {
    for queue in queues { queue.post(alert) }
  }

  /// Waits until everything was delivered or given up, but no longer than this. What is left then is lost, and so is whatever comes
  /// later; the log says so.
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

  /// An error if messages are refused from now on, and a warning if they soon will be.
  private func record(_ notice: LimitNotice) {
    switch notice {
    case .reached(let row, let percent, let count, let limit):
      log.log(
        level: percent < 100 ? .warning : .critical, "limit.reached",
        metadata: [
          "row": "\(row.rawValue)", "percent": "\(percent)", "count": "\(count)", "limit": "\(limit)",
        ])
    case .rationBegan(let limit, let key, let figures):
      log.critical("limit.rationed", metadata: metadata(limit, key, figures))
    case .rationEnded(let limit, let key, let figures, let time):
      var metadata = metadata(limit, key, figures)
      metadata["seconds"] = "\(time.components.seconds)"
      log.notice("limit.ration_over", metadata: metadata)
    }
  }

  private func metadata(_ limit: LimitID, _ key: CounterKey, _ figures: RationFigures) -> Logger.Metadata {
    var metadata: Logger.Metadata = [
      "row": "\(limit.rawValue)", "key": "\(key)", "sends": "\(figures.sends)", "verified": "\(figures.verified)",
      "per_day": "\(figures.perDay)",
    ]
    if let asking = figures.asking { metadata["asking"] = "\(asking)" }
    return metadata
  }
}
