public import Gateway
public import Verification

extension UserName {
  /// The name that the web server has checked a password for (`REMOTE_USER`, RFC 3875, section 4.1.11); behind an internal
  /// redirect, Apache prefixes the parameter's name. No client can set either one.
  public init?(of request: Request) {
    guard let text = request.parameters["REMOTE_USER"] ?? request.parameters["REDIRECT_REMOTE_USER"] else { return nil }
    self.init(text)
  }
}
