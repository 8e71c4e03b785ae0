internal import CGlibc

/// The words that the process was started with, behind its name.
enum ProcessArguments {
  static let atStart: [String] = {
    var words: [String] = []
    var next = unsafe pingate_arguments()
    while let word = unsafe next?.pointee {
      unsafe words.append(String(cString: word))
      unsafe next = next?.successor()
    }
    return Array(words.dropFirst())
  }()
}
