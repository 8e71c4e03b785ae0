internal import Curl

/// All of the owner's settings, checked: a value exists only if nothing is wrong with them.
struct Settings: Sendable {
  let process: ProcessSettings
  let site: SiteSettings

  /// - Throws: `SettingsProblems`, with everything that is wrong.
  init(_ source: SettingsSource) throws(SettingsProblems) {
    var reader = SettingsReader(source)
    let provider = ProviderSettings(&reader)
    let process = ProcessSettings(&reader, usesTLS: provider?.url.isSecure ?? true)
    let site = SiteSettings(&reader, provider: provider)
    // If the site cannot be made, this is all that is read of it.
    let admitted = site?.admitted ?? AdmittedSettings(&reader)
    Self.checkLocations(&reader, store: process?.store, admitted: admitted)
    guard reader.problems.isEmpty, let process, let site else { throw SettingsProblems(all: reader.problems) }
    self.process = process
    self.site = site
  }
}
