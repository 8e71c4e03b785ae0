import Encoding
import Foundation
import Testing

@Test func `members stand in the order in which they were put`() {
  var inner = JSONWriter()
  inner.put("x", 1)
  var json = JSONWriter()
  json.put("b", "text")
  json.put("a", Int64.min)
  json.put("list", ["one", "two"])
  json.put("none", [String]())
  json.put("objects", [inner, JSONWriter()])
  let text = #"{"b":"text","a":-9223372036854775808,"list":["one","two"],"none":[],"objects":[{"x":1},{}]}"#
  #expect(String(decoding: json.bytes, as: UTF8.self) == text)
}

@Test func `truths and lists of texts are read as what they are, and other lists are not`() throws {
  let text = #"{"a":true,"b":false,"c":["x","y\u0041"],"d":[],"e":["x",1],"f":[["x"]],"g":null,"h":{"a":true}}"#
  let members = try JSONReader.members(["a", "b", "c", "d", "e", "f", "g", "h"], of: Array(text.utf8))
  #expect(
    members == [
      "a": .flag(true), "b": .flag(false), "c": .texts(["x", "yA"]), "d": .texts([]), "e": .other, "f": .other,
      "g": .other, "h": .other,
    ])
}

@Test func `every character comes out again, and none can end a script`() throws {
  let scalars = (0..<0x300).compactMap(UnicodeScalar.init) + ["\u{2028}", "\u{2029}", "\u{FFFF}", "\u{10FFFF}"]
  let value = String(String.UnicodeScalarView(scalars))
  var json = JSONWriter()
  json.put("value", value)
  #expect(try JSONReader.members(["value"], of: json.bytes) == ["value": .text(value)])
  let others = try JSONDecoder().decode([String: String].self, from: Data(json.bytes))
  #expect(others["value"].map { Array($0.utf8) } == Array(value.utf8))
  #expect(!json.bytes.contains { $0 < 0x20 || "<>&\u{7F}".utf8.contains($0) })
}
