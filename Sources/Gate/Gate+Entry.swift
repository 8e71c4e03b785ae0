internal import Encoding
internal import Gateway
internal import HTTPTypes
internal import Tokens
internal import Verification

/// What becomes of a visitor who may not pass.
extension Gate {
  /// The form for somebody on the way to a page; for all else a status and a short text. A program never gets a redirect.
  func enter(_ request: Request, _ question: Question, _ demand: Demand, _ judgement: Judgement) -> Response {
    // A program as well: to verify a number would not help it.
    if case .good = judgement, Self.isError(request) {
      return Self.text(.forbidden, "You are verified, and the web server refuses this page all the same.\n")
    }
    guard request.isNavigation else { return Self.refusal(judgement, demand) }
    if case .notAllowed = judgement { return Self.notAllowed(signOut: formPath(for: request) + "signout") }
    let wanted = Self.wanted(by: request, question)
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

  /// Whether a web server has sent the visitor here because of an error, which is not for want of a proof where there is a
  /// good one: the form would only lead to the same error again, at the price of a message.
  static func isError(_ request: Request) -> Bool {
    request.parameters["PINGATE_RETURN"] != nil || request.parameters["REDIRECT_STATUS"]?.hasPrefix("4") == true
  }

  /// Whether a form was sent; a web server that asks with GET (Caddy) says so in a parameter.
  private static func isPost(_ request: Request) -> Bool {
    (request.parameters["PINGATE_METHOD"] ?? request.method.rawValue) == "POST"
  }

  /// Under which name the first page's address and form have the ticket.
  public static let field = "return"

  private static func refusal(_ judgement: Judgement, _ demand: Demand) -> Response {
    if case .notAllowed = judgement { return text(.forbidden, "This phone number has no access here.\n") }
    var response = text(.unauthorized, "A phone number has to be verified first: open this address in a browser.\n")
    response.fields[.wwwAuthenticate] = "Bearer"
    if case .refused(.tooOld) = judgement, let maxAge = demand.maxAge {
      // RFC 9470, section 3.
      response.fields[.wwwAuthenticate] =
        "Bearer error=\"insufficient_user_authentication\", max_age=\(maxAge.components.seconds)"
    }
    return response
  }

  /// For somebody with a good proof and no access: with the way to another number, because the form would only say
  /// "Account verified!" again.
  private static func notAllowed(signOut: String) -> Response {
    let page = """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>No access</title>
      <h1>No access</h1>
      <p>This phone number has no access here.</p>
      <form method="post" action="\(signOut)"><button>Sign out, and use another number</button></form>
      </html>

      """
    var response = text(.forbidden, page)
    response.fields[.contentType] = "text/html; charset=utf-8"
    response.fields[.contentSecurityPolicy] =
      "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
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
  private static func wanted(by request: Request, _ question: Question) -> String {
    if let handedOver = request.parameters["PINGATE_RETURN"] { return handedOver }
    let address = request.parameters["REQUEST_URI"] ?? ""
    let path = address.prefix { $0 != "?" }
    guard question == .enter, isOwn(path, request) else { return address }
    let query = request.parameters["QUERY_STRING"] ?? String(address.dropFirst(path.count + 1))
    if query.hasPrefix("rd=") { return String(query.dropFirst(3)) }
    return query.firstRange(of: "&rd=").map { String(query[$0.upperBound...]) } ?? ""
  }

  /// Whether a path leads to the program itself, and not to a page of the site's, which may be called alike.
  private static func isOwn(_ path: Substring, _ request: Request) -> Bool {
    // Debian's fastcgi_params for nginx have it too, always as 200; Apache has the status of an error document's error.
    guard let status = request.parameters["REDIRECT_STATUS"] else { return true }
    let rest = request.parameters["PATH_INFO"] ?? ""
    // A rule of the owner's leads here from an address that ends alike.
    if status == "200", request.parameters["REDIRECT_URL"] != nil { return !rest.isEmpty && path.hasSuffix(rest) }
    let own = (request.parameters["SCRIPT_NAME"] ?? "") + rest
    return PercentEncoding.decode(path.utf8)?.elementsEqual(own.utf8) ?? false
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

  /// What Apache's own redirect to the program names: nobody else can.
  static func wantedByApache(_ request: Request) -> String? {
    request.parameters["REDIRECT_URL"].flatMap { $0.hasPrefix("/") ? $0 : nil }
  }

  /// Whether it is a rule for all kinds of addresses that leads here, from one that ends as this place's path does: then
  /// the visitor has written it.
  static func isRewritten(_ request: Request) -> Bool {
    let rest = request.parameters["PATH_INFO"] ?? ""
    return !rest.isEmpty && wantedByApache(request)?.hasSuffix(rest) == true
  }

  /// Says yes by sending the web server, and not the visitor, to what was asked for (RFC 3875, section 6.2.2).
  static func redirect(_ request: Request) -> Response {
    let wanted = wantedByApache(request) ?? "/"
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
