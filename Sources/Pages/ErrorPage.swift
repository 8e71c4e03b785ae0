internal import Flow

/// What the web server itself has to say, as a file in the site's own look.
enum ErrorPage: CaseIterable, Sendable {
  /// 404
  case notFound
  /// 413
  case tooLarge
  /// 429: one address asks too often; not for a site that is busy.
  case limited
  /// 502, 503 and 504
  case busy

  var fileName: String {
    switch self {
    case .notFound: "404.html"
    case .tooLarge: "413.html"
    case .limited: "429.html"
    case .busy: "busy.html"
    }
  }

  /// Its title, and one or two paragraphs.
  func texts(in words: Catalog) -> (title: String, paragraphs: [String]) {
    switch self {
    case .notFound: words.page(.notFound)
    case .tooLarge: words.page(.unreadableForm)
    case .limited: (words.text(.serverLimitedTitle), [words.text(.serverLimited), words.text(.serverLimitedMore)])
    case .busy: (words.text(.serverBusyTitle), [words.text(.serverBusy)])
    }
  }

  /// The address of the site's first page. "Not found" can appear at any depth, so it needs an absolute path; the others appear
  /// only at PinGate's own paths, next to the first page.
  func basePath(prefix: String) -> String {
    self == .notFound ? prefix + "/" : "./"
  }
}

extension Pages {
  func errorPage(_ errorPage: ErrorPage, prefix: String) -> [UInt8] {
    let (title, paragraphs) = errorPage.texts(in: words)
    var texts = PlaceholderTexts()
    texts[.home] = errorPage.basePath(prefix: prefix)
    texts[.title] = title
    texts[.referrerPolicy] = PageHeaders.referrerPolicy
    texts[.firstParagraph] = paragraphs[0]
    texts[.secondParagraph] = paragraphs.count > 1 ? paragraphs[1] : ""
    texts[.actionLabel] = words.text(.startAgain)
    texts[.actionHref] = errorPage.basePath(prefix: prefix)
    return page(.status(.attention, paragraphs: paragraphs.count, hasReference: false)).compiled.filled(with: texts)
  }
}
