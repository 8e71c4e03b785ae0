internal import Flow
internal import HTTPTypes

/// A page of one variant: rendered once, and sent many times with different texts.
struct Page: Sendable {
  let compiled: CompiledPage
  /// The texts of its inline scripts.
  let scripts: [String]
  /// The header fields of every answer with this page.
  let fields: HTTPFields

  /// - Parameters:
  ///   - rendered: the rendered template, with the markers of placeholders in it.
  ///   - widget: the third party's widget in it, if there is one.
  init(rendered: String, brand: Brand, widget: ChallengeWidget? = nil) {
    compiled = CompiledPage(rendered: rendered, fixed: [.brand: brand.name, .logo: brand.logoPath ?? ""])
    scripts = InlineScripts(in: rendered).texts
    fields = PageHeaders.fields(accentStyle: brand.accentStyle, scripts: scripts, origins: widget?.origins ?? [])
  }
}
