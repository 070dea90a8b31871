// swift-tools-version: 6.2
import PackageDescription

/// Every target: warnings are errors, and imports show what a target leans on.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]
/// Targets that map files or call C with buffers: each unsafe use has to say so.
let pointers: [SwiftSetting] = strict + [.strictMemorySafety()]
/// ncurses is called from one thread only.
let mainThread: [SwiftSetting] = strict + [.defaultIsolation(MainActor.self)]

let optimizedC: [CSetting] = [
    // Unoptimised kernels are 35–150 times slower: tests would crawl.
    .unsafeFlags(["-O3"], .when(configuration: .debug)),
    // Contraction would make results depend on the compiler; kernels say fma where they mean it.
    .unsafeFlags(["-Wall", "-Wextra", "-Werror", "-ffp-contract=off"]),
]

let package = Package(
    name: "hiss",
    products: [.executable(name: "hiss", targets: ["hiss"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "3.12.3"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        // C
        .target(name: "CKernels", cSettings: optimizedC, linkerSettings: [.linkedLibrary("m")]),
        .target(
            name: "CNCurses",
            cSettings: [
                .define("_XOPEN_SOURCE_EXTENDED"), .define("NCURSES_WIDECHAR", to: "1"), .define("_GNU_SOURCE"),
            ],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .target(
            name: "CLibEdit",
            cSettings: [.define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("edit")]),

        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        // Files and text
        .target(
            name: "Digests", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: strict),
        .target(name: "JSON", swiftSettings: strict),
        .target(name: "Weights", dependencies: ["JSON"], swiftSettings: pointers),
        .target(name: "Tokenization", dependencies: ["JSON"], swiftSettings: strict),

        .target(name: "Downloads", dependencies: ["CZlib", "Digests"], swiftSettings: strict),

        // Arithmetic
        .target(name: "Engine", dependencies: ["CKernels", "JSON", "Weights"], swiftSettings: pointers),

        // The domain, and what performs it
        .target(name: "Chat", dependencies: ["JSON"], swiftSettings: strict),
        .target(
            name: "Inference", dependencies: ["Chat", "Digests", "Engine", "JSON", "Tokenization", "Weights"],
            swiftSettings: pointers),
        .target(
            name: "SessionStore",
            dependencies: ["Chat", "Digests", "JSON", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .target(
            name: "DefaultModel", exclude: ["README.md"],
            resources: [
                .copy("SmolMamba2-158M-Instruct-Q4_0-00001-of-00002.gguf"),
                .copy("SmolMamba2-158M-Instruct-Q4_0-00002-of-00002.gguf"),
            ],
            swiftSettings: strict),

        // The screen
        .target(name: "TOML", dependencies: [.product(name: "TOMLKit", package: "TOMLKit")], swiftSettings: strict),
        .target(
            name: "Screen", dependencies: ["TOML", .product(name: "TOMLKit", package: "TOMLKit")], swiftSettings: strict
        ),
        .target(name: "UI", dependencies: ["Chat", "Screen"], swiftSettings: strict),
        .target(name: "Terminal", dependencies: ["Screen", "CNCurses", "CLibEdit"], swiftSettings: mainThread),

        // The program: what is settled before it starts (places, settings, exit statuses, output), and its commands
        .target(
            name: "Launch",
            dependencies: ["Chat", "DefaultModel", "TOML", .product(name: "TOMLKit", package: "TOMLKit")],
            swiftSettings: strict),
        .executableTarget(
            name: "hiss",
            dependencies: [
                "Chat", "Digests", "Downloads", "Engine", "Inference", "JSON", "Launch", "Screen", "SessionStore",
                "Terminal", "Tokenization", "UI", "Weights",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // Tests, file for file
        .target(
            name: "TestSupport", dependencies: ["Chat", "Screen"], path: "Tests/TestSupport", swiftSettings: strict),
        // Counts what InferenceTests allocate, in the place of the C library's functions; not part of the product.
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .testTarget(
            name: "KernelTests", dependencies: ["CKernels"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(name: "DigestTests", dependencies: ["Digests"], swiftSettings: strict),
        .testTarget(
            name: "DownloadTests", dependencies: ["Downloads", "Digests", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
        .testTarget(
            name: "WeightsTests", dependencies: ["Weights", "JSON", "TestSupport"], exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "TokenizationTests", dependencies: ["Tokenization", "JSON", "TestSupport"], exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "EngineTests", dependencies: ["Engine", "JSON", "Weights", "CKernels", "TestSupport"],
            exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(name: "ChatTests", dependencies: ["Chat", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "InferenceTests",
            dependencies: [
                "AllocationCounter", "Inference", "Chat", "Digests", "Engine", "SessionStore", "StoreSamples",
                "TestSupport", "Tokenization", "Weights",
            ],
            exclude: ["Golden"], swiftSettings: strict),
        // Stores that tests and their probe make alike.
        .target(
            name: "StoreSamples", dependencies: ["SessionStore", "Chat", "Digests", "TestSupport"],
            path: "Tests/StoreSamples", swiftSettings: strict),
        // The other process in SessionStoreTests, which is killed there; not part of the product.
        .executableTarget(
            name: "store-probe",
            dependencies: [
                "SessionStore", "Chat", "StoreSamples", .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            path: "Tests/StoreProbe", swiftSettings: strict),
        .testTarget(
            name: "SessionStoreTests",
            dependencies: [
                "SessionStore", "store-probe", "Chat", "StoreSamples", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        // Hours of use, for memory and descriptors that grow; not part of the product.
        .executableTarget(
            name: "hiss-soak", dependencies: ["Chat", "Inference", "SessionStore", "TestSupport"], path: "Tests/Soak",
            swiftSettings: strict),
        .testTarget(name: "ScreenTests", dependencies: ["Screen", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "UITests", dependencies: ["UI", "Chat", "Screen", "TestSupport"], exclude: ["Golden"],
            swiftSettings: strict),
        // What TerminalTests drives in a pseudo-terminal; not part of the product.
        .executableTarget(
            name: "terminal-probe", dependencies: ["Terminal", "Screen"], path: "Tests/TerminalProbe",
            swiftSettings: strict),
        .testTarget(
            name: "TerminalTests",
            dependencies: [
                "hiss", "terminal-probe", "Chat", "Engine", "Inference", "Screen", "SessionStore", "Terminal",
                "TestSupport", "Tokenization",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "LaunchTests", dependencies: ["Launch", "Chat", "DefaultModel", "TOML", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ProgramTests", dependencies: ["hiss", "DefaultModel", "TestSupport"], swiftSettings: strict),
    ]
)

// Fuzzers of everything that reads files: `.ci/fuzz` builds and runs them, and nobody else has to.
if Context.environment["HISS_FUZZ"] == "1" {
    package.targets.append(
        .executableTarget(
            name: "hiss-fuzz",
            dependencies: ["Chat", "Engine", "Inference", "Screen", "TestSupport", "Tokenization", "UI", "Weights"],
            path: "Tests/Fuzz", swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]))
    // Here and not on the command line, where only one of two sanitizers reaches the Swift compiler.
    for target in package.targets where target.type != .test {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-sanitize=fuzzer,address"])]
        target.cSettings = (target.cSettings ?? []) + [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]
    }
}
