/// One of the four calls of Verify v1 that the sandbox stands in for.
public enum Operation: String, Sendable, Hashable, CaseIterable {
  /// `/verify/json`: sends a code to a number.
  case start
  /// `/verify/check/json`: compares a code.
  case check
  /// `/verify/control/json`: cancels a request or triggers its next event.
  case control
  /// `/verify/search/json`: tells what became of requests.
  case search
}
