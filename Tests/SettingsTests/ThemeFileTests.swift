import Foundation
import Grid
import Settings
import Testing

@Suite struct ThemeFileTests {
  private static let folder =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/themes"

  private static let about = [
    "assay-dark": "For dark terminals; the terminal's own background shows through.",
    "assay-light": "For light terminals; the terminal's own background shows through.",
    "okabe": "Okabe and Ito's colours for everything, on dark terminals.",
    "deuteranopia": "For eyes that do not tell red from green: blue against yellow.",
    "tritanopia": "For eyes that do not tell blue from yellow: red against cyan.",
    "mono": "No colour at all: bold, reverse and shapes carry every meaning.",
    "paper": "Black on white whatever the terminal's colours, for electronic paper, projectors and print.",
    "ansi16": "Only the sixteen colours of the terminal's own palette.",
  ]

  /// With ASSAY_RECORD=1 the files are written anew instead.
  @Test(arguments: Theme.builtIn.map(\.name)) func aShippedFileSaysAllOfItsTheme(name: String) throws {
    let theme = try #require(Theme.builtIn.first { $0.name == name })
    let expected = ThemeFile.text(of: theme, about: try #require(Self.about[name]))
    let path = "\(Self.folder)/\(name).toml"
    if ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1" {
      try Data(expected.utf8).write(to: URL(fileURLWithPath: path))
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == expected)
  }

  @Test func theShippedFilesSayWhatTheBuiltInThemesSay() throws {
    let (themes, warnings) = ThemeFile.all(in: [Self.folder])
    #expect(warnings.isEmpty)
    #expect(themes == Theme.builtIn)
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    #expect(files.filter { $0.hasSuffix(".toml") }.count == 8)
  }

  @Test func aFileChangesOnlyWhatItNames() {
    let loaded = ThemeFile.load("dark = false\n[ui]\nmuted = \"#123456\"\n", name: "mine")
    var expected = Theme.light
    expected.name = "mine"
    expected.ui.muted = .rgb(0x12, 0x34, 0x56)
    #expect(loaded.theme == expected && loaded.warnings.isEmpty)
  }

  @Test func aFileBeginsFromTheThemeThatItNames() {
    let loaded = ThemeFile.load("base = \"paper\"\n[ui]\nmark = \"1\"\n", name: "mine")
    var expected = Theme.paper
    expected.name = "mine"
    expected.ui.mark = .ansi(1)
    #expect(loaded.theme == expected && loaded.warnings.isEmpty)
    let lost = ThemeFile.load("base = \"papr\"\n", name: "mine", path: "/t/mine.toml")
    #expect(
      lost.warnings.map(\.description)
        == ["/t/mine.toml:1: there is no theme papr to begin from; did you mean paper?"])
  }

  @Test func aMisspeltKeyIsNamedAndTheRestHolds() {
    let loaded = ThemeFile.load("[ui]\nbordr = \"1\"\ntitle = \"2\"\n[status]\nerror = 7\n", name: "mine", path: "m")
    #expect(loaded.theme.ui.title == .ansi(2))
    #expect(loaded.warnings.first?.description == "m:2: there is no key ui.bordr; did you mean ui.border?")
    #expect(loaded.warnings.last?.description.hasPrefix("m:5: status.error wants") == true)
  }

  @Test func aFileThatIsNotTOMLGivesTheDarkThemeAndSaysWhere() {
    let loaded = ThemeFile.load("name = \"x\"\n[ui\n", name: "mine", path: "m")
    #expect(loaded.warnings.count == 1 && loaded.warnings[0].description.hasPrefix("m:2: is not valid TOML"))
  }

  @Test func aMisspeltThemeIsGuessed() {
    #expect(ThemeFile.choose("papr", among: Theme.builtIn).warning == "There is no theme papr: did you mean paper?")
    #expect(ThemeFile.choose("xyzzyx", among: Theme.builtIn).warning?.contains("there are assay-dark, ") == true)
  }
}
