internal import Encoding
public import Gateway
internal import HTTPTypes
internal import Tokens
public import Verification

/// The gate's answers, which it gives at once, without waiting for anything.
extension Gate {
  /// - Returns: nil if the request is not a question for the gate.
  public func answer(_ request: Request, at now: Timestamp) -> Response? {
    guard let (question, path) = question(of: request) else { return keys(for: request) }
    if question == .localRedirect, Self.wantedByApache(request) == nil { return Self.status(.notFound) }
    let isOwners = path == nil || Self.isOwners(request, question)
    guard let demand = demand(of: request, path: path, isTold: isOwners, at: now) else {
      return question == .check ? Self.status(.forbidden) : text(.internalServerError, .demandUnusable)
    }
    let judgement = judge(request, demand, at: now)
    switch (question, judgement) {
    case (.check, _): return Self.check(judgement)
    case (.authorizer(let identity), .good(let proof)): return Self.pass(proof, identity)
    case (.localRedirect, .good): return Self.redirect(request)
    case (.authorizer, _) where Self.wantsYesOrNo(request): return Self.no(judgement)
    case (.authorizer, _), (.localRedirect, _), (.enter, _): return enter(request, question, demand, judgement)
    }
  }

  /// - Returns: the question, and what follows the path that asks it (nil where a role or a parameter asks); nil where the
  ///   gate is not asked.
  private func question(of request: Request) -> (Question, path: Substring?)? {
    if let question = request.question { return (question, nil) }
    guard let path = BasePath.path(of: request, below: prefix) else { return nil }
    for (place, question) in Self.places {
      if let rest = GatePath.rest(of: path, behind: place) { return (question, rest) }
    }
    return nil
  }

  private static let places: [(String, Question)] = [
    (GatePath.check, .check), (GatePath.enter, .enter), (GatePath.localRedirect, .localRedirect),
  ]

  /// Whether the demand at the end of the path is the owner's, and not that of somebody who asks for the path directly: they
  /// could fill the log.
  private static func isOwners(_ request: Request, _ question: Question) -> Bool {
    question == .localRedirect ? !isRewritten(request) : isError(request)
  }

  /// 204, 401 or 403: nginx turns anything else into 500 (ngx_http_auth_request_module).
  private static func check(_ judgement: Judgement) -> Response {
    switch judgement {
    case .good(let proof):
      var response = status(.noContent)
      Identity(proof).add(to: &response, as: .headers)
      return response
    case .notAllowed: return status(.forbidden)
    case .refused: return status(.unauthorized)
    }
  }

  /// Whether the web server uses only the fact of a refusal, and asks for the visitor's answer in another request
  /// (an error document): Apache's mod_fcgid, and mod_authnz_fcgi for a `Require`. They would add the fields of this answer to
  /// those of the other one, and a challenge would come twice.
  private static func wantsYesOrNo(_ request: Request) -> Bool {
    let role = request.parameters["FCGI_APACHE_ROLE"]
    return role == "ACCESS_CHECKER" || role == "AUTHORIZER"
  }

  private static func no(_ judgement: Judgement) -> Response {
    if case .notAllowed = judgement { return Response(status: .forbidden) }
    return Response(status: .unauthorized)
  }

  /// Exactly 200, with the identity and nothing else: web servers would put anything more into the page.
  private static func pass(_ proof: Proof, _ identity: Question.Identity) -> Response {
    var response = Response(status: .ok)
    Identity(proof).add(to: &response, as: identity)
    return response
  }

  static func status(_ status: HTTPResponse.Status) -> Response {
    Response(status: status, fields: [.cacheControl: "no-store"])
  }

  /// A line from the catalog, as plain text.
  func text(_ status: HTTPResponse.Status, _ key: GateText) -> Response {
    Self.text(status, words().text(key) + "\n")
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

  /// `GET jwks.json`: the public keys for checking proofs (RFC 7517).
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

/// What the web server is told about a proof.
struct Identity {
  private let subject: String
  private let user: String
  private let verifiedAt: String

  init(_ proof: Proof) {
    subject = proof.subject
    user = proof.user ?? ""
    verifiedAt = "\(proof.authenticatedAt.secondsSinceEpoch)"
  }

  func add(to response: inout Response, as identity: Question.Identity) {
    let names = identity == .variables ? Self.variables : Self.headers
    for (name, value) in zip(names, [subject, user, verifiedAt]) {
      response.fields.append(HTTPField(name: name, value: value))
    }
  }

  private static let headers = ["X-PinGate-Subject", "X-PinGate-User", "X-PinGate-Verified-At"]
    .compactMap { HTTPField.Name($0) }
  private static let variables = ["Variable-PINGATE_SUBJECT", "Variable-PINGATE_USER", "Variable-PINGATE_VERIFIED_AT"]
    .compactMap { HTTPField.Name($0) }
}

extension Proof {
  /// The site's own name for the user, if a password was checked and the name fits into the cookie; else nil.
  var user: String? { methods.hasPassword && !subject.hasPrefix("~") ? subject : nil }
}
