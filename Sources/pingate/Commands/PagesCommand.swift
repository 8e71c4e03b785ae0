internal import ArgumentParser
internal import Site

/// The page templates.
struct PagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pages", abstract: "Work with the page templates.", subcommands: [Export.self])

  /// Writes the templates out.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the page templates into a folder, to be edited.",
      discussion: """
        Set PINGATE_PAGES to the folder afterwards. In its subfolder www are the first form and the style sheet in your \
        brand (VONAGE_BRAND_NAME, PINGATE_LOGO, PINGATE_COLOUR), for your web server. Files that are there already are not overwritten without --force.
        """)

    @Argument(help: "The folder; it is made if it is missing, in one that is there.")
    var directory: String

    @Flag(help: "Overwrite files that are there already.")
    var force = false

    func run() throws {
      // The brand is all that is needed of the settings: others may be missing still. What is there must be right.
      var reader = SettingsReader(SettingsSource.ofThisProcess())
      let brand = Settings.brand(&reader)
      if let problems = reader.problems.isEmpty ? nil : SettingsProblems(all: reader.problems) {
        StandardError.print("\(problems)")
        throw ExitCode(ExitStatus.configuration)
      }
      for path in try Pages(brand: brand ?? Brand()).export(to: directory, replacing: force) {
        print(path)
      }
    }
  }
}
