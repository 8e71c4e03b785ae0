package import Gateway
package import HTTPTypes
internal import Logging
internal import Tokens
internal import Verification

/// How one request ended: the outcome with its row of the table and its arguments, for whoever makes an answer of it.
///
/// `@unchecked Sendable`: it belongs to the task that answers the request; all but `afterwards` stays as it is.
package final class Conclusion: @unchecked Sendable {
  package let outcome: Outcome
  package let row: OutcomeRow
  package let arguments: OutcomeArguments
  /// In which form the answer is wanted.
  package let representation: Representation
  /// The name under which the log has a line about it; empty where it has none, so that nobody asks for it.
  package let reference: String
  /// The way from this page to the site's first one, as a relative address.
  package let basePath: String
  /// When the visitor may try again, where the row says that at all.
  package let wait: Duration?
  /// The methods that the route has, in the answer to one that it has not.
  package let allow: [HTTPRequest.Method]
  /// The `Set-Cookie` fields.
  package let cookies: [String]
  /// Where the browser asks for the page; nil where it is answered at once.
  package let address: String?
  /// Where a verified visitor wanted to go; nil where that is not known.
  package let destination: String?
  /// The query with which the first page goes on from here; empty without a ticket.
  package let entryQuery: String
  /// Whether it is a page's own address that was asked for.
  package let isView: Bool
  /// What is still to be done for the request once its answer is on its way.
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
