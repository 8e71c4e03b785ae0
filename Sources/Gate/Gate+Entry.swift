internal import Encoding
internal import Gateway
internal import HTTPTypes
internal import Tokens
internal import Verification

/// What becomes of a visitor who may not pass.
extension Gate {
  /// The form for somebody on the way to a page; for all else a status and a short text. A program never gets a redirect.
  func enter(_ request: Request, _ demand: Demand, _ judgement: Judgement) -> Response {
    if case .notAllowed = judgement { return Self.text(.forbidden, "This phone number has no access here.\n") }
    guard request.isNavigation else { return Self.refusal(judgement, demand) }
    let wanted = wanted(by: request)
    let target = ReturnTarget(
      wanted, hosts: settings.returnHosts, isSecure: request.isSecure, longest: EntryTicket.longestTarget)
    let form = formPath(for: request)
    // The form itself would send the visitor here again.
    guard !Self.isAt(form, target?.text ?? "") else {
      return Self.text(
        .internalServerError, "The form at \(form) is behind the gate itself: take it out of what is guarded.\n")
    }
    let ticket = EntryTicket(target: target?.text ?? "", purpose: demand.purpose, lostForm: Self.isPost(request))
    guard let sealed = tickets.seal(ticket) else {
      return Self.text(.internalServerError, "Not available right now.\n")
    }
    return hop(to: "\(form)?\(Self.field)=\(sealed)", because: judgement)
  }

  /// Whether a form was sent; a web server that asks with GET (Caddy) says so in a parameter.
  private static func isPost(_ request: Request) -> Bool {
    (request.parameters["PINGATE_METHOD"] ?? request.method.rawValue) == "POST"
  }

  /// Under which name the first page's address and form have the ticket.
  public static let field = "return"

  private static func refusal(_ judgement: Judgement, _ demand: Demand) -> Response {
    var response = text(.unauthorized, "A phone number has to be verified first: open this address in a browser.\n")
    response.fields[.wwwAuthenticate] = "Bearer"
    if case .refused(.tooOld) = judgement, let maxAge = demand.maxAge {
      // RFC 9470, section 3.
      response.fields[.wwwAuthenticate] =
        "Bearer error=\"insufficient_user_authentication\", max_age=\(maxAge.components.seconds)"
    }
    return response
  }

  /// The way on; or, for an owner who looks for what is wrong, a page that tells it. That one is never 200, which would let
  /// pass, and never a redirect.
  func hop(to address: String, because judgement: Judgement) -> Response {
    guard settings.showsRedirects else { return Answer.redirect(to: address).response() }
    var reason = "good"
    if case .refused(let why) = judgement { reason = why.rawValue }
    return Self.text(.forbidden, "PINGATE_DEBUG_REDIRECTS: 303 See Other\nProof: \(reason)\nLocation: \(address)\n")
  }

  // MARK: Where

  /// What was asked for: as the web server's owner hands it over, or as an authorizer gets it, or in the way in which
  /// Apache tells it to an error document, or behind `rd=` at the end of this place's own address.
  private func wanted(by request: Request) -> String {
    if let handedOver = request.parameters["PINGATE_RETURN"] { return handedOver }
    let address = request.parameters["REQUEST_URI"] ?? ""
    if case .authorizer = request.question { return address }
    let path = address.prefix { $0 != "?" }
    // Debian's fastcgi_params for nginx have a REDIRECT_STATUS too: this place's own address is not what was wanted.
    guard path.hasSuffix(GatePath.enter) || request.parameters["REDIRECT_STATUS"] == nil else { return address }
    let query = request.parameters["QUERY_STRING"] ?? String(address.dropFirst(path.count + 1))
    if query.hasPrefix("rd=") { return String(query.dropFirst(3)) }
    return query.firstRange(of: "&rd=").map { String(query[$0.upperBound...]) } ?? ""
  }

  /// The path of the first page: below the prefix, or below the program as the web server splits it.
  func formPath(for request: Request) -> String {
    if prefix.isEmpty, request.parameters["PATH_INFO"] != nil, let program = request.parameters["SCRIPT_NAME"],
      program.hasPrefix("/"), !program.hasPrefix("//"),
      program.utf8.allSatisfy({ $0.isUnreserved || $0 == UInt8(ascii: "/") })
    {
      return program.hasSuffix("/") ? program : program + "/"
    }
    return prefix + "/"
  }

  /// Whether a target is the form, as far as that can be told.
  private static func isAt(_ form: String, _ target: String) -> Bool {
    let path = target.prefix { $0 != "?" }
    return path == form && (form != "/" || target.dropFirst(path.count).hasPrefix("?\(field)="))
  }

  // MARK: Local redirects

  /// Says yes by sending the web server, and not the visitor, to what was asked for (RFC 3875, section 6.2.2). Only Apache's
  /// own redirect to the program names that.
  func redirect(_ request: Request, at now: Timestamp) -> Response {
    guard let wanted = request.parameters["REDIRECT_URL"], wanted.hasPrefix("/") else { return Self.status(.notFound) }
    guard let demand = Demand(request) else { return Self.misconfigured }
    let judgement = judge(request, demand, at: now)
    guard case .good = judgement else { return enter(request, demand, judgement) }
    var location = "/"
    for byte in wanted.utf8.drop(while: { $0 == UInt8(ascii: "/") }) {
      if byte.isUnreserved || byte == UInt8(ascii: "/") {
        location.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        location += String(decoding: PercentEncoding.encode(byte), as: UTF8.self)
      }
    }
    if let query = request.parameters["REDIRECT_QUERY_STRING"] { location += "?" + query }
    return Response(status: .ok, fields: [.location: location])
  }
}
