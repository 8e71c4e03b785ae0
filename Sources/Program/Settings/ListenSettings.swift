internal import FastCGI
internal import Threads

/// Where PinGate listens and how much it takes on. It is needed even if all other settings are wrong, to tell visitors so.
struct ListenSettings: Sendable, Equatable {
  /// Nil if whoever starts the program hands the socket over.
  let address: ListenAddress?
  /// A second socket, which answers nothing but an authorizer's question; nil for none.
  let authorizerAddress: ListenAddress?
  let socketMode: UInt32
  let socketGroup: String?
  /// How many threads share the web servers' connections.
  let threads: Int
  let requestsInFlight: Int

  static let threadsRange = 1...64
  static let requestsInFlightRange = 1...100_000

  init(_ reader: inout SettingsReader) {
    address = Self.address(.listen, &reader)
    authorizerAddress = Self.address(.authorizerListen, &reader)
    socketMode =
      reader.optional(.socketMode, "an octal number like 0660, without the last digit's rights for everybody") {
        UInt32($0, radix: 8).flatMap { $0 & ~0o770 == 0 ? $0 : nil }
      } ?? 0o660
    socketGroup = reader.optional(.socketGroup)
    threads = reader.number(.threads, in: Self.threadsRange) ?? min(Processors.available ?? 1, Self.mostByDefault)
    requestsInFlight = reader.number(.requestsInFlight, in: Self.requestsInFlightRange) ?? 10_000
  }

  /// More than most sites need, and each costs memory.
  private static let mostByDefault = 4

  private static func address(_ name: SettingName, _ reader: inout SettingsReader) -> ListenAddress? {
    guard let text = reader.optional(name) else { return nil }
    do {
      return try ListenAddress(text)
    } catch {
      reader.complain(name, "\(error)")
      return nil
    }
  }
}
