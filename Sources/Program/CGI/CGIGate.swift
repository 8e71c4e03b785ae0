internal import FastCGI
internal import Gate
internal import Gateway
internal import HTTPTypes
internal import Logging
internal import Pages
internal import Verification

/// The gate of a CGI program, which is asked for each guarded file. It is made from the few settings that it needs, before
/// anything else of a site is made, and touches no numbering plan, no store, no certificate, and no socket.
enum CGIGate {
  /// - Returns: nil if the request is not a question for the gate, or if a setting is wrong: then the site says so.
  static func response(_ source: SettingsSource) -> Response? {
    var reader = SettingsReader(source)
    let identity = SiteSettings.identity(&reader)
    guard let settings = SiteSettings.gate(&reader, identity: identity) else { return nil }
    let prefix = SiteSettings.prefix(&reader) ?? ""
    let (store, file) = (StoreLocation(&reader), AdmittedSettings(&reader, isRead: true))
    Settings.checkLocations(&reader, store: store, admitted: file)
    guard let keyring = SiteSettings.keyring(&reader), reader.problems.isEmpty else { return nil }
    let request = CGIProgram.request(of: source.environment)
    let log = Log.logger(level: .info)
    guard let admitted = try? AdmittedFile.once(file, for: UserName(of: request)) else { return nil }
    let gate = Gate(
      settings, keyring: keyring, site: identity, prefix: prefix,
      admitted: admitted, asksOnce: true, words: { .english }, tell: GateLog(log).tell)
    guard var response = gate.answer(request, at: SiteContext.wallClock()) else { return nil }
    if request.method == .head { response.body = [] }
    return response
  }
}

/// Responds with an answer that was found before.
struct FoundResponse: Responder {
  let response: Response

  func respond(to request: consuming Request) async -> Response { response }
}
