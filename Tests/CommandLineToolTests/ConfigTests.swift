import CommandLineTool
import Foundation
import ProgramDriver
import Testing

/// Settings on the command line.
@Suite(.serialized) struct ConfigTests {
  /// A folder with `assay/config.toml`, as XDG_CONFIG_HOME.
  private func home(_ config: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(config, to: "assay/config.toml")
    return folder
  }

  @Test func configShowsEachValueAndWhereItComesFrom() throws {
    let folder = try home("theme = \"paper\"\nbell = true\n[keys]\n\"table.chart\" = [\"F\"]\n")
    defer { folder.remove() }
    let environment = ["XDG_CONFIG_HOME": folder.path(""), "ASSAY_GLYPHS": "ascii"]
    let text = try assay("config", "--theme", "okabe", environment: environment).output
    #expect(text.contains(#/theme +okabe +--theme/#) && text.contains(#/glyphs +ascii +ASSAY_GLYPHS/#))
    #expect(text.contains(#/bell +true +config.toml:2/#) && text.contains(#/threads +auto +default/#))
    #expect(text.contains(#/keys.table.chart +F +config.toml:4/#))
    let json = try assay("config", "--json", environment: environment).json()
    let settings = try #require(json["settings"] as? [[String: Any]])
    #expect(settings.first?["source"] as? String == "config.toml:1" && settings.first?["value"] as? String == "paper")
    #expect((json["themes"] as? [String])?.count == 8)
  }

  @Test func checkNamesEveryMistakeAndEndsWithThree() throws {
    let folder = try home("them = \"paper\"\ntheme = \"papr\"\n")
    defer { folder.remove() }
    try folder.write("[ui]\nbordr = \"1\"\n", to: "assay/themes/mine.toml")
    let answer = try assay("config", "check", environment: ["XDG_CONFIG_HOME": folder.path("")])
    #expect(answer.exitCode == 3 && answer.output.isEmpty)
    for part in [
      "assay/config.toml:1: there is no setting them; did you mean theme?",
      "assay/config.toml:2: There is no theme papr: did you mean paper?",
      "assay/themes/mine.toml:2: there is no key ui.bordr; did you mean ui.border?", "assay: 3 warnings",
    ] {
      #expect(answer.error.contains(part), "\(answer.error)")
    }
    let sound = try home("theme = \"paper\"\n")
    defer { sound.remove() }
    #expect(try assay("config", "check", environment: ["XDG_CONFIG_HOME": sound.path("")]).exitCode == 0)
  }

  @Test func aMistakeIsAWarningAndTheWorkIsDone() throws {
    let folder = try home("thrads = 2\n")
    defer { folder.remove() }
    let file = try folder.file("people.csv", people)
    let answer = try assay(
      "query", file, "SELECT count(*) AS n FROM data", environment: ["XDG_CONFIG_HOME": folder.path("")])
    #expect(answer.exitCode == 0 && answer.output == "n\n40\n")
    #expect(answer.error.contains("config.toml:1: there is no setting thrads; did you mean threads?"))
  }

  @Test func glyphsOfTheFileAreUsedAndAnOptionWins() throws {
    let folder = try home("glyphs = \"ascii\"\n")
    defer { folder.remove() }
    let file = try folder.file("people.csv", people)
    let environment = ["XDG_CONFIG_HOME": folder.path("")]
    let plain = try assay("chart", file, "--kind", "histogram", "--x", "age", environment: environment).output
    let isPlain = plain.unicodeScalars.allSatisfy { $0.isASCII }
    #expect(isPlain, "\(plain)")
    let braille = try assay(
      "chart", file, "--kind", "histogram", "--x", "age", "--glyphs", "auto", environment: environment
    ).output
    let hasBraille = braille.unicodeScalars.contains { !$0.isASCII }
    #expect(hasBraille)
  }

  @Test func doctorWritesTheGlyphsIntoTheFile() throws {
    let folder = try home("# mine\ntheme = \"paper\"\n")
    defer { folder.remove() }
    let answer = try assay("doctor", "--set-glyphs", "block", environment: ["XDG_CONFIG_HOME": folder.path("")])
    #expect(answer.exitCode == 0)
    #expect(try folder.read("assay/config.toml") == "# mine\ntheme = \"paper\"\nglyphs = \"block\"\n")
    let fresh = try TemporaryFolder()
    defer { fresh.remove() }
    _ = try assay("doctor", "--set-glyphs", "ascii", environment: ["XDG_CONFIG_HOME": fresh.path("")])
    #expect(try fresh.read("assay/config.toml") == "glyphs = \"ascii\"\n")
    #expect(try assay("doctor", "--set-glyphs", "runes").exitCode == 2)
  }

  @Test func printDefaultIsAFileThatNothingIsWrongIn() throws {
    let folder = try home(try assay("config", "--print-default").output)
    defer { folder.remove() }
    #expect(try assay("config", "check", environment: ["XDG_CONFIG_HOME": folder.path("")]).exitCode == 0)
  }

  @Test func keysOfThePersonAreShownWithWhatIsWrong() throws {
    let folder = try home("[keys]\npreset = \"vim\"\n\"table.chrt\" = \"F\"\n\"table.target\" = \"G\"\n")
    defer { folder.remove() }
    let result = try Program.run(
      try Program.built("assay"), ["keys"], environment: ["XDG_CONFIG_HOME": folder.path("")])
    #expect(result.text.hasPrefix("key map: vim\n") && result.text.contains("d d, Del"))
    #expect(result.errorText.contains("config.toml:3: there is no command table.chrt; did you mean table.chart?"))
    #expect(result.errorText.contains("note: table.target takes G from table.last"))
    let json = try Program.run(try Program.built("assay"), ["keys", "--preset", "arrows", "--json"])
    let sheet = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
    #expect(sheet?["preset"] as? String == "arrows")
    let check = try Program.run(
      try Program.built("assay"), ["config", "check"], environment: ["XDG_CONFIG_HOME": folder.path("")])
    #expect(check.status == .exited(3) && check.errorText.contains("table.chrt"))
  }

  @Test func listeningNeedsATerminal() throws {
    let result = try Program.run(try Program.built("assay"), ["keys", "--listen"])
    #expect(result.status == .exited(1))
    #expect(result.errorText.contains("there is no terminal to listen to"))
  }
}
