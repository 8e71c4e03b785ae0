internal import Flow
internal import HTTPTypes

/// A page of one variant: rendered once, and sent many times with other texts.
struct Page: Sendable {
  let compiled: CompiledPage
  /// The texts of the scripts that it has in itself.
  let scripts: [String]
  /// The header fields of each answer that it is.
  let fields: HTTPFields

  /// - Parameters:
  ///   - rendered: what the template engine made, with the markers of placeholders in it.
  ///   - widget: of a third party, that is in it.
  init(rendered: String, brand: Brand, widget: ChallengeWidget? = nil) {
    compiled = CompiledPage(rendered: rendered, fixed: [.brand: brand.name, .logo: brand.logoPath ?? ""])
    scripts = InlineScripts(in: rendered).texts
    fields = PageHeaders.fields(accentStyle: brand.accentStyle, scripts: scripts, origins: widget?.origins ?? [])
  }
}
