public import Flow
internal import Gateway
internal import HTTPTypes
internal import Threads
public import Verification

/// The pages of a site: the owner's brand in the program's templates, or in edited copies of them.
///
/// The owner's templates are read, checked, and rendered here, once, so that a mistake is reported before the first visitor comes.
/// The program's own templates are known to be good, and each of their pages is rendered when it is first shown: a CGI program shows
/// only one.
public struct Pages: Sendable {
  let settings: PageSettings
  let sources: [TemplateSource]
  private let pages: [PageVariant: Deferred<Page>]

  var brand: Brand { settings.brand }
  /// What they say.
  var words: Catalog { settings.words }

  /// The program's own templates.
  public init(
    brand: Brand, remembersFor life: Duration? = nil, country: Country? = nil, widget: ChallengeWidget? = nil
  ) {
    self.init(PageSettings(brand: brand, remembersFor: life, country: country, widget: widget))
  }

  /// The program's own templates.
  init(_ settings: PageSettings) {
    self.init(settings, goodSources: TemplateName.allCases.map(TemplateSource.builtIn))
  }

  /// - Parameters:
  ///   - overrides: a folder with edited copies of some or all templates; nil for the program's own.
  ///   - life: how long visitors who ask for it are remembered; nil if that is not offered.
  ///   - country: the country of the example beside the field for the number.
  ///   - widget: the widget of the third party that is asked about strangers under attack; nil if there is none.
  /// - Throws: everything that is wrong with the templates, with file and line.
  public init(
    brand: Brand, overrides directory: String?, remembersFor life: Duration? = nil, country: Country? = nil,
    widget: ChallengeWidget? = nil
  ) throws(PagesFailure) {
    let settings = PageSettings(brand: brand, remembersFor: life, country: country, widget: widget)
    guard let directory else {
      self.init(settings)
      return
    }
    var sources: [TemplateSource] = []
    var problems: [PagesFailure.Problem] = []
    var found = 0
    for name in TemplateName.allCases {
      do {
        let own = try TemplateSource.read(name, in: directory)
        found += own == nil ? 0 : 1
        sources.append(own ?? .builtIn(name))
      } catch {
        problems.append(error)
      }
    }
    if found == 0, problems.isEmpty {
      let names = TemplateName.allCases.map(\.fileName).joined(separator: ", ")
      problems.append(PagesFailure.Problem(file: directory, line: nil, advice: "has none of the templates \(names)"))
    }
    problems += Self.mistakes(in: sources)
    guard problems.isEmpty else { throw PagesFailure(problems: problems) }
    try self.init(settings, sources: sources)
  }

  private init(_ settings: PageSettings, sources: [TemplateSource]) throws(PagesFailure) {
    let library = try Self.library(of: sources)
    var pages: [PageVariant: Deferred<Page>] = [:]
    var problems: [PagesFailure.Problem] = []
    for variant in PageVariant.all {
      let rendered = Self.rendered(variant, settings, library)
      pages[variant] = Deferred(
        made: Page(
          rendered: rendered, brand: settings.brand, widget: variant.widget(settings.widget)))
      for problem in Self.problems(of: rendered, variant, sources) where !problems.contains(problem) {
        problems.append(problem)
      }
    }
    guard problems.isEmpty else { throw PagesFailure(problems: problems) }
    self.settings = settings
    self.sources = sources
    self.pages = pages
  }

  /// - Parameter sources: the program's own templates, or others that were checked.
  private init(_ settings: PageSettings, goodSources sources: [TemplateSource]) {
    self.settings = settings
    self.sources = sources
    pages = Dictionary(
      uniqueKeysWithValues: PageVariant.all.map { variant in
        let page = Deferred {
          Page(
            rendered: Self.rendered(variant, settings, Self.library(ofGood: sources, for: variant)),
            brand: settings.brand, widget: variant.widget(settings.widget))
        }
        return (variant, page)
      })
  }

  func page(_ variant: PageVariant) -> Page {
    guard let page = pages[variant] else { preconditionFailure("\(variant) is not among the variants") }
    return page.value
  }

  /// These pages, for a web server that admits no style element: without the brand's color.
  var withoutColor: Pages {
    var settings = settings
    settings.brand = Brand(name: brand.name, logoPath: brand.logoPath)
    // The same templates were rendered with this brand before, and the lack of a color only leaves something out.
    return Pages(settings, goodSources: sources)
  }

  /// The first form, empty.
  var startPage: [UInt8] { page(.number(nil)).compiled.filled(with: textsOfFirstForm) }

  /// The first form, with the time at which it is shown.
  ///
  /// - Parameter shown: the time, sealed; empty for the part of the page that never changes.
  func timedStartPage(_ shown: String) -> [UInt8] {
    var texts = textsOfFirstForm
    texts[.shown] = shown
    return page(.number(nil, isTimed: true)).compiled.filled(with: texts)
  }

  private var textsOfFirstForm: PlaceholderTexts {
    var texts = PlaceholderTexts()
    texts[.title] = words.text(.numberTitle)
    texts[.home] = "./"
    texts[.referrerPolicy] = PageHeaders.referrerPolicy
    return texts
  }

  /// The first form for a visitor whom the gate sent.
  ///
  /// - Parameters:
  ///   - ticket: the gate's ticket, sealed.
  ///   - shown: the time at which it is shown, sealed; empty if that does not matter.
  func entryPage(_ ticket: String, lostForm: Bool, shown: String = "") -> Answer {
    var texts = textsOfFirstForm
    texts[.entry] = ticket
    texts[.shown] = shown
    texts[.message] = lostForm ? words.text(.lostForm) : ""
    let page = page(.entry(lostForm: lostForm))
    return .page(status: .ok, html: page.compiled.filled(with: texts), fields: page.fields)
  }

  var styleSheet: [UInt8] { PackageResources.style_css }

  // MARK: Reading and checking

  private static func library(of sources: [TemplateSource]) throws(PagesFailure) -> [String: Template] {
    var library: [String: Template] = [:]
    for source in sources {
      do {
        library[source.name.rawValue] = try Template(source.text)
      } catch {
        throw PagesFailure(problems: [source.problem("this is not a template: \(error.reason)", line: error.line)])
      }
    }
    return library
  }

  /// The templates that a page is made from. The program's own include the layout and nothing else.
  private static func library(ofGood sources: [TemplateSource], for variant: PageVariant) -> [String: Template] {
    let areEdited = sources.contains { $0.isEdited }
    do {
      return try library(of: sources.filter { areEdited || $0.name == .layout || $0.name == variant.template })
    } catch {
      preconditionFailure("the program’s own templates are broken: \(error)")
    }
  }

  private static func rendered(
    _ variant: PageVariant, _ settings: PageSettings, _ library: [String: Template]
  ) -> String {
    Template.rendered(variant.template.rawValue, variant.values(for: settings), in: library, settings.words)
  }

  /// The mistakes that can be seen without rendering.
  private static func mistakes(in sources: [TemplateSource]) -> [PagesFailure.Problem] {
    let tags = sources.map(TemplateTags.init)
    var includes: [TemplateName: [TemplateName: Int]] = [:]
    for (source, tags) in zip(sources, tags) { includes[source.name] = tags.includes }

    func reaches(_ name: TemplateName, _ end: TemplateName, _ seen: Set<TemplateName> = []) -> Bool {
      includes[name, default: [:]].keys.contains { next in
        next == end || !seen.contains(next) && reaches(next, end, seen.union([next]))
      }
    }
    let circles = sources.filter { reaches($0.name, $0.name) }.map { source in
      source.problem("this template includes itself", line: includes[source.name]?.values.min() ?? 1)
    }
    return tags.flatMap(\.problems) + circles
  }

  /// The mistakes that only the rendered page shows. If the page's template is the program's own, the layout is to blame.
  private static func problems(
    of rendered: String, _ variant: PageVariant, _ sources: [TemplateSource]
  ) -> [PagesFailure.Problem] {
    let source = sources.first { $0.name == variant.template && $0.isEdited } ?? sources.first { $0.name == .layout }
    return PageCheck.faults(of: rendered, variant: variant).compactMap { fault in
      guard let source else { return nil }
      let advice = source.name == variant.template ? fault.advice : "on the \(variant.template) page, \(fault.advice)"
      return source.problem(advice, line: source.line(of: fault.near))
    }
  }
}
