import Foundation
import ProgramDriver
import Testing

/// `Sources/Native/bootstrap` on wheels made here, so that no network is needed.
@Suite struct BootstrapTests {
  @Test func aWrongHashLeavesTheOldLibrariesInPlace() throws {
    let checkout = try Fixture()
    defer { checkout.folder.remove() }
    try checkout.folder.write("old", to: "checkout/.native/marker")
    try checkout.require(lightGBMHash: String(repeating: "0", count: 64))

    let result = try checkout.bootstrap()

    #expect(!result.status.isSuccess)
    #expect(result.errorText.lowercased().contains("hash"))
    #expect(result.errorText.contains(".native/ is as it was"))
    #expect(try checkout.entries() == [".native", "Sources"])
    #expect(try checkout.entries(".native") == ["marker"])
  }

  @Test func newLibrariesReplaceTheOldFolderWhole() throws {
    let checkout = try Fixture()
    defer { checkout.folder.remove() }
    try checkout.folder.write("old", to: "checkout/.native/marker")
    try checkout.require()

    let result = try checkout.bootstrap()

    #expect(result.status.isSuccess, "\(result.errorText)")
    #expect(try checkout.entries() == [".native", "Sources"])
    let entries = try checkout.entries(".native")
    #expect(entries.contains("lightgbm") && entries.contains("bareduckdb") && !entries.contains("marker"))
  }

  @Test func aSecondRunChangesNothing() throws {
    let checkout = try Fixture()
    defer { checkout.folder.remove() }
    try checkout.require()
    #expect(try checkout.bootstrap().status.isSuccess)
    try checkout.folder.write("kept", to: "checkout/.native/marker")

    let again = try checkout.bootstrap()

    #expect(again.text.contains("everything is there"))
    #expect(try checkout.entries(".native").contains("marker"))
  }

  @Test func anInstalledLibraryIsUsedInstead() throws {
    let checkout = try Fixture()
    defer { checkout.folder.remove() }
    try checkout.require(lightGBMHash: String(repeating: "0", count: 64))
    let library = try checkout.folder.write("mine", to: "elsewhere/lib_lightgbm.so")

    let result = try checkout.bootstrap(["ASSAY_LIGHTGBM": checkout.folder.path("elsewhere")])

    #expect(result.status.isSuccess, "\(result.errorText)")
    let link = checkout.folder.path("checkout/.native/lightgbm/lib/lib_lightgbm.so")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == library)
  }

  @Test func theReadmesTestCommandIsTheOneThatChecksRun() throws {
    let command = "Sources/Native/bootstrap --with-tests && swift test"
    #expect(try Checkout.text("README.md").contains(command))
    #expect(try Checkout.text(".ci/run").contains(command))
  }
}

/// An empty checkout with the real script, and wheels that stand for the real ones.
private struct Fixture {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(try Checkout.text("Sources/Native/bootstrap"), to: "checkout/Sources/Native/bootstrap")
    let made = try Program.run("python3", ["-c", Self.makeWheels, folder.path("wheels")])
    guard made.status.isSuccess else { throw ProgramError(made.errorText) }
  }

  /// Writes the requirements, the hash of LightGBM's wheel replaced where one is given.
  func require(lightGBMHash: String? = nil) throws {
    let right = try Program.run("sha256sum", [folder.path("wheels/lightgbm-4.7.0-py3-none-any.whl")]).text.prefix(64)
    let duckDB = try Program.run("sha256sum", [folder.path("wheels/bareduckdb-0.12.155-py3-none-any.whl")]).text
    let xgboost = try Program.run("sha256sum", [folder.path("wheels/xgboost_cpu-3.2.0-py3-none-any.whl")]).text
    try folder.write(
      """
      --no-index
      --find-links \(folder.path("wheels"))
      bareduckdb==0.12.155 \\
        --hash=sha256:\(duckDB.prefix(64))
      lightgbm==4.7.0 \\
        --hash=sha256:\(lightGBMHash ?? String(right))
      xgboost-cpu==3.2.0 \\
        --hash=sha256:\(xgboost.prefix(64))

      """, to: "checkout/Sources/Native/requirements.txt")
  }

  func bootstrap(_ environment: [String: String?] = [:]) throws -> ProgramResult {
    let cleared: [String: String?] = ["ASSAY_DUCKDB": nil, "ASSAY_LIGHTGBM": nil, "ASSAY_XGBOOST": nil]
    return try Program.run(
      "sh", [folder.path("checkout/Sources/Native/bootstrap")],
      environment: cleared.merging(environment) { $1 }, timeout: .seconds(120))
  }

  func entries(_ path: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path("checkout/" + path)).sorted()
  }

  /// Wheels in the folder of the first argument: a zip file with a library and three lines of metadata each.
  private static let makeWheels = """
    import os, sys, zipfile
    os.makedirs(sys.argv[1])
    for name, version, library in [
        ("bareduckdb", "0.12.155", "bareduckdb/_libs/libduckdb.so"),
        ("lightgbm", "4.7.0", "lightgbm/lib/lib_lightgbm.so"),
        ("xgboost_cpu", "3.2.0", "xgboost/lib/libxgboost.so"),
    ]:
        with zipfile.ZipFile(f"{sys.argv[1]}/{name}-{version}-py3-none-any.whl", "w") as wheel:
            info = f"{name}-{version}.dist-info"
            wheel.writestr(library, "library")
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
            wheel.writestr(f"{info}/RECORD", f"{library},,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
    """
}
