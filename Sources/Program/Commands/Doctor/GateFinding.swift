/// Something that is wrong with a gate, and its cure.
struct GateFinding: Sendable, Hashable {
  /// A stable code that scripts can look for: "open", "open.method".
  let code: String
  let words: String
  let cure: String

  var name: String { "\(code): \(words)" }

  /// The web server, as far as it names itself.
  enum Server: String, Sendable {
    case nginx, lighttpd, apache, caddy, unknown

    init(_ field: String?) {
      let field = (field ?? "").lowercased()
      self = [.nginx, .lighttpd, .apache, .caddy].first { field.contains($0.rawValue) } ?? .unknown
    }
  }

  static func open(_ server: Server) -> GateFinding {
    let cure =
      switch server {
      case .nginx:
        "The location does not ask, or is answered before it asks: have `auth_request` in this very location, no `return` or "
          + "`rewrite` in it, no `satisfy any`, and the check passed on to PinGate instead of answered with `return 204`. Write "
          + "it as `location ^~ /folder/`: without ^~ a location with a pattern (`~ \\.php$`) is taken in its place; that one "
          + "goes inside it."
      case .lighttpd:
        "No authorizer is asked: `$HTTP[\"url\"] =~ \"^/folder(/|$)\" { include \"pingate-gate.conf\" }` stands inside no "
          + "condition on the host, and the line with server.modules from deploy/lighttpd-gate.conf.example before it: mod_setenv "
          + "and mod_fastcgi are there, and mod_fastcgi comes before mod_proxy and other modules that hand requests on. No "
          + "condition further down that holds for the address may have a `fastcgi.server` of its own, which takes the place of "
          + "the whole list: put that into the list in pingate-gate.conf."
      case .apache:
        "The folder's rules are not read, or not in this folder: allow them (`AllowOverride All`, or FileInfo, Options and "
          + "AuthConfig), take them out of `<IfModule>`, put `RewriteOptions InheritDownBefore` above them where a folder below "
          + "has a `RewriteEngine` of its own, no `Satisfy Any`, and use FcgidAccessChecker, because FcgidAuthorizer alone is "
          + "never asked."
      case .caddy: "Have `forward_auth` with a matcher that this path matches, before what answers it."
      case .unknown: "The web server does not ask PinGate for this address: see docs/gate.md."
      }
    return GateFinding(code: "open", words: "a stranger without a proof gets the page", cure: cure)
  }

  static func forged(_ what: String) -> GateFinding {
    GateFinding(
      code: "open.forged", words: "\(what) is taken for a proof",
      cure: "Only whether a cookie is there is looked at: have PinGate asked, or check the signature (docs/proof.md).")
  }

  static let purpose = GateFinding(
    code: "open.purpose", words: "a proof that was got for something else opens it",
    cure:
      "The folder's purpose is not asked for: \(asking) Code of your own has to compare the claim `purpose`, whose absence counts "
      + "too.")

  static let age = GateFinding(
    code: "open.age", words: "a proof of a verification that is too long ago opens it",
    cure: "The folder's PINGATE_MAX_AGE is not asked for: \(asking)")

  private static let asking =
    "pass the parameter in both places, the question and the way to the form (nginx); set it by `SetEnvIf` and not by "
    + "`SetEnv`, and with CGI as `SetEnvIf Request_URI ^ pingate_gate=/gate/NAME/SECONDS` beside the very lines of "
    + "deploy/htaccess-gate.example (Apache); set it by `setenv.set-environment` (lighttpd)."

  static func method(_ methods: [String]) -> GateFinding {
    GateFinding(
      code: "open.method", words: "\(methods.joined(separator: ", ")) without a proof is answered",
      cure: "Guard all methods: no `limit_except` or `<Limit>` around the rules, and no condition on the method.")
  }

  static func spelling(_ names: [String]) -> GateFinding {
    GateFinding(
      code: "open.spelling", words: "the address opens when it is written with \(names.joined(separator: ", "))",
      cure:
        "Guard the folder and not one way of writing it: a prefix location (nginx: with ^~) instead of `location =` or a pattern, "
        + "and no pattern on the raw address ($request_uri, REQUEST_URI).")
  }

  static func ending(_ endings: [String], _ server: Server) -> GateFinding {
    let cure =
      switch server {
      case .lighttpd:
        "Of all the conditions that hold for a request, the last one with a `fastcgi.server` counts, with the whole of it: it "
          + "takes the authorizer's place. Put the entry for \(endings[0]) into the list in pingate-gate.conf, as a second "
          + "one: `fastcgi.server += ( \"\" => …, \"\(endings[0])\" => … )`, or the gate's block below that condition."
      case .nginx:
        "A location with a pattern is taken in the folder's place: write the folder's as `location ^~ /folder/`, and that one "
          + "inside it, where it inherits `auth_request`."
      case .apache, .caddy, .unknown:
        "A rule for these names is taken in the place of the folder's: put it inside what is guarded, or have it ask as well."
      }
    return GateFinding(
      code: "open.ending", words: "names that end in \(endings.joined(separator: ", ")) are answered without a proof",
      cure: cure)
  }

  static let cachedYes = GateFinding(
    code: "open.cache", words: "after somebody with a proof, a stranger gets the page",
    cure:
      "A cache keeps the answer for everybody: take `fastcgi_cache` out of the check, or key it on the proof as docs/gate.md "
      + "has it, and let no cache in front keep guarded pages.")

  static let cachedNo = GateFinding(
    code: "closed.cache", words: "after a stranger, somebody with a proof is refused",
    cure:
      "A cache keeps the refusal for everybody, and will keep a yes as well: take `fastcgi_cache` out of the check, or key "
      + "it on the proof as docs/gate.md has it.")

  static func identity(_ fields: [String]) -> GateFinding {
    GateFinding(
      code: "open.identity",
      words: "what a visitor writes into \(fields.joined(separator: ", ")) reaches the application",
      cure:
        "Set PINGATE_SUBJECT and PINGATE_USER for it and use those; clear the fields with dashes and with underscores, "
        + "and no `underscores_in_headers on`.")
  }

  static func check(_ path: String) -> GateFinding {
    GateFinding(
      code: "open.check", words: "\(path) says yes to everybody who asks",
      cure: "It has to be passed on to PinGate, with HTTP_COOKIE and nothing included, and be `internal`.")
  }

  static func reachableCheck(_ path: String) -> GateFinding {
    GateFinding(
      code: "check.reachable", words: "\(path) answers visitors",
      cure: "Put `internal;` into it, so that only the web server can ask.")
  }

  static func localRedirect(_ path: String) -> GateFinding {
    GateFinding(
      code: "open.redirect", words: "\(path) opens something when it is asked for by itself",
      cure: "Only Apache's own redirect may come there: no rule may set REDIRECT_URL.")
  }

  static func closed(_ status: Int, _ server: Server) -> GateFinding {
    let cure =
      switch server {
      case .nginx:
        "PinGate does not see the proof: pass `fastcgi_param HTTP_COOKIE $http_cookie;` (and HTTPS, HTTP_HOST) in the check, "
          + "and do not `include fastcgi_params` there."
      case .apache, .lighttpd, .caddy, .unknown:
        "PinGate does not see the proof, or has other settings than this program: compare PINGATE_KEY, PINGATE_SITE and "
          + "PINGATE_PROOF_AUDIENCE, and have the web server pass Cookie, Host and HTTPS on. Where the folder wants a purpose, "
          + "name it with --purpose."
      }
    return GateFinding(code: "closed", words: "even somebody with a proof is refused (\(status))", cure: cure)
  }

  static func broken(_ status: Int) -> GateFinding {
    GateFinding(
      code: "down", words: "the web server answers \(status)",
      cure:
        "PinGate does not run, its socket is not for the web server, or the check is answered with another status than "
        + "204, 401 and 403: look into the web server's log.")
  }

  static func unreachable(_ why: String) -> GateFinding {
    GateFinding(code: "unreachable", words: "it cannot be asked (\(why))", cure: "Look for a mistake in the address.")
  }

  static func noForm(_ status: Int) -> GateFinding {
    GateFinding(
      code: "no_form", words: "a visitor who has to verify is not sent to the form but gets \(status)",
      cure: "Send those whom the check refuses to /enter: `error_page 401 = @pingate-enter`, or ErrorDocument.")
  }

  static let loop = GateFinding(
    code: "loop", words: "the form is behind the gate itself",
    cure: "Take PinGate's own path out of what is guarded.")

  // MARK: Two factors

  static let passwordIgnored = GateFinding(
    code: "open.password", words: "a wrong password with a proof gets the page",
    cure: "Both have to hold: no `satisfy any`, no `Satisfy Any`, `<RequireAll>` around both.")

  static let noPassword = GateFinding(
    code: "open.no_password", words: "a proof gets the page without a password",
    cure: "Both have to hold: have the password checked in this very location, and no `satisfy any`.")

  static let wrongPasswordIsUser = GateFinding(
    code: "open.wrong_password", words: "a wrong password gets to the form, as if it were right",
    cure: "The place that sends visitors to the form gets REMOTE_USER unchecked: repeat `auth_basic` and "
      + "`auth_basic_user_file` there (nginx), or send them there on 403 and not on 401 (Apache).")

  static let formWithoutPassword = GateFinding(
    code: "open.form", words: "the form itself takes a wrong password",
    cure: "Have PinGate's own path check the same password file.")

  static let noChallenge = GateFinding(
    code: "no_challenge", words: "without a password no browser is asked for one",
    cure:
      "The answer has to be 401 with WWW-Authenticate: repeat `auth_basic` in the place that sends visitors to the form."
  )
}
