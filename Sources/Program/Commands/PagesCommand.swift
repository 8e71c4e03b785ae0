internal import ArgumentParser
internal import Pages

/// The page templates.
struct PagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pages", abstract: "Work with the page templates.", subcommands: [Export.self])

  /// Writes the templates out.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the page templates into a folder, to be edited.",
      discussion: """
        Set PINGATE_PAGES to the folder afterwards. In its subfolder www are the files for your web server: the first \
        form, the style sheet, and the pages for what the server says by itself (404.html, 413.html, 429.html, and \
        busy.html for 502, 503 and 504). They have your brand (PINGATE_BRAND, PINGATE_LOGO, PINGATE_COLOR) as it is \
        set now: export them again, with --force, when you change it. Files that are there already are not overwritten without --force.
        """)

    @Argument(help: "The folder; it is made if it is missing, in one that is there.")
    var directory: String

    @Flag(help: "Overwrite files that are there already.")
    var force = false

    func run() throws {
      // The brand, the prefix and the country are all that is needed of the settings: others may be missing still. What is
      // there must be right.
      var reader = SettingsReader(SettingsSource.ofThisProcess())
      let (brand, prefix) = (SiteSettings.brand(&reader), SiteSettings.prefix(&reader))
      let pages = Pages(brand: brand ?? Brand(), country: SiteSettings.home(&reader))
      if let problems = reader.problems.isEmpty ? nil : SettingsProblems(all: reader.problems) {
        StandardError.print("\(problems)")
        throw ExitCode(ExitStatus.configuration)
      }
      for path in try pages.export(to: directory, prefix: prefix ?? "", replacing: force) {
        print(path)
      }
    }
  }
}
