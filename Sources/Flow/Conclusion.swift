package import Gateway
package import HTTPTypes
internal import Logging
internal import Tokens
internal import Verification

/// How a request ended: the outcome with its table row and arguments, from which the response is made.
///
/// `@unchecked Sendable`: it is confined to the task that answers the request; only `afterwards` ever changes.
package final class Conclusion: @unchecked Sendable {
  package let outcome: Outcome
  package let row: OutcomeRow
  package let arguments: OutcomeArguments
  /// The format of the response.
  package let representation: Representation
  /// The reference under which the log has a line about the request; empty if there is none, so that nobody looks for
  /// it.
  package let reference: String
  /// The relative URL of the first page, as seen from this page.
  package let basePath: String
  /// When the visitor may try again, if the row says so at all.
  package let wait: Duration?
  /// The route's methods, in the response to a request with a different one.
  package let allow: [HTTPRequest.Method]
  /// The `Set-Cookie` fields.
  package let cookies: [String]
  /// The URL at which the browser gets the page; nil if the page is the response.
  package let address: String?
  /// Where a verified visitor wanted to go; nil if unknown.
  package let destination: String?
  /// The query that passes the gate's ticket to the first page; empty without a ticket.
  package let entryQuery: String
  /// Whether the request was for a page's own URL.
  package let isView: Bool
  /// What remains to be done for the request once its response is on its way.
  package var afterwards: (@Sendable () async -> Void)?

  init(
    _ outcome: Outcome, _ row: OutcomeRow, _ context: RequestContext, reference: String, arguments: OutcomeArguments,
    wait: Duration?, allow: [HTTPRequest.Method], address: String?, entryQuery: String = ""
  ) {
    self.outcome = outcome
    self.row = row
    self.arguments = arguments
    representation = context.representation
    self.reference = reference
    basePath = context.basePath
    self.wait = wait
    self.allow = allow
    cookies = [context.newCookie, context.bondCookie].compactMap(\.self) + context.proofCookies
    self.address = address
    self.entryQuery = entryQuery
    destination = context.destination
    isView = context.isView
  }
}
