import Foundation
import ProgramDriver
import Testing

/// What is left when the program dies of its own fault.
@Suite struct CrashTests {
  @Test(arguments: ["segv", "abrt", "swift"])
  func theTerminalIsGivenBackAndAReportNamesTheLastCommands(kind: String) throws {
    let desk = try Desk()
    defer { desk.remove() }
    let terminal = try desk.shell(
      "\"$ASSAY\" census.csv; echo \"ended with $?\"; stty -a; exec sleep 60", environment: ["ASSAY_CRASH_TEST": kind])
    defer { terminal.end() }
    try terminal.waitForCensus()
    try terminal.press(".")
    try terminal.wait(for: "count per bin")
    try terminal.press("F12")
    try terminal.wait(for: "icanon")
    let prose = try terminal.prose()
    #expect(prose.contains("assay crashed: SIG"))
    #expect(prose.contains(" icanon") && prose.contains(" echo "))
    let status: ClosedRange = 132...139
    #expect(status.contains { prose.contains("ended with \($0)") })
    #expect(try terminal.format("#{alternate_on} #{mouse_any_flag} #{cursor_flag}") == "0 0 1")
    let folder = desk.folder.path("state/assay/crashes")
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    let report = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    #expect(report.contains("assay 0.") && report.contains("signal: SIG"))
    #expect(report.contains("  table.chart\n  debug.crash\n"))
    #expect(!report.contains("Private") && !report.contains("census"))
    #expect(report.split(separator: "\n").last { $0.contains("0x") } != nil)
  }
}
