internal import Encoding
public import Gateway
internal import HTTPTypes
internal import Tokens
public import Verification

/// What the gate answers, at once and without waiting.
extension Gate {
  /// - Returns: nil when nothing is asked that is the gate's to answer.
  public func answer(_ request: Request, at now: Timestamp) -> Response? {
    switch question(of: request) {
    case nil: return keys(for: request)
    case .check: return check(request, at: now)
    case .authorizer(let identity): return authorize(request, identity, at: now)
    case .enter: return Demand(request).map { enter(request, $0, judge(request, $0, at: now)) } ?? Self.misconfigured
    case .localRedirect: return redirect(request, at: now)
    }
  }

  private func question(of request: Request) -> Question? {
    if let question = request.question { return question }
    switch BasePath.path(of: request, below: prefix) {
    case GatePath.check: return .check
    case GatePath.enter: return .enter
    case let path? where path == GatePath.localRedirect || path.hasPrefix(GatePath.localRedirect + "/"):
      return .localRedirect
    default: return nil
    }
  }

  /// 204, 401 or 403: nginx makes 500 of anything else.
  private func check(_ request: Request, at now: Timestamp) -> Response {
    guard let demand = Demand(request) else { return Self.status(.unauthorized) }
    switch judge(request, demand, at: now) {
    case .good(let proof):
      var response = Self.status(.noContent)
      for (name, value) in Identity(proof).values { response.fields.append(HTTPField(name: name.header, value: value)) }
      return response
    case .notAllowed: return Self.status(.forbidden)
    case .refused: return Self.status(.unauthorized)
    }
  }

  /// Exactly 200, with whose request it is and nothing else: web servers put what else there is into the page.
  private func authorize(_ request: Request, _ identity: Question.Identity, at now: Timestamp) -> Response {
    guard let demand = Demand(request) else { return Self.misconfigured }
    let judgement = judge(request, demand, at: now)
    guard case .good(let proof) = judgement else { return enter(request, demand, judgement) }
    var response = Response(status: .ok)
    for (name, value) in Identity(proof).values {
      response.fields.append(HTTPField(name: identity == .variables ? name.variable : name.header, value: value))
    }
    return response
  }

  static func status(_ status: HTTPResponse.Status) -> Response {
    Response(status: status, fields: [.cacheControl: "no-store"])
  }

  static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
    let body = Array(text.utf8)
    return Response(
      status: status,
      fields: [
        .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        .contentLength: "\(body.count)",
      ], body: body)
  }

  /// What the owner has set cannot be meant.
  static var misconfigured: Response {
    text(.internalServerError, "PINGATE_PURPOSE or PINGATE_MAX_AGE is set to something that it cannot be.\n")
  }

  /// `GET jwks.json`: the keys that others check proofs with.
  private func keys(for request: Request) -> Response? {
    guard BasePath.path(of: request, below: prefix) == GatePath.keys,
      request.method == .get || request.method == .head
    else { return nil }
    let body = ring.publicKeys
    return Response(
      status: .ok,
      fields: [
        .contentType: "application/jwk-set+json", .cacheControl: "public, max-age=3600",
        .xContentTypeOptions: "nosniff",
        .contentLength: "\(body.count)",
      ], body: request.method == .head ? [] : body)
  }
}

/// What of a proof is told to the web server.
struct Identity {
  enum Name: CaseIterable {
    case subject, user, verifiedAt

    var header: HTTPField.Name { Self.headers[self]! }
    var variable: HTTPField.Name { Self.variables[self]! }

    private static let headers = fields(["X-PinGate-Subject", "X-PinGate-User", "X-PinGate-Verified-At"])
    private static let variables = fields([
      "Variable-PINGATE_SUBJECT", "Variable-PINGATE_USER", "Variable-PINGATE_VERIFIED_AT",
    ])

    private static func fields(_ names: [String]) -> [Name: HTTPField.Name] {
      Dictionary(uniqueKeysWithValues: zip(allCases, names.compactMap { HTTPField.Name($0) }))
    }
  }

  let values: [(Name, String)]

  init(_ proof: Proof) {
    values = [
      (.subject, proof.subject), (.user, proof.user ?? ""),
      (.verifiedAt, "\(proof.authenticatedAt.secondsSinceEpoch)"),
    ]
  }
}

extension Proof {
  /// The site's own name of the user, where a password was checked and the name fits.
  var user: String? { methods.hasPassword && !subject.hasPrefix("~") ? subject : nil }
}
