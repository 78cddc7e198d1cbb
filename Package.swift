// swift-tools-version: 6.1
import PackageDescription

/// Shared libraries that `Sources/Native/bootstrap` unpacks from pinned wheels.
let native = Context.packageDirectory + "/.native"

/// Where the linker and the loader find a library: the absolute path, and one relative to `.build/<triple>/<configuration>/`.
func searchPaths(_ folder: String, linking library: String? = nil) -> [LinkerSetting] {
  let flags = [
    "-L\(native)/\(folder)",
    "-Xlinker", "-rpath", "-Xlinker", "\(native)/\(folder)",
    "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../../../.native/\(folder)",
  ]
  return [.unsafeFlags(flags)] + (library.map { [.linkedLibrary($0)] } ?? [])
}

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .unsafeFlags(["-warnings-as-errors"])]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swift)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: dependencies + ["TestSupport", "ProgramDriver"], resources: resources,
    swiftSettings: swift)
}

let package = Package(
  name: "assay",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "assay", targets: ["assay"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
  ],
  targets: [
    // Native
    .systemLibrary(name: "CCairo", path: "Sources/Native/CCairo", providers: [.apt(["libcairo2-dev"])]),
    .target(
      name: "CDenseKernels", path: "Sources/Native/CDenseKernels",
      cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(
      name: "CDuckDB", path: "Sources/Native/CDuckDB",
      linkerSettings: searchPaths("bareduckdb/_libs", linking: "duckdb")),
    .target(
      name: "CHnsw", path: "Sources/Native/CHnsw", cSettings: [.unsafeFlags(["-O3"])],
      cxxSettings: [.unsafeFlags(["-O3"])],
      linkerSettings: [.linkedLibrary("stdc++", .when(platforms: [.linux]))]),
    .target(
      name: "CLightGBM", path: "Sources/Native/CLightGBM",
      linkerSettings: searchPaths("lightgbm/lib") + [.linkedLibrary("dl")]),
    .target(
      name: "CNcurses", path: "Sources/Native/CNcurses",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .systemLibrary(
      name: "CCompression", path: "Sources/Native/CCompression", providers: [.apt(["zlib1g-dev", "liblzma-dev"])]),
    .target(name: "CTextKernels", path: "Sources/Native/CTextKernels", cSettings: [.unsafeFlags(["-O3"])]),
    .target(name: "CTreeKernels", path: "Sources/Native/CTreeKernels", cSettings: [.unsafeFlags(["-O3"])]),
    .target(
      name: "CXGBoost", path: "Sources/Native/CXGBoost",
      linkerSettings: searchPaths("xgboost/lib") + [.linkedLibrary("dl")]),
    .systemLibrary(name: "CUtf8proc", path: "Sources/Native/CUtf8proc", providers: [.apt(["libutf8proc-dev"])]),

    // Drawing
    module("Grid", ["CUtf8proc"]),
    module("Plot", ["CCairo", "Grid"]),
    module("Widgets", ["Grid"]),
    module("Terminal", ["Grid", "CNcurses", "Widgets"]),

    // Data
    module("Settings", ["Grid", .product(name: "TOMLKit", package: "TOMLKit")]),
    module("Jobs"),
    module("Numerics"),
    module("Cloud", ["Jobs", "Numerics"]),
    module("Frame", ["CCompression", "CDuckDB", "Cloud", "Jobs"]),
    module("Flow", ["Frame", "Jobs", "Numerics"]),
    module("Insight", ["Frame", "Jobs", "Numerics", "Plot"]),
    module("Fairness", ["Frame", "Jobs", "Numerics", "Plot"]),
    module("Learn", ["CDenseKernels", "CLightGBM", "CXGBoost", "Embed", "Explain", "Frame", "Jobs", "Numerics"]),
    module("Explain", ["CTreeKernels", "Frame", "Jobs", "Numerics"]),
    module("Embed", ["CCompression", "CHnsw", "CTextKernels", "Jobs", "Numerics"]),
    module(
      "Serving",
      [
        "Learn", .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    module(
      "Spark",
      [
        "Jobs", .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"), .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOTLS", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    module(
      "Engine",
      [
        "Cloud", "Embed", "Explain", "Fairness", "Flow", "Frame", "Insight", "Jobs", "Learn", "Plot", "Serving",
        "Spark",
      ]),

    // Faces
    module("Workbench", ["Engine", "Grid", "Plot", "Settings", "Widgets"]),
    module(
      "CommandLineTool",
      [
        "Cloud", "Embed", "Engine", "Explain", "Plot", "Grid", "Settings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["REFERENCE.md", "Generated"]),
    .executableTarget(
      name: "assay", dependencies: ["CommandLineTool", "Settings", "Terminal", "Workbench"], swiftSettings: swift),
    .executableTarget(
      name: "Benchmarks",
      dependencies: ["Embed", "Engine", "Explain", "Flow", "Frame", "Insight", "Jobs", "Numerics", "ProgramDriver"],
      swiftSettings: swift),

    // Tests
    .target(name: "CProgramDriver", path: "Tests/CProgramDriver"),
    .target(
      name: "ProgramDriver", dependencies: ["CProgramDriver"], path: "Tests/ProgramDriver", swiftSettings: swift),
    .target(
      name: "TestSupport", dependencies: ["Grid"], path: "Tests/TestSupport", swiftSettings: swift),
    tests("Grid", ["Grid"]),
    tests("Settings", ["Settings"]),
    tests("Plot", ["Plot"], resources: [.copy("Goldens")]),
    tests("Widgets", ["Widgets"]),
    tests("Terminal", ["Terminal", "CNcurses"]),
    tests("Workbench", ["Cloud", "Workbench"], resources: [.copy("Goldens")]),
    tests("Numerics", ["Numerics"]),
    tests("Cloud", ["Cloud", "Jobs", "Numerics"]),
    tests("Frame", ["Cloud", "Frame"], resources: [.copy("Records"), .copy("Workbooks")]),
    tests("Flow", ["Flow"], resources: [.copy("Cases"), .copy("DataWrangler")]),
    tests("Insight", ["Insight"], resources: [.copy("Records")]),
    tests("Fairness", ["Fairness"], resources: [.copy("Goldens"), .copy("Library")]),
    tests("Learn", ["Learn"]),
    tests(
      "Spark",
      [
        "Spark", "Flow", "Frame", "Jobs", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    tests(
      "Serving",
      [
        "Serving", "Learn", "Frame", "Numerics", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    tests("Explain", ["Explain"], resources: [.copy("Records")]),
    tests("Embed", ["CHnsw", "CTextKernels", "Embed"], resources: [.copy("Records")]),
    tests("Jobs", ["Jobs"]),
    tests("Engine", ["Engine"]),
    tests("CommandLineTool", ["Cloud", "CommandLineTool", "Engine"]),
    tests("Architecture", []),
    tests("EndToEnd", [], resources: [.copy("Goldens")]),
  ]
)
