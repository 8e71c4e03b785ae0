internal import Glibc
internal import Threads

/// One template's text, with what can be said about it before it is rendered.
struct TemplateSource: Sendable {
  let name: TemplateName
  let text: String
  /// Whether it comes from the owner's folder.
  let isEdited: Bool

  /// A template of the folder; nil when the folder does not have this one, so that the program's own stands in.
  static func read(_ name: TemplateName, in directory: String) throws(PagesFailure.Problem) -> TemplateSource? {
    let text: String
    do {
      text = try SmallFile(path: directory + "/" + name.fileName, limit: longest).text()
    } catch  where error.code == ENOENT {
      return nil
    } catch {
      let advice = error.line != nil ? error.reason : "cannot be read (\(error))"
      throw PagesFailure.Problem(file: name.fileName, line: error.line, advice: advice)
    }
    return TemplateSource(name: name, text: text, isEdited: true)
  }

  private static let longest = 1_048_576

  static func builtIn(_ name: TemplateName) -> TemplateSource {
    TemplateSource(name: name, text: String(decoding: name.builtIn, as: UTF8.self), isEdited: false)
  }

  func problem(_ advice: String, line: Int) -> PagesFailure.Problem {
    PagesFailure.Problem(file: name.fileName, line: line, advice: advice)
  }

  /// Where a text stands first, or the first line when it does not.
  func line(of text: String) -> Int {
    guard let range = self.text.firstRange(of: text) else { return 1 }
    return self.text[..<range.lowerBound].count { $0.isNewline } + 1
  }
}

extension PagesFailure.Problem: Error {}
