internal import Glibc
internal import Threads

/// A template's text, with what can be known about it before it is rendered.
struct TemplateSource: Sendable {
  let name: TemplateName
  let text: String
  /// Whether it comes from the owner's folder.
  let isEdited: Bool

  /// A template from the owner's folder; nil if the folder does not have it, and the program's own is used.
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

  /// The line in which a text first appears; the first line if it does not.
  func line(of text: String) -> Int {
    guard let range = self.text.firstRange(of: text) else { return 1 }
    return self.text[..<range.lowerBound].count { $0.isNewline } + 1
  }
}

extension PagesFailure.Problem: Error {}
