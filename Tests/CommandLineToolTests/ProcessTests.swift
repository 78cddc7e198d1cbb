import CommandLineTool
import Foundation
import ProgramDriver
import Testing

/// What only a process of its own shows: standard input, signals, a reader that goes away.
@Suite(.serialized) struct ProcessTests {
  @Test func standardInputIsASource() throws {
    let result = try Program.run(try Program.built("assay"), ["profile", "-", "--json"], input: Data(people.utf8))
    #expect(result.status == .exited(0))
    #expect(result.text.contains("\"rows\" : 40"))
  }

  @Test func packedStandardInputIsASource() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let packed = folder.path("people.csv.gz")
    #expect(try assay("query", folder.file("people.csv", people), "FROM data", "-o", packed).exitCode == 0)
    let data = try Data(contentsOf: URL(fileURLWithPath: packed))
    let result = try Program.run(
      try Program.built("assay"), ["query", "-", "SELECT count(*) AS n FROM data"], input: data)
    #expect(result.text == "n\n40\n")
  }

  @Test func aReaderThatGoesAwayIsNoError() throws {
    let sql = "SELECT i FROM range(10000000) r(i)"
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let result = try Program.run(
      "/bin/sh",
      [
        "-c", "{ \"$0\" query \"$1\" \"$2\"; echo status $? >&2; } | head -n 2", Program.built("assay"),
        folder.file("people.csv", people), sql,
      ])
    #expect(result.text == "i\n0\n")
    #expect(result.errorText == "status 0\n")
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalStopsTheQueryAndLeavesNoFile(_ signal: Int32) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try Program.built("assay"))
    let sql = "SELECT count(*) FROM range(1000000000) a(x), range(1000000000) b(y) WHERE (x * y) % 7 = 3"
    process.arguments = [
      "query", try folder.file("people.csv", people), sql, "-o", folder.path("out.csv"),
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    Thread.sleep(forTimeInterval: 1)
    kill(process.processIdentifier, signal)
    let start = Date()
    process.waitUntilExit()
    #expect(Date().timeIntervalSince(start) < 2)
    #expect(process.terminationStatus == 128 + signal)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
    #expect(left == ["people.csv"])
  }

  @Test func aSignalThatComesTwiceAtOnceLeavesNoFileEither() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try Program.built("assay"))
    let sql = "SELECT i, hash(i) AS h FROM range(1000000000) r(i)"
    process.arguments = ["query", try folder.file("people.csv", people), sql, "-o", folder.path("out.csv")]
    process.standardError = FileHandle.nullDevice
    try process.run()
    let end = ContinuousClock.now + .seconds(20)
    while try FileManager.default.contentsOfDirectory(atPath: folder.path("")).count < 2, .now < end { usleep(20_000) }
    // As `timeout` does, to the process and to its group.
    for _ in 0..<2 { kill(process.processIdentifier, SIGINT) }
    usleep(20_000)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + SIGINT)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == ["people.csv"])
  }

  @Test func doctorShowsVersionsTerminalAndThatOpenMPWaitsPassively() throws {
    let result = try Program.run(try Program.built("assay"), ["doctor", "--json"])
    #expect(result.status == .exited(0), "\(result.errorText)")
    let report = try JSONSerialization.jsonObject(with: result.output) as? [String: Any] ?? [:]
    let libraries = try #require(report["libraries"] as? [[String: Any]])
    #expect(libraries.compactMap { $0["name"] as? String } == ["DuckDB", "LightGBM", "XGBoost", "ncurses", "utf8proc"])
    #expect(libraries.allSatisfy { $0["version"] is String })
    #expect((libraries[0]["detail"] as? String)?.contains("d8cdaa33fd") == true)
    #expect((report["openmp"] as? [String: Any])?["waits_passively"] as? Bool == true)
    let text = try assay("doctor").output
    #expect(text.contains("glyph ruler"))
    #expect(text.contains("|⠁⠃⠇⡇⣇⣧⣷⣿⢿⡿⣟⣯⣾⣽⣻⢸|"))
  }
}
