// swift-tools-version: 6.3
import PackageDescription

/// What every Swift target of the project is compiled with.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "hubbub",
    products: [
        .executable(name: "hubbub", targets: ["hubbub"]),
        .executable(name: "hubbub-load", targets: ["hubbub-load"]),
        .executable(name: "ws-echo", targets: ["ws-echo"]),
        .library(
            name: "HubbubCore",
            targets: ["Reactor", "WebSocket", "Chat", "Filters", "Identity", "ChatServer"]),
        .library(name: "HubbubStore", targets: ["ChatStore"]),
        .library(name: "HubbubClient", targets: ["ChatClient", "TLS"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CHiredis", linkerSettings: [.linkedLibrary("hiredis")]),
        .target(name: "CLinux"),
        .target(
            name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "CSQLite"),
        .target(name: "CYAML", linkerSettings: [.linkedLibrary("yaml")]),
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "Reactor", dependencies: ["CLinux"], swiftSettings: strict),
        .target(name: "Console", dependencies: ["CLinux", "Reactor"], swiftSettings: strict),
        .target(name: "Outgoing", dependencies: ["CCurl"], swiftSettings: strict),
        .target(
            name: "Redis", dependencies: ["CHiredis", "CLinux", "Reactor"], swiftSettings: strict),
        .target(name: "WebSocket", dependencies: ["COpenSSL", "CZlib"], swiftSettings: strict),
        .target(name: "TLS", dependencies: ["COpenSSL", "Reactor"], swiftSettings: strict),
        .target(name: "Chat", swiftSettings: strict),
        .target(
            name: "ChatStore",
            dependencies: [
                "Chat", "CSQLite", "Filters",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "Filters",
            dependencies: ["CRE2", "Chat"],
            swiftSettings: strict,
            // Foundation brings this library along.
            linkerSettings: [.linkedLibrary("_FoundationICU")]),
        .target(
            name: "ChatCluster",
            dependencies: [
                "COpenSSL", "Chat", "Reactor", "Redis",
                .product(name: "Logging", package: "swift-log"),
            ],
            // Scripts that Redis runs.
            resources: [.embedInCode("Redis/Scripts")],
            swiftSettings: strict),
        .target(name: "Identity", dependencies: ["Chat"], swiftSettings: strict),
        .target(
            name: "Webhooks", dependencies: ["COpenSSL", "Chat", "Identity"],
            swiftSettings: strict),
        // The only target that needs JWTKit, which takes minutes to build.
        .target(
            name: "IdentityKeys",
            dependencies: ["Identity", "Reactor", .product(name: "JWTKit", package: "jwt-kit")],
            swiftSettings: strict),
        .target(
            name: "ChatServer",
            dependencies: [
                "Reactor", "TLS", "WebSocket", "Chat", "Filters", "Identity",
                .product(name: "Logging", package: "swift-log"),
            ],
            // It tells Node that the scripts are ES modules.
            exclude: ["Resources/package.json"],
            // Browsers are served these files, which are part of the program.
            resources: [.embedInCode("Resources")],
            swiftSettings: strict),
        .target(
            name: "ChatClient", dependencies: ["Reactor", "WebSocket", "Chat", "TLS"],
            swiftSettings: strict),
        .executableTarget(
            name: "hubbub",
            dependencies: [
                "CYAML", "Chat", "ChatClient", "ChatCluster", "ChatServer", "ChatStore", "Console",
                "Filters", "Identity", "IdentityKeys", "Outgoing", "Reactor", "Redis", "TLS",
                "Webhooks",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "hubbub-load",
            dependencies: [
                "Chat", "ChatClient", "Console", "Reactor", "TLS", "WebSocket",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "Benchmarks/hubbub-load",
            swiftSettings: strict),
        .executableTarget(
            name: "ws-echo",
            dependencies: [
                "Console", "Reactor", "TLS", "WebSocket",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/ws-echo",
            swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["WebSocket"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .target(
            name: "Simulation",
            dependencies: [
                "Reactor", "TLS", "WebSocket", "Chat", "ChatCluster", "ChatServer", "Filters",
                "Identity", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Simulation", exclude: ["README.md"], swiftSettings: strict),
        .testTarget(
            name: "ReactorTests", dependencies: ["Reactor", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "WebSocketTests", dependencies: ["CZlib", "TestSupport", "WebSocket"],
            swiftSettings: strict),
        .testTarget(
            name: "TLSTests", dependencies: ["Reactor", "Simulation", "TLS", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ChatTests", dependencies: ["Chat", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "FiltersTests", dependencies: ["Chat", "Filters", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "WebhooksTests", dependencies: ["Chat", "Identity", "Webhooks"],
            swiftSettings: strict),
        .testTarget(
            name: "OutgoingTests", dependencies: ["Outgoing"], swiftSettings: strict),
        .testTarget(
            name: "RedisTests", dependencies: ["Reactor", "Redis", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "IdentityTests",
            dependencies: [
                "Chat", "ChatServer", "Identity", "IdentityKeys", "Simulation", "TestSupport",
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChatStoreTests",
            dependencies: [
                "Chat", "ChatStore",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChatClusterTests",
            dependencies: [
                "Chat", "ChatCluster", "Reactor", "Redis", "Simulation", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChatClientTests",
            dependencies: ["Chat", "ChatClient", "Reactor", "TestSupport", "WebSocket"],
            swiftSettings: strict),
        .testTarget(
            name: "ChatServerTests",
            dependencies: [
                "Chat", "ChatServer", "Identity", "Reactor", "Simulation", "TestSupport",
                "WebSocket",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Reactor", "WebSocket", "Chat", "ChatServer", "Filters", "Identity", "Simulation",
                "TestSupport",
            ],
            path: "Tests/FuzzTargets", exclude: ["Corpus"], swiftSettings: strict),
        .testTarget(
            name: "FuzzRegressionTests", dependencies: ["FuzzTargets"], swiftSettings: strict),
        .executableTarget(
            name: "simulate",
            dependencies: [
                "ChatServer", "Console", "Simulation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/simulate", swiftSettings: strict),
        .testTarget(name: "ConsoleTests", dependencies: ["Console"], swiftSettings: strict),
        .testTarget(
            name: "HubbubTests",
            dependencies: [
                "Chat", "ChatClient", "ChatCluster", "ChatServer", "Reactor", "TestSupport",
                "hubbub",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "LoadTests",
            dependencies: [
                "Reactor", "TestSupport", "WebSocket", "hubbub-load",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
        // Compiles the samples of the documents with these modules.
        .testTarget(
            name: "DocumentTests",
            dependencies: [
                "Chat", "ChatClient", "ChatServer", "ChatStore", "Filters", "Reactor", "TLS",
                "WebSocket",
            ],
            swiftSettings: strict),
    ]
)

// libFuzzer brings the entry point of its program, which links with the sanitizer `fuzzer` alone.
if Context.environment["HUBBUB_FUZZ"] == "1" {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["FuzzTargets"], path: "Tests/fuzz", swiftSettings: strict))
}
