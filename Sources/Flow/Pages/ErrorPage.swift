/// What a web server in front has to say by itself, as a file in the site's own look.
enum ErrorPage: CaseIterable, Sendable {
  /// 404
  case notFound
  /// 413
  case tooLarge
  /// 429: for one address that asks too often, and not for a site that is busy.
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

  var words: Verdict.Words {
    switch self {
    case .notFound: Verdict(.notFound).words
    case .tooLarge: Verdict(.tooLarge).words
    case .limited:
      .page(
        .attention, title: "Too many requests from your connection",
        text: [
          "Many requests came from your connection in a short time, so we did not take this one. Wait a minute and "
            + "try again.",
          "Others on the same connection count as well.",
        ], action: .startAgain)
    case .busy:
      .page(
        .attention, title: "Not available right now",
        text: ["There were many requests at once, or a brief interruption. Wait a minute and try again."],
        action: .startAgain)
    }
  }

  /// The way to the site's first page. The server says all but "not found" at PinGate's own places, side by side with the
  /// first page; that is said at any depth, where only an absolute path leads home.
  func home(prefix: String) -> String {
    self == .notFound ? prefix + "/" : "./"
  }
}

extension Pages {
  func errorPage(_ errorPage: ErrorPage, prefix: String) -> [UInt8] {
    guard case .page(let tone, let title, let paragraphs, _) = errorPage.words else {
      preconditionFailure("an error page has no form")
    }
    var texts = HoleTexts()
    texts[.home] = errorPage.home(prefix: prefix)
    texts[.title] = title
    texts[.referrerPolicy] = PageHeaders.referrerPolicy
    texts[.firstParagraph] = paragraphs[0]
    texts[.secondParagraph] = paragraphs.count > 1 ? paragraphs[1] : ""
    texts[.actionLabel] = "Start again"
    texts[.actionHref] = errorPage.home(prefix: prefix)
    return page(.status(tone, paragraphs: paragraphs.count, hasReference: false)).skeleton.filled(with: texts)
  }
}
