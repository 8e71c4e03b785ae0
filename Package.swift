// swift-tools-version: 6.2
import PackageDescription

/// The strictest settings that every target of PinGate is built with. Warnings become errors in continuous integration
/// only (see the Makefile), so that a newer compiler never breaks a user's build.
var strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Where libFuzzer is, when fuzz targets are built (scripts/fuzz): then all of PinGate tells which of its code an input
/// reaches.
let fuzzer = Context.environment["PINGATE_FUZZER"]
if fuzzer != nil { strict.append(.unsafeFlags(["-sanitize=fuzzer"])) }

/// For tests that run a part in a process of its own: what `#expect(processExitsWith:)` is expanded to is not marked.
let withExitTests: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

/// libphonenumber and what it is made of, linked statically: a server needs none of them, and a CGI program starts
/// sooner. Its regular expressions are PCRE2's (`RegularExpressions.cpp`). The names are those of Debian 12. With
/// `PINGATE_SHARED` in the environment the library is taken as it is shared, with the expressions that it was built with.
let phoneNumberLibraries =
  Context.environment["PINGATE_SHARED"] != nil
  ? ["phonenumber", "pcre2-8"]
  : [
    "phonenumber", "protobuf-lite", "icuuc", "pcre2-8", "absl_raw_hash_set", "absl_hash", "absl_city",
    "absl_low_level_hash", "absl_strings", "absl_strings_internal", "absl_throw_delegate",
    "absl_raw_logging_internal", "absl_int128", "absl_base",
  ].map { ":lib\($0).a" } + ["m"]

let package = Package(
  name: "pingate",
  products: [
    .executable(name: "pingate", targets: ["pingate"]),
    .executable(name: "vonage-sandbox", targets: ["vonage-sandbox"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
  ],
  targets: [
    // The only doors to C. Without pkg-config, which would name the folder of the shared libraries first: `make build`
    // links static ones.
    .systemLibrary(name: "CFastCGI", providers: [.apt(["libfcgi-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev", "libssl-dev"])]),
    .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev", "libssl-dev"])]),
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CGlibc"),
    .target(
      name: "CPhoneNumber",
      // The numbering plan: Metadata.cpp has it inside.
      exclude: ["Metadata.bin"],
      linkerSettings: phoneNumberLibraries.map { .linkedLibrary($0) }),

    // Bytes and texts: one way each.
    .target(name: "Encoding", swiftSettings: strict),

    // The subject; what is counted of it, and what one transaction of a store does; and one CGI exchange as values.
    .target(name: "Verification", swiftSettings: strict),
    .target(name: "Limits", dependencies: ["Encoding", "Verification"], swiftSettings: strict),
    .target(name: "LimitEngine", dependencies: ["Limits", "Verification", deque], swiftSettings: strict),
    .target(name: "Gateway", dependencies: ["Encoding", httpTypes], swiftSettings: strict),

    // Threads and locks for the adapters, and names of hosts for those that connect to them.
    .target(name: "Threads", dependencies: ["CGlibc", deque], swiftSettings: strict),
    .target(name: "HostNames", dependencies: ["CGlibc", "Threads"], swiftSettings: strict),

    // The adapters: the web server in front, and the provider behind.
    .target(
      name: "FastCGI", dependencies: ["CFastCGI", "Encoding", "Gateway", "Threads", deque, httpTypes],
      swiftSettings: strict),
    .target(name: "Curl", dependencies: ["CCurl", "Encoding", "HostNames", "Threads", deque], swiftSettings: strict),
    .target(name: "VonageV1", dependencies: ["Curl", "Encoding", "Verification"], swiftSettings: strict),

    // The adapters: what numbers are, and where is counted.
    .target(name: "LibPhoneNumber", dependencies: ["CPhoneNumber", "Verification"], swiftSettings: strict),
    .target(name: "MachineClock", dependencies: ["LimitEngine"], swiftSettings: strict),
    .target(
      name: "SQLiteStore",
      dependencies: ["CSQLite", "LimitEngine", "Limits", "Threads", "Verification"],
      swiftSettings: strict),
    .target(
      name: "RedisStore",
      dependencies: [
        "CHiredis", "Encoding", "HostNames", "LimitEngine", "Limits", "Threads", "Verification",
      ],
      swiftSettings: strict),

    // What is sealed, and the names under which is counted: the cryptography.
    .target(name: "Tokens", dependencies: ["Encoding", "Limits", "Verification", crypto], swiftSettings: strict),

    // Who may pass.
    .target(
      name: "Gate",
      dependencies: ["Encoding", "Gateway", "Threads", "Tokens", "Verification", crypto, httpTypes],
      swiftSettings: strict),

    // The routes, the forms and what comes of them.
    .target(
      name: "Flow",
      dependencies: ["Encoding", "Gate", "Gateway", "Limits", "Threads", "Tokens", "Verification", httpTypes, logging],
      swiftSettings: strict),

    // The words, and what is made of them.
    .target(
      name: "Pages",
      dependencies: [
        "Encoding", "Flow", "Gate", "Gateway", "Threads", "Tokens", "Verification", httpTypes, logging,
      ],
      // The templates and the style sheet: inside the program, which is one file to upload.
      resources: [.embedInCode("Resources")],
      swiftSettings: strict),

    // The program: a library, so that tests and benchmarks need no second copy of it.
    .executableTarget(name: "pingate", dependencies: ["Program"], swiftSettings: strict),
    .target(
      name: "Program",
      dependencies: [
        "CGlibc", "Curl", "Encoding", "FastCGI", "Flow", "Gate", "Gateway", "HostNames", "LibPhoneNumber",
        "LimitEngine",
        "Limits", "MachineClock", "Pages", "RedisStore", "SQLiteStore", "Threads", "Tokens", "Verification", "VonageV1",
        argumentParser, crypto, deque, httpTypes, logging,
      ],
      swiftSettings: strict),

    // The stand-in for the provider: the demo's and the tests'.
    .target(name: "VonageSandbox", dependencies: ["Encoding", "Gateway", httpTypes], swiftSettings: strict),
    .executableTarget(
      name: "vonage-sandbox", dependencies: ["FastCGI", "Gateway", "VonageSandbox"], swiftSettings: strict),

    // What tests are made with: what they share, a web server's side of FastCGI, and a provider's of HTTP.
    .target(
      name: "Support", dependencies: ["Encoding", "Threads", "Tokens", crypto], path: "Tests/Support",
      swiftSettings: strict),
    .target(name: "FastCGIClient", dependencies: ["Threads"], path: "Tests/FastCGIClient", swiftSettings: strict),
    .target(
      name: "HTTPFixture", dependencies: ["Support", "Threads"], path: "Tests/HTTPFixture", swiftSettings: strict),
    .executableTarget(
      name: "in-process-door", dependencies: ["Gateway", "Program"], path: "Tests/InProcessDoor", swiftSettings: strict),
    .target(
      name: "CounterStoreContract", dependencies: ["LimitEngine", "Limits", "Support", "Threads", "Verification"],
      path: "Tests/CounterStoreContract",
      swiftSettings: strict),
    .executableTarget(
      name: "store-worker",
      dependencies: [
        "CounterStoreContract", "LimitEngine", "Limits", "MachineClock", "RedisStore", "SQLiteStore", "Verification",
      ],
      path: "Tests/StoreWorker", swiftSettings: strict),
    .target(
      name: "LimitSimulation", dependencies: ["LimitEngine", "Limits", "Support"], path: "Tests/LimitSimulation",
      swiftSettings: strict),
    .executableTarget(
      name: "simulate", dependencies: ["LimitSimulation"], path: "Tests/Simulate", swiftSettings: strict),
    .executableTarget(
      name: "attacked-site", dependencies: ["CounterStoreContract", "MachineClock", "Program"],
      path: "Tests/AttackedSite", swiftSettings: strict),
    .executableTarget(
      name: "visitor-swarm", dependencies: ["Threads"], path: "Tests/VisitorSwarm", swiftSettings: strict),
    .executableTarget(
      name: "number-verdicts", dependencies: ["LibPhoneNumber", "Verification"],
      path: "Tests/Differential/NumberVerdicts", swiftSettings: strict),

    // The parsers of foreign bytes, and what holds for each whatever it gets.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Curl", "Encoding", "FastCGI", "FastCGIClient", "Flow", "Gate", "Gateway", "LibPhoneNumber", "LimitEngine",
        "Limits",
        "Program", "Tokens", "Verification", "VonageV1", crypto, httpTypes,
      ],
      path: "Tests/Fuzz/Targets", swiftSettings: strict),

    // What benchmarks are made with: a store's visitors, and the program without limits.
    .executableTarget(
      name: "store-load",
      dependencies: ["LimitEngine", "Limits", "MachineClock", "RedisStore", "SQLiteStore", "Verification"],
      path: "Benchmarks/StoreLoad", swiftSettings: strict),
    .executableTarget(
      name: "gate-timing", dependencies: ["Tokens", "Verification", crypto], path: "Benchmarks/GateTiming",
      swiftSettings: strict),
    .executableTarget(
      name: "unlimited", dependencies: ["Limits", "Program"], path: "Benchmarks/Unlimited", swiftSettings: strict),

    .testTarget(name: "EncodingTests", dependencies: ["Encoding"], swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "Support"], swiftSettings: strict),
    .testTarget(
      name: "VerificationTests", dependencies: ["Verification"], swiftSettings: strict),
    .testTarget(name: "GatewayTests", dependencies: ["Gateway", "Support", httpTypes], swiftSettings: strict),
    .testTarget(
      name: "FastCGITests",
      dependencies: ["CFastCGI", "FastCGI", "FastCGIClient", "Gateway", "Support", "Threads", httpTypes],
      swiftSettings: strict),
    .testTarget(name: "ThreadsTests", dependencies: ["Support", "Threads"], swiftSettings: withExitTests),
    .testTarget(name: "HostNamesTests", dependencies: ["HostNames"], swiftSettings: strict),
    .testTarget(name: "CurlTests", dependencies: ["Curl", "HTTPFixture", "HostNames"], swiftSettings: withExitTests),
    .testTarget(
      name: "VonageV1Tests", dependencies: ["Curl", "HTTPFixture", "Threads", "Verification", "VonageV1"],
      swiftSettings: strict),
    .testTarget(
      name: "TokensTests",
      dependencies: ["Encoding", "Gateway", "Limits", "Support", "Tokens", "Verification", crypto],
      swiftSettings: strict),
    .testTarget(
      name: "GateTests",
      dependencies: ["Encoding", "Gate", "Gateway", "Threads", "Tokens", "Verification", crypto, httpTypes],
      swiftSettings: strict),
    .testTarget(name: "PagesTests", dependencies: ["Flow", "Gate", "Pages", "Verification"], swiftSettings: strict),
    .testTarget(
      name: "FlowTests",
      dependencies: [
        "CounterStoreContract", "Encoding", "Flow", "Gate", "Gateway", "LibPhoneNumber", "LimitEngine", "Limits",
        "Pages",
        "SQLiteStore", "Support", "Threads", "Tokens", "Verification", crypto, httpTypes, logging,
      ],
      exclude: ["outcomes.txt"], swiftSettings: strict),
    .testTarget(
      name: "ProgramTests",
      dependencies: [
        "CounterStoreContract", "Curl", "FastCGI", "Flow", "Gate", "Gateway", "HTTPFixture", "LibPhoneNumber",
        "LimitEngine", "Limits",
        "pingate",
        "Pages", "Program", "RedisStore", "SQLiteStore", "Support", "Threads", "Tokens", "Verification", "VonageV1",
        crypto, httpTypes, logging,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LibPhoneNumberTests", dependencies: ["CPhoneNumber", "LibPhoneNumber", "Verification"],
      swiftSettings: strict),
    .testTarget(
      name: "LimitsTests",
      dependencies: ["CounterStoreContract", "LimitEngine", "LimitSimulation", "Limits", "Support", "Verification"],
      swiftSettings: strict),
    .testTarget(
      name: "SQLiteStoreTests",
      dependencies: [
        "CounterStoreContract", "LimitEngine", "Limits", "MachineClock", "SQLiteStore", "Support", "Threads",
        "Verification", "store-worker",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RedisStoreTests",
      dependencies: [
        "CounterStoreContract", "Encoding", "HostNames", "LimitEngine", "Limits", "MachineClock", "RedisStore",
        "Support", "Threads", "Verification", "store-worker",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "VonageSandboxTests",
      dependencies: ["Encoding", "FastCGI", "Gateway", "Threads", "VonageSandbox", "vonage-sandbox", httpTypes],
      swiftSettings: strict),
  ]
)

// Only then: it does not link without.
if let fuzzer {
  package.products.append(.executable(name: "fuzz", targets: ["fuzz"]))
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["CFuzzer", "FuzzTargets"], path: "Tests/Fuzz/Driver", swiftSettings: strict,
      linkerSettings: [.unsafeFlags([fuzzer]), .linkedLibrary("stdc++")]),
  ]
}

// Some test targets and what they need, for builds that are made of these alone (scripts/sanitize): everything under a
// sanitizer takes five minutes.
if let modules = Context.environment["PINGATE_MODULES"]?.split(separator: " ").map(String.init) {
  var needed: Set<String> = []
  var open = modules
  while let name = open.popLast() {
    guard let target = package.targets.first(where: { $0.name == name }), needed.insert(name).inserted else { continue }
    open += target.dependencies.compactMap { dependency in
      switch dependency {
      case .byNameItem(let name, _), .targetItem(let name, _): name
      default: nil
      }
    }
  }
  package.targets.removeAll { !needed.contains($0.name) }
  package.products = []
}
