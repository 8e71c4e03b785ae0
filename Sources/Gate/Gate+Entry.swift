internal import Encoding
internal import Gateway
internal import HTTPTypes
internal import Tokens
internal import Verification

/// What happens to a visitor who may not pass.
extension Gate {
  /// A redirect to the form for somebody on the way to a page; for everything else, a status and a short text. A program never
  /// gets a redirect.
  func enter(_ request: Request, _ question: Question, _ demand: Demand, _ judgement: Judgement) -> Response {
    // This goes for programs, too: verifying a number would not help.
    if case .good = judgement, Self.isError(request) {
      return text(.forbidden, .refusedElsewhere)
    }
    guard request.isNavigation else { return refusal(judgement, demand) }
    if case .notAllowed = judgement { return notAllowed(signOut: formPath(for: request) + "signout") }
    let wanted = Self.wanted(by: request, question)
    let target = ReturnTarget(
      wanted, hosts: settings.returnHosts, isSecure: request.isSecure, longest: EntryTicket.longestTarget)
    let form = formPath(for: request)
    // The form itself would send the visitor back here.
    guard !Self.isAt(form, target?.text ?? "") else {
      return Self.text(.internalServerError, words().text(.formIsGuarded, ("form", form)) + "\n")
    }
    let ticket = EntryTicket(target: target?.text ?? "", purpose: demand.purpose, lostForm: Self.isPost(request))
    guard let sealed = tickets.seal(ticket) else {
      return text(.internalServerError, .unavailable)
    }
    return hop(to: "\(form)?\(Self.field)=\(sealed)", because: judgement)
  }

  /// Whether the web server sent the visitor here because of an error. With a good proof, the error has another cause: the form
  /// would only lead to the same error again, at the price of a message.
  static func isError(_ request: Request) -> Bool {
    request.parameters["PINGATE_RETURN"] != nil || request.parameters["REDIRECT_STATUS"]?.hasPrefix("4") == true
  }

  /// Whether the visitor submitted a form; a web server that always asks with GET (Caddy) says so in a parameter.
  private static func isPost(_ request: Request) -> Bool {
    (request.parameters["PINGATE_METHOD"] ?? request.method.rawValue) == "POST"
  }

  /// The name of the ticket in the first page's query and in its form.
  public static let field = "return"

  private func refusal(_ judgement: Judgement, _ demand: Demand) -> Response {
    if case .notAllowed = judgement { return text(.forbidden, .noAccess) }
    var response = text(.unauthorized, .verifyFirst)
    response.fields[.wwwAuthenticate] = "Bearer"
    if case .refused(.tooOld) = judgement, let maxAge = demand.maxAge {
      // RFC 9470, section 3.
      response.fields[.wwwAuthenticate] =
        "Bearer error=\"insufficient_user_authentication\", max_age=\(maxAge.components.seconds)"
    }
    return response
  }

  /// For somebody with a good proof but no access. It offers a way to use another number, because the form would only say
  /// "Account verified!" again.
  private func notAllowed(signOut: String) -> Response {
    let words = words()
    let title = Self.escaped(words.text(.noAccessTitle))
    let page = """
      <!doctype html>
      <html lang="\(Self.escaped(words.language))">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      <h1>\(title)</h1>
      <p>\(Self.escaped(words.text(.noAccess)))</p>
      <form method="post" action="\(signOut)"><button>\(Self.escaped(words.text(.signOut)))</button></form>
      </html>

      """
    var response = Self.text(.forbidden, page)
    response.fields[.contentType] = "text/html; charset=utf-8"
    response.fields[.contentSecurityPolicy] =
      "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    return response
  }

  /// A text for use between tags or in a double-quoted attribute.
  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }

  /// The redirect; or, with `PINGATE_DEBUG_REDIRECTS`, a page that tells the owner about it. That page is never 200, which would
  /// let the visitor pass, and never a redirect.
  func hop(to address: String, because judgement: Judgement) -> Response {
    guard settings.showsRedirects else { return Answer.redirect(to: address).response() }
    var reason = "good"
    if case .refused(let why) = judgement { reason = why.rawValue }
    return Self.text(.forbidden, words().text(.redirectShown, ("reason", reason), ("address", address)) + "\n")
  }

  // MARK: Where

  /// The address that the visitor asked for: from the owner's parameter, from what an authorizer or an Apache error document is
  /// told, or from behind `rd=` at the end of this path's own query.
  private static func wanted(by request: Request, _ question: Question) -> String {
    if let handedOver = request.parameters["PINGATE_RETURN"] { return handedOver }
    let address = request.parameters["REQUEST_URI"] ?? ""
    let path = address.prefix { $0 != "?" }
    guard question == .enter, isOwn(path, request) else { return address }
    let query = request.parameters["QUERY_STRING"] ?? String(address.dropFirst(path.count + 1))
    if query.hasPrefix("rd=") { return String(query.dropFirst(3)) }
    return query.firstRange(of: "&rd=").map { String(query[$0.upperBound...]) } ?? ""
  }

  /// Whether a path is the program's own, and not that of a page of the site that has the same name.
  private static func isOwn(_ path: Substring, _ request: Request) -> Bool {
    // Debian's fastcgi_params for nginx set this to 200, always; Apache sets it to the status of the error.
    guard let status = request.parameters["REDIRECT_STATUS"] else { return true }
    let rest = request.parameters["PATH_INFO"] ?? ""
    // A rewrite of the owner's leads here from an address that ends the same way.
    if status == "200", request.parameters["REDIRECT_URL"] != nil { return !rest.isEmpty && path.hasSuffix(rest) }
    let own = (request.parameters["SCRIPT_NAME"] ?? "") + rest
    return PercentEncoding.decode(path.utf8)?.elementsEqual(own.utf8) ?? false
  }

  /// The path of the first page: below the prefix, or below the program's path as the web server splits it off.
  func formPath(for request: Request) -> String {
    if prefix.isEmpty, request.parameters["PATH_INFO"] != nil, let program = request.parameters["SCRIPT_NAME"],
      program.hasPrefix("/"), !program.hasPrefix("//"),
      program.utf8.allSatisfy({ $0.isUnreserved || $0 == UInt8(ascii: "/") })
    {
      return program.hasSuffix("/") ? program : program + "/"
    }
    return prefix + "/"
  }

  /// Whether a target is the form, as far as one can tell.
  private static func isAt(_ form: String, _ target: String) -> Bool {
    let path = target.prefix { $0 != "?" }
    return path == form && (form != "/" || target.dropFirst(path.count).hasPrefix("?\(field)="))
  }

  // MARK: Local redirects

  /// The path in Apache's own internal redirect to the program, which nobody else can set.
  static func wantedByApache(_ request: Request) -> String? {
    request.parameters["REDIRECT_URL"].flatMap { $0.hasPrefix("/") ? $0 : nil }
  }

  /// Whether a catch-all rule led here from an address that ends with this path: then the visitor wrote that ending.
  static func isRewritten(_ request: Request) -> Bool {
    let rest = request.parameters["PATH_INFO"] ?? ""
    return !rest.isEmpty && wantedByApache(request)?.hasSuffix(rest) == true
  }

  /// Says yes by redirecting the web server, not the visitor, to what was asked for (RFC 3875, section 6.2.2).
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
