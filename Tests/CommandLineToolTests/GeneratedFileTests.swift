import Foundation
import ProgramDriver
import Testing

/// The files that are made from the definitions of the command line: the reference, the manual page, completions.
@Suite(.serialized) struct GeneratedFileTests {
  private static let folder =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    + "/Sources/CommandLineTool/"

  /// With ASSAY_RECORD=1 the file is written anew instead.
  @Test(arguments: [
    ("docs", "REFERENCE.md"), ("man", "Generated/assay.1"), ("completions bash", "Generated/assay.bash"),
    ("completions zsh", "Generated/_assay"), ("completions fish", "Generated/assay.fish"),
  ])
  func aGeneratedFileIsFresh(command: String, name: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let made = try Program.run(try Program.built("assay"), words)
    #expect(made.status == .exited(0) && !made.output.isEmpty, "\(made.errorText)")
    let path = Self.folder + name
    if ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1" {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try made.output.write(to: URL(fileURLWithPath: path))
    }
    let kept = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    #expect(kept == made.text, "\(name) is out of date: ASSAY_RECORD=1 swift test --filter GeneratedFileTests")
  }

  @Test func bashAcceptsItsCompletionsAndCompletesASubcommand() throws {
    let script = Self.folder + "Generated/assay.bash"
    let complete = """
      source '\(script)'
      COMP_WORDS=(assay qu) COMP_CWORD=1 COMP_LINE='assay qu' COMP_POINT=8
      _assay assay qu assay
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let result = try Program.run("bash", ["-c", complete])
    #expect(result.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.contains("query"))
    #expect(result.text.contains("quickmodel"), "\(result.text)\(result.errorText)")
  }

  @Test func theManualNamesEverySubcommandSettingAndKey() throws {
    let text = try String(contentsOfFile: Self.folder + "Generated/assay.1", encoding: .utf8)
    for part in [".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", ".SH SETTINGS", ".SH KEYS", ".SH FILES", ".SH EXIT STATUS"]
    {
      #expect(text.contains("\n\(part)\n"), "\(part)")
    }
    for part in [".SS assay flow run", "ASSAY_GLYPHS", "table.chart", ".SS 3 Table"] {
      #expect(text.contains(part), "\(part)")
    }
    // A line that begins with a point or an apostrophe is a request.
    let requests = Set(
      text.split(separator: "\n").filter { $0.hasPrefix(".") || $0.hasPrefix("'") }.map { $0.prefix(3) })
    #expect(requests.isSubset(of: [".\\\"", ".TH", ".SH", ".SS", ".TP", ".PP", ".B ", ".br"]), "\(requests)")
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII || "µ–—─".unicodeScalars.contains($0) })
  }
}
