internal import Encoding
public import Gateway
internal import HTTPTypes
internal import Tokens
public import Verification

/// What the gate answers, at once and without waiting.
extension Gate {
  /// - Returns: nil when nothing is asked that is the gate's to answer.
  public func answer(_ request: Request, at now: Timestamp) -> Response? {
    guard let (question, path) = question(of: request) else { return keys(for: request) }
    if question == .localRedirect, Self.wantedByApache(request) == nil { return Self.status(.notFound) }
    let isOwners = path == nil || Self.isOwners(request, question)
    guard let demand = demand(of: request, path: path, isTold: isOwners, at: now) else {
      return question == .check ? Self.status(.forbidden) : Self.misconfigured
    }
    let judgement = judge(request, demand, at: now)
    switch (question, judgement) {
    case (.check, _): return Self.check(judgement)
    case (.authorizer(let identity), .good(let proof)): return Self.pass(proof, identity)
    case (.localRedirect, .good): return Self.redirect(request)
    case (.authorizer, _), (.localRedirect, _), (.enter, _): return enter(request, question, demand, judgement)
    }
  }

  /// - Returns: with what the path says behind the place that asks; nil where a role or a parameter asks.
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

  /// Whether the owner has set what stands behind a place in the path, and not somebody who asks for that place by its
  /// address: they could fill the log.
  private static func isOwners(_ request: Request, _ question: Question) -> Bool {
    question == .localRedirect ? !isRewritten(request) : isError(request)
  }

  /// 204, 401 or 403: nginx makes 500 of anything else.
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

  /// Exactly 200, with whose request it is and nothing else: web servers put what else there is into the page.
  private static func pass(_ proof: Proof, _ identity: Question.Identity) -> Response {
    var response = Response(status: .ok)
    Identity(proof).add(to: &response, as: identity)
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
    text(
      .internalServerError,
      "PINGATE_PURPOSE or PINGATE_MAX_AGE is set to something that it cannot be. The log says what is wrong.\n")
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
  /// The site's own name of the user, where a password was checked and the name fits.
  var user: String? { methods.hasPassword && !subject.hasPrefix("~") ? subject : nil }
}
