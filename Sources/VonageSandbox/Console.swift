internal import Gateway
internal import HTTPTypes

/// The sandbox's own side: what was sent, what was counted, and the controls.
struct Console: Sendable {
  private let desk: Desk
  private let prefix: String

  init(desk: Desk, prefix: String) {
    self.desk = desk
    self.prefix = prefix
  }

  func respond(to request: Request, _ route: Route) async -> Response {
    let methods = Self.methods(route)
    guard methods.contains(request.method) else {
      let allow = methods.map(\.rawValue).joined(separator: ", ")
      return .problem(.methodNotAllowed, detail: "Allowed here: \(allow).", adding: [.allow: allow])
    }
    if request.method == .post { return await post(request, route) }
    let response = await get(route)
    return request.method == .head ? response.withoutBody : response
  }

  private static func methods(_ route: Route) -> [HTTPRequest.Method] {
    switch route {
    case .reset: [.post]
    case .clock, .settings: [.get, .head, .post]
    // Whoever follows the redirection may do so with any of these.
    case .redirected: [.get, .head, .post]
    default: [.get, .head]
    }
  }

  private func get(_ route: Route) async -> Response {
    switch route {
    case .bare:
      // Relative: a web server may have mounted the prefix somewhere else for the browser.
      let name = prefix.split(separator: "/").last.map { "\($0)/" } ?? "./"
      return .json([], status: .permanentRedirect, adding: [.location: name])
    case .outbox: return .page(await desk.outboxPage().html)
    case .styleSheet: return .styleSheet(Array(OutboxStyle.css.utf8))
    case .messages: return .json(JSONText.bytes(of: await desk.messages()))
    case .statistics: return .json(JSONText.bytes(of: await desk.statistics()))
    case .clock: return .json(JSONText.bytes(of: await desk.clockReading()))
    case .settings: return .json(JSONText.bytes(of: await desk.settingsReading()))
    case .redirected: return await redirected()
    case .call, .balance, .reset: return .problem(.notFound, detail: "The sandbox has nothing here.")
    }
  }

  private func post(_ request: Request, _ route: Route) async -> Response {
    do {
      let parameters = try CallParameters(request)
      switch route {
      case .clock:
        let reading = JSONText.bytes(of: try await desk.advanceClock(parameters))
        guard Self.isBrowsersForm(request) else { return .json(reading) }
        return .json(reading, status: .seeOther, adding: [.location: "./"])
      case .settings: return .json(JSONText.bytes(of: try await desk.change(parameters)))
      case .reset:
        await desk.reset()
        return .json(JSONText.bytes(of: await desk.statistics()))
      default: return await redirected()
      }
    } catch let refusal as Refusal {
      return .problem(.unprocessableContent, detail: refusal.text)
    } catch let malformation as CallParameters.Malformation {
      return .malformed(malformation)
    } catch {
      return .problem(.internalServerError, detail: "Unexpected error.")
    }
  }

  private func redirected() async -> Response {
    await desk.countRedirect()
    return .json(JSONText.bytes(of: CallAnswer(requestID: String(repeating: "f", count: 32))))
  }

  /// The buttons of the outbox page lead back to it; a program wants to read the answer.
  private static func isBrowsersForm(_ request: Request) -> Bool {
    request.header(.accept)?.contains("text/html") == true
  }
}
