import Gateway
import Limits
import Verification

/// The events of the log that are no outcome of a request, with what they mean, for `docs/log-codes.md`.
///
/// `LogCodesTests` holds that the sources log each of them, and none besides.
let logEvents: [(code: String, level: String, meaning: String)] =
  [
    (
      "server.listening", "notice",
      "PinGate is ready; the line names its release, its numbering plan and where it listens"
    ),
    ("server.few_descriptors", "warning", "the process may open fewer files than its connections need"),
    (
      "server.paused", "warning, error",
      "no new connections are accepted until others end: too many, or no descriptors left"
    ),
    ("server.resumed", "notice", "they are accepted again"),
    ("server.idle_closed", "notice", "idle connections were closed to make room"),
    ("server.overloaded", "error", "more requests are in flight than PinGate takes; the rest is told to come back"),
    ("server.accept_failed", "critical", "connections cannot be accepted"),
    ("server.library_failed", "error", "libfcgi did not take a request"),
    ("server.cannot_listen", "critical", "the socket cannot be made; the program ends"),
    ("server.failed", "critical", "the event loop failed; the program ends"),
    ("server.stopping", "notice", "the program ends when its requests have ended"),
    ("server.stopped", "notice", "the program has ended; so many requests were not finished"),
    ("peer.refused", "warning", "a connection sent what is not FastCGI, or more than is allowed"),
    ("peer.timed_out", "notice", "a connection was silent for too long"),
    ("peer.gone", "debug", "a connection ended before its answer"),
    ("peer.aborted", "debug", "the web server gave a request up"),
    (
      "challenge.unanswered", "warning",
      "the third party of `PINGATE_CHALLENGE` does not say whether its widget was satisfied; its visitor is asked for work"
    ),
    (
      "challenge.too_long", "warning",
      "a form had more than that third party's widget is known to give; if many visitors fail, its responses have become longer than PinGate takes; once an hour"
    ),
    (
      "challenge.broken", "critical",
      "that third party lets nobody pass until the owner fixes what the line says; visitors are asked for work; once an hour"
    ),
    ("gate.no_proof", "error", "a number was verified and no proof handed out; the line says why"),
    ("cgi.unnamed", "critical", "started without `GATEWAY_INTERFACE`, and without a socket"),
    ("cgi.no_output", "critical", "standard output cannot be written to; nothing was charged or sent"),
    ("cgi.shortage", "critical", "the host's limits leave no room for the answer; nothing was charged or sent"),
    ("cgi.not_taken", "error", "the web server did not take the answer"),
    ("settings.wrong", "critical", "a setting is wrong: which, and what to do"),
    ("settings.reloaded", "notice", "the settings were read anew"),
    ("settings.kept", "error", "the new settings are wrong, and the old ones stay"),
    ("settings.need_restart", "warning", "these changed settings count after a restart"),
    ("settings.exposed", "warning", "a file with secrets can be read by others, or is served"),
    ("gate.file_unusable", "critical", "the file of users or numbers cannot be read: nobody passes until it can"),
    (
      "gate.line_unusable", "warning", "a line of that file is broken: which, and what is wrong; it refuses only itself"
    ),
    (
      "gate.demand_unusable", "error",
      "a web server asks the gate with a purpose or an age that cannot be: which, and nobody passes there"
    ),
    ("gate.demand_short", "warning", "a folder's PINGATE_MAX_AGE is below a minute"),
    ("gate.doubtful", "warning", "a setting of the gate is hardly meant so; the line says which"),
    ("gate.no_number", "notice", "a user has asked for a PIN who has no number that it is sent to; nothing was sent"),
    ("gate.not_listed", "notice", "a PIN was asked for a number that is not listed; nothing was sent"),
    ("store.new", "notice", "the store's file was made; nothing was counted before"),
    ("store.opened", "notice", "the store can be used, or can be again"),
    ("store.closed", "critical", "the store cannot be opened: nothing is sent until it can"),
    ("store.reopened", "notice", "the store is opened anew after a failure"),
    ("store.no_append_only_file", "warning", "this Redis forgets reservations when it is killed; set `appendonly yes`"),
    ("request.repeated_field", "notice", "a form has a field twice"),
    ("view.shown", "debug", "a page was shown at its own address"),
    ("cancel.cancelled", "info", "a request that was given up was ended at the provider"),
    ("cancel.tooLate", "info", "the provider no longer ends it: it expires by itself"),
    ("cancel.gone", "info", "it had ended before"),
    ("cancel.later", "info", "another process ends it when the provider permits it (CGI)"),
    ("cancel.left", "warning", "it could not be left to another process, and expires by itself"),
    ("limits.would_refuse", "warning", "a limit would have refused this, if limits were not only watched"),
    ("limit.reached", "warning, critical", "a share of a limit is used up; an alert"),
    (
      "limit.rationed", "critical",
      "too few of the messages to these numbers are used, or more nets want messages than the budget has: they get a ration; an alert"
    ),
    ("limit.ration_over", "notice", "they get as much as they want again; an alert"),
    ("webhook.delivered", "info", "a success was told to the site's own code"),
    ("webhook.failed", "warning", "the site's own code did not take it, and it is tried again"),
    ("webhook.lost", "error", "a success was told in vain for too long, and is told no more"),
    (
      "webhook.overflow", "error",
      "so many successes waited to be told that there was no room for these, which are told to nobody; once an hour; an alert"
    ),
    ("webhook.left", "warning", "no process could be left behind that tells of it (CGI): the next one, or cron, does"),
    ("webhook.store_failed", "warning", "the store did not say what waits to be told; it is asked again"),
    ("alert.delivered", "info", "an alert was taken"),
    ("alert.failed", "warning", "an alert was not taken, and is tried again"),
    ("alert.lost", "error", "an alert was given up"),
    ("alert.dropped", "error", "too many alerts were waiting for one more"),
  ]
  + ClientAddress.Doubt.allCases.map { ("address.\($0.rawValue)", "warning", $0.advice) }
  + StoreFailure.Kind.allCases.map {
    ("cancel.store.\($0.rawValue)", "warning", "the store failed (`store.\($0.rawValue)`) before a request was ended")
  }
  + VerifierFailure.Kind.allCases.map {
    ("cancel.\($0.rawValue)", "warning", "the provider failed (`start.\($0.rawValue)`) when a request was to be ended")
  }

/// What the sources write where a code has a part that comes from a value, and the codes that this makes. Those of an
/// outcome's row and of a store's failure are rows of the table.
let logEventPatterns: [String: [String]] = [
  #"\(row.code)"#: [],
  #"\(failure.code)"#: [],
  #"\(error.code)"#: [],
  #"store.\($0.rawValue)"#: ["store.no_append_only_file"],
  #"address.\(doubt.rawValue)"#: ClientAddress.Doubt.allCases.map { "address.\($0.rawValue)" },
  #"cancel.\(error.code)"#: StoreFailure.Kind.allCases.map { "cancel.store.\($0.rawValue)" },
  #"cancel.\(error.kind.rawValue)"#: VerifierFailure.Kind.allCases.map { "cancel.\($0.rawValue)" },
  #"cancel.\(outcome)"#: ["cancel.cancelled", "cancel.tooLate", "cancel.gone"],
]
