/// The value of one parameter in a JSON body: Vonage's libraries send texts and whole numbers, and lists of texts.
enum JSONParameter: Decodable {
  case values([String])
  case illTyped

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // A failed attempt only says that the value has another type.
    if let text = try? container.decode(String.self) {
      self = .values([text])
    } else if let number = try? container.decode(Int.self) {
      self = .values([String(number)])
    } else if let texts = try? container.decode([String].self) {
      self = .values(texts)
    } else {
      self = .illTyped
    }
  }
}
