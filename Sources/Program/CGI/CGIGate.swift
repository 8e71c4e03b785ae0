internal import FastCGI
internal import Gate
internal import Gateway
internal import HTTPTypes
internal import Logging
internal import Verification

/// The gate of a CGI program, which has an answer for each guarded file: made of the few settings that it needs, and
/// before anything else of a site is. No numbering plan, no store and no client is touched.
enum CGIGate {
  /// - Returns: nil for what is not the gate's to answer, and when a setting is wrong: then the site says so.
  static func response(_ source: SettingsSource) -> Response? {
    var reader = SettingsReader(source)
    let identity = SiteSettings.identity(&reader)
    guard let settings = SiteSettings.gate(&reader, identity: identity) else { return nil }
    let prefix = SiteSettings.prefix(&reader) ?? ""
    let (store, admitted) = (StoreLocation(&reader), AdmittedSettings(&reader))
    Settings.checkLocations(&reader, store: store, admitted: admitted)
    guard let keyring = SiteSettings.keyring(&reader), reader.problems.isEmpty else { return nil }
    let request = CGIProgram.request(of: source.environment)
    let log = Log.logger(level: .info)
    let gate = Gate(
      settings, keyring: keyring, site: identity, prefix: prefix,
      admitted: AdmittedFile.once(admitted, for: UserName(of: request), log: log), asksOnce: true,
      tell: GateLog(log).tell)
    guard var response = gate.answer(request, at: SiteContext.wallClock()) else { return nil }
    if request.method == .head { response.body = [] }
    return response
  }
}

/// An answer that was found before.
struct FoundResponse: Responder {
  let response: Response

  func respond(to request: consuming Request) async -> Response { response }
}
