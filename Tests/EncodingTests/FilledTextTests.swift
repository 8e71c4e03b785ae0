import Encoding
import Testing

@Test(arguments: [
  ("Wait {wait}, then {wait}.", "{wait}", "5 s", "Wait 5 s, then 5 s."), ("{wait}", "{wait}", "", ""),
  ("{wait}{wait}", "{wait}", "{wait}!", "{wait}!{wait}!"), ("Wait {wai", "{wait}", "5 s", "Wait {wai"),
  ("{{wait}", "{wait}", "5 s", "{5 s"), ("Grüße an {owner} 🇦🇹", "{owner}", "Österreich", "Grüße an Österreich 🇦🇹"),
  ("aaa", "aa", "b", "ba"), ("", "{wait}", "5 s", ""), ("text", "", "5 s", "text"),
])
func `each occurrence of a part is filled in once, from the left`(
  text: String, part: String, with: String, filled: String
) {
  #expect(text.filling(part, with: with) == filled)
  #expect(text.hasPart(part) == (text != filled))
}
