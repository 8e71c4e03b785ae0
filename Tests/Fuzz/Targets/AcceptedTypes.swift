internal import Gateway

extension FuzzTarget {
  /// `Accept`: JSON is given to those who name it, or its kind, or refuse pages, and to nobody who names pages as gladly.
  static let acceptedTypes = FuzzTarget(name: "accepted-types") { input in
    guard wanted(input.text) == .json else { return }
    let text = input.text.lowercased()
    let namesJSON = text.contains("application/json") || text.contains("application/*")
    try require(namesJSON || text.contains("text/") && text.contains("*/*"), "\(text) asks for no JSON")
    try require(wanted("text/html, " + input.text) == .html, "a page is wanted as gladly")
  }

  private static func wanted(_ accept: String) -> Representation {
    Representation(wantedBy: Request(parameters: ["HTTP_ACCEPT": accept], body: .bytes([])))
  }
}
