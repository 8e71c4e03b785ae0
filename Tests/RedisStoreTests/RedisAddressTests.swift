import HostNames
import Limits
import Testing

@testable import RedisStore

struct RedisAddressTests {
  @Test
  func `an address names host, port, database, user and password`() throws {
    let address = try RedisAddress("redis://anna:p%40ss@db.example:6380/7?prefix=shop")
    #expect(address.location == .host("db.example", port: 6380))
    #expect((address.user, address.password) == ("anna", "p@ss"))
    #expect((address.database, address.prefix, address.usesTLS, address.confirmations) == (7, "shop", false, 0))
    #expect(try RedisAddress("rediss://[::1]").location == .host("::1", port: 6379))
    #expect(try RedisAddress("rediss://[::1]:1").usesTLS)
    #expect(try RedisAddress("redis://secret@h").password == "secret")
    #expect(try RedisAddress("redis://:secret@h").password == "secret")
  }

  @Test
  func `an address names a socket or sentinels`() throws {
    #expect(try RedisAddress("unix:/run/redis/redis.sock").location == .socket("/run/redis/redis.sock"))
    #expect(try RedisAddress("redis+unix:///run/r.sock?db=2").database == 2)
    let sentinels = try RedisAddress("redis+sentinel://:word@a:1,b,c:3/mymaster/4?confirm=2&sentinel-password=x")
    #expect(
      sentinels.location
        == .sentinels(
          [.init(name: "a", port: 1), .init(name: "b", port: 26_379), .init(name: "c", port: 3)], name: "mymaster"))
    #expect((sentinels.database, sentinels.confirmations, sentinels.sentinelPassword) == (4, 2, "x"))
    #expect(try RedisAddress("redis+sentinel://a/m").confirmations == 1)
  }

  @Test(arguments: [
    "", "redis", "http://h", "redis://h:0", "redis://h:65536", "redis://h:x", "redis://h/65536", "redis://h/x",
    "unix:r",
    "redis+sentinel://a", "redis+sentinel:///m", "redis://h?what=1", "redis://h?db", "redis://h?prefix=",
    "redis://h?prefix={a}",
    "redis://%4", "redis://%00", "redis://h?confirm=17", "redis://h%+5", "redis://h:+6379", "redis://h/+7",
    "redis://h?database=+7",
    "redis://h?confirm=+1", "redis+sentinel://a:+1/m", "redis+sentinel://a/m/+7",
  ])
  func `an address that cannot be read is refused`(_ text: String) {
    #expect(throws: StoreFailure.self) { try RedisAddress(text) }
  }

  @Test
  func `an address never shows its password`() throws {
    let address = try RedisAddress("redis://anna:hidden@h/1?sentinel-password=hidden")
    var dumped = ""
    dump(address, to: &dumped)
    for text in ["\(address)", String(reflecting: address), dumped] { #expect(!text.contains("hidden")) }
  }
}
