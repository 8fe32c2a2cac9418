// swift-tools-version: 6.0
import PackageDescription

// Warnings are errors in continuous integration only: a newer compiler must not break anybody's build.
let strict = Context.environment["CARAVAN_WARNINGS_AS_ERRORS"] == "1"
let settings: [SwiftSetting] =
  [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
  + (strict ? [.unsafeFlags(["-warnings-as-errors"])] : [])

// Every dependency with its reason.
let dependencies: [Package.Dependency] = [
  // Event loops, sockets and the HTTP/1.1 parser.
  .package(url: "https://github.com/apple/swift-nio.git", from: "2.65.0"),
  // The command line and its --help.
  .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.4.0"),
  // The logging interface that every Swift server library speaks.
  .package(url: "https://github.com/apple/swift-log.git", from: "1.5.4"),
  // Ed25519 signatures and SHA-2 (BoringSSL).
  .package(url: "https://github.com/apple/swift-crypto.git", "3.0.0"..<"5.0.0"),
  // Deque and heap.
  .package(url: "https://github.com/apple/swift-collections.git", from: "1.1.3"),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nio: [Target.Dependency] = [
  nioCore,
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
]
let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
/// RS256 for Google's tokens.
let cryptoExtras: Target.Dependency = .product(name: "_CryptoExtras", package: "swift-crypto")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// A module of ours, and a test target of the same name where `tested` says so.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

let package = Package(
  name: "caravan",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "caravan", targets: ["Caravan"]),
    .library(name: "AuthValidator", targets: ["AuthValidator", "AuthValidatorRemote"]),
  ],
  dependencies: dependencies,
  targets: [
    // C libraries of the system.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    // Unpacks gzipped traces.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // Pure: no clock, no await, no IO.
    module("ChatDomain", [crypto]),
    module("Aggregation", ["ChatDomain", deque, heap]),
    module("Billing", ["ChatDomain", "Aggregation", deque]),

    // Shared foundations.
    module("Metrics"),
    module("AuthValidator", [crypto]),
    module("AuthValidatorRemote", ["AuthValidator"]),
    module("HTTPServer", nio + [log, "Metrics"]),
    module("SQLiteEngine", ["CSQLite", "ChatDomain", deque]),

    // Adapters.
    module("UserStoreSQLite", ["ChatDomain", "SQLiteEngine"]),
    module(
      "ChatStoreSQLite", ["ChatDomain", "Billing", "SQLiteEngine"],
      resources: [.embedInCode("Migrations/m001_chats.sql"), .embedInCode("Migrations/m002_push.sql")]),
    module("MessageLogEmbedded", ["ChatDomain"]),
    module("PushStream", [nioCore, "ChatDomain", "HTTPServer", "Metrics"]),
    module("PushFirestore", ["ChatDomain", "Aggregation", "Metrics", log, crypto, cryptoExtras, deque, heap]),

    // Roles.
    module("AuthService", ["ChatDomain", "AuthValidator", "HTTPServer", "CSodium", "Metrics", crypto, log, deque]),
    module("ChatService", ["ChatDomain", "HTTPServer", "Metrics"]),
    module("PushService", ["ChatDomain", "Aggregation", "HTTPServer", "Metrics", log, deque]),
    module("BillingService", ["ChatDomain", "Aggregation", "Billing", "HTTPServer", "Metrics", log]),

    // Load tools.
    module("LoadClient", nio + ["ChatDomain"]),
    module("Traces", ["CZlib"]),
    module("Replay", nio + ["ChatDomain", "Traces", "LoadClient", arguments]),
    .target(
      name: "BenchSupport",
      dependencies: nio + [
        "ChatDomain", "LoadClient", "SQLiteEngine", "UserStoreSQLite", "ChatStoreSQLite", "AuthService",
      ],
      path: "Benchmarks/Support", swiftSettings: settings),
    .executableTarget(
      name: "caravan-bench",
      dependencies: nio + ["BenchSupport", "LoadClient", "ChatDomain", "Aggregation", "Metrics", arguments],
      path: "Benchmarks/CaravanBench", swiftSettings: settings),
    .executableTarget(
      name: "caravan-crash",
      dependencies: nio + ["BenchSupport", "LoadClient", "ChatDomain", arguments],
      path: "Benchmarks/CrashTest", swiftSettings: settings),

    .executableTarget(
      name: "Caravan",
      dependencies: nio + [
        "ChatDomain", "Aggregation", "Billing", "Metrics", "HTTPServer", "SQLiteEngine", "UserStoreSQLite",
        "ChatStoreSQLite", "MessageLogEmbedded", "PushStream", "PushFirestore", "AuthService", "ChatService",
        "PushService",
        "BillingService", "Replay", "Traces", log, arguments,
      ],
      resources: [.embedInCode("Resources/openapi.json")],
      swiftSettings: settings),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["ChatDomain", "SQLiteEngine"], path: "Tests/TestSupport",
      swiftSettings: settings),
    tests("ChatDomainTests", ["ChatDomain"]),
    tests("AggregationTests", ["Aggregation", "ChatDomain"]),
    tests("BillingTests", ["Billing", "Aggregation", "ChatDomain"]),
    tests("AuthValidatorTests", ["AuthValidator", "AuthValidatorRemote", crypto]),
    tests("MetricsTests", ["Metrics"]),
    tests(
      "HTTPServerTests", nio + ["HTTPServer", "Metrics", log, .product(name: "NIOEmbedded", package: "swift-nio")]),
    tests("SQLiteEngineTests", ["SQLiteEngine", "ChatDomain"]),
    tests(
      "AuthServiceTests",
      ["AuthService", "AuthValidator", "UserStoreSQLite", "ChatDomain", "HTTPServer", "SQLiteEngine"]),
    tests("TracesTests", ["Traces"]),
    tests("ReplayTests", ["Replay", "Traces", "LoadClient", "ChatDomain"]),
    tests(
      "ConformanceTests",
      ["ChatDomain", "Billing", "UserStoreSQLite", "ChatStoreSQLite", "MessageLogEmbedded", "SQLiteEngine"]),
    tests(
      "ChatServiceTests",
      [
        "ChatService", "ChatDomain", "ChatStoreSQLite", "UserStoreSQLite", "MessageLogEmbedded", "SQLiteEngine",
        "HTTPServer", "Metrics",
      ]),
    tests(
      "BillingServiceTests",
      ["BillingService", "Billing", "Aggregation", "ChatDomain", "ChatStoreSQLite", "SQLiteEngine", "Metrics", log]),
    tests(
      "PushFirestoreTests",
      ["PushFirestore", "HTTPServer", "Aggregation", "ChatDomain", "Metrics", log, crypto, cryptoExtras]),
    tests(
      "PushServiceTests",
      nio + ["PushService", "PushStream", "Aggregation", "ChatDomain", "HTTPServer", "Metrics", log]),
  ],
  swiftLanguageModes: [.v6]
)
