internal import Flow
internal import Pages
internal import Verification

/// The pages and files of a site, read and checked along with the settings that name them.
extension SiteSettings {
  static func pages(
    _ reader: inout SettingsReader, brand: Brand?, remembersFor life: Duration?, country: Country?,
    widget: ChallengeWidget?
  ) -> Pages? {
    do {
      // Without a valid brand, which was reported, the templates are still checked.
      return try Pages(
        brand: brand ?? Brand(), overrides: reader.optional(.pages), remembersFor: life, country: country,
        widget: widget)
    } catch {
      for problem in error.problems {
        reader.complain(.pages, "\(problem)")
      }
      return nil
    }
  }

  /// They are read when the site is made; here it is only told what is wrong with them.
  static func checkStaticFiles(_ reader: inout SettingsReader) {
    guard let folder = reader.optional(.www) else { return }
    do {
      try StaticFolder.check(folder)
    } catch {
      reader.complain(.www, "\(error)")
    }
  }
}
