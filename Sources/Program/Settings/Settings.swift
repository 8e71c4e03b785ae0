internal import Curl

/// All that an owner decides, checked: it exists only when nothing is wrong with it.
struct Settings: Sendable {
  let process: ProcessSettings
  let site: SiteSettings

  /// - Throws: everything that is wrong, at once.
  init(_ source: SettingsSource) throws(SettingsProblems) {
    var reader = SettingsReader(source)
    let provider = ProviderSettings(&reader)
    let process = ProcessSettings(&reader, usesTLS: provider?.url.isSecure ?? true)
    let site = SiteSettings(&reader, provider: provider)
    // Where the site is not to be had this alone is read of it.
    let admitted = site?.admitted ?? AdmittedSettings(&reader)
    Self.checkLocations(&reader, store: process?.store, admitted: admitted)
    guard reader.problems.isEmpty, let process, let site else { throw SettingsProblems(all: reader.problems) }
    self.process = process
    self.site = site
  }
}
