import Gateway
import HTTPTypes
import Testing

@Test func `a page has the fields of its kind and each cookie in a field of its own`() {
  let answer = Answer.page(status: .ok, html: Array("<p>".utf8), fields: [.contentType: "text/html; charset=utf-8"])
  let response = answer.response(cookies: ["a=1; Path=/", "b=2, or three"])
  #expect(response.status == .ok && response.body == Array("<p>".utf8))
  #expect(response.fields[.contentType] == "text/html; charset=utf-8")
  #expect(response.fields[fields: .setCookie].map(\.value) == ["a=1; Path=/", "b=2, or three"])
}

@Test func `a redirection is to be asked for with GET, or for good`() {
  let response = Answer.redirect(to: "verify?x").response()
  #expect(response.status == .seeOther && response.fields[.location] == "verify?x" && response.body.isEmpty)
  #expect(response.fields[.cacheControl] == "no-store" && !response.fields.contains(.setCookie))
  #expect(Answer.redirect(to: "phone/", status: .permanentRedirect).response().status == .permanentRedirect)
}

@Test func `JSON and a status alone are not kept, and JSON is nothing else`() {
  let json = Answer.json(status: .unprocessableContent, Array("{}".utf8)).response()
  #expect(json.fields[.contentType] == "application/json" && json.fields[.xContentTypeOptions] == "nosniff")
  #expect(json.fields[.cacheControl] == "no-store" && json.body == Array("{}".utf8))
  for status in [HTTPResponse.Status.noContent, .unauthorized] {
    let response = Answer.empty(status: status).response(cookies: ["a="])
    #expect(response.status == status && response.body.isEmpty && response.fields[.setCookie] == "a=")
  }
}
