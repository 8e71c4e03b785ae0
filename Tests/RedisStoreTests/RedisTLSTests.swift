import CounterStoreContract
import Foundation
import Limits
import Support
import Testing

@testable import RedisStore

struct RedisTLSTests {
  private let folder: String
  private let server: RedisServer
  private let port: Int

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let request = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
      "/CN=localhost",
      "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder + "/key.pem", "-out",
      folder + "/cert.pem",
    ]
    try ChildProcess.run("/usr/bin/openssl", request)
    port = RedisServer.freePort()
    server = try RedisServer([
      "--tls-port", "\(port)", "--tls-cert-file", folder + "/cert.pem", "--tls-key-file", folder + "/key.pem",
      "--tls-auth-clients", "no", "--tls-ca-cert-file", folder + "/cert.pem",
    ])
  }

  private func code(_ address: String) async throws -> String? {
    let clock = ManualClock()
    let store = RedisStore(try RedisAddress(address)) { clock.now() }
    defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left behind in /tmp harms nobody
    var policy = LimitsPolicy(limits: [:])
    policy.sharesBudget = false
    do throws(StoreFailure) {
      // More than one TLS record both ways.
      for index in 0..<50 {
        let permit = try await store.reserve(policy.reservation(for: Keys.send(by: "\(index)")))
        guard case .permitted(let admitted) = permit.result else { return "not admitted" }
        _ = try await store.commit(admitted.reservation, answer: Array(repeating: 7, count: 4096), wasSent: true)
      }
      return nil
    } catch {
      return error.code
    }
  }

  @Test(arguments: ["localhost", "127.0.0.1"])
  func `a certificate for the name, by an authority that is trusted, is accepted`(_ host: String) async throws {
    #expect(try await code("rediss://\(host):\(port)?ca=\(folder)/cert.pem") == nil)
  }

  @Test
  func `a certificate for another name is refused`() async throws {
    #expect(try await code("rediss://[::ffff:127.0.0.1]:\(port)?ca=\(folder)/cert.pem") == "store.not_permitted")
  }

  @Test
  func `a certificate by an unknown authority is refused`() async throws {
    #expect(try await code("rediss://localhost:\(port)") == "store.not_permitted")
  }

  @Test
  func `a server that speaks no TLS, and one that speaks nothing else, are unavailable`() async throws {
    let plain = try RedisServer(port: RedisServer.freePort())
    #expect(try await code("rediss://localhost:\(plain.port)?ca=\(folder)/cert.pem") == "store.unavailable")
    #expect(try await code("redis://localhost:\(port)") == "store.unavailable")
  }
}
