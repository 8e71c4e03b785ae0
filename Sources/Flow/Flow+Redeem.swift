internal import Encoding
internal import Gateway
internal import HTTPTypes
internal import Limits
internal import Tokens

/// `POST redeem`: the site's own code asks what was proved, once per return token, presenting the secret that it shares
/// with PinGate.
extension Flow {
  /// The refusal that can be given without waiting; nil if the caller may redeem.
  func refusal(ofRedemption request: Request) -> Conclusion? {
    guard let secret = settings.redeemSecret else {
      return concluder.conclude(.notFound, RequestContext(.json))
    }
    guard let told = Self.bearerToken(of: request), secret.matches(told) else {
      return concluder.conclude(.redeemUnauthorized, RequestContext(.json))
    }
    return nil
  }

  /// Redeems the token. At most one caller ever learns what was proved: if that response is lost, it is not given
  /// again.
  func redeem(_ form: Form, _ context: RequestContext) async -> Conclusion {
    guard let token = form["token"].flatMap(returnTokens.open) else {
      return concluder.conclude(.returnTokenForeign, context)
    }
    guard !token.isOver(at: clock()) else { return concluder.conclude(.returnTokenExpired, context) }
    secureAnswer()
    do throws(StoreFailure) {
      let key = keys.returnToken(token.nonce)
      guard try await limiter.consume(key, rememberedFor: ReturnToken.rememberedLife) else {
        return concluder.conclude(.returnTokenUsed, context)
      }
    } catch {
      return storeFailed(error, context)
    }
    context.arguments.proof = token.proof
    return concluder.conclude(.redeemed, context)
  }

  /// The credentials in an `Authorization: Bearer` header (RFC 6750, section 2.1).
  private static func bearerToken(of request: Request) -> String? {
    guard let header = request.header(.authorization) else { return nil }
    let scheme = header.utf8.prefix(bearer.count)
    guard scheme.map(\.lowercased) == bearer else { return nil }
    let token = header.utf8.dropFirst(bearer.count).drop { $0 == UInt8(ascii: " ") }
    return token.isEmpty ? nil : String(Substring(token))
  }

  private static let bearer = Array("bearer ".utf8)
}
