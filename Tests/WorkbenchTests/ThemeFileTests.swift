import Foundation
import Grid
import Testing
import Workbench

@Suite struct ThemeFileTests {
  private static let folder =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/themes"

  @Test func theShippedFilesSayWhatTheBuiltInThemesSay() {
    let (themes, warnings) = ThemeFile.all(in: [Self.folder])
    #expect(warnings.isEmpty)
    #expect(themes == Theme.builtIn)
  }

  @Test(arguments: ["assay-dark", "assay-light", "mono"])
  func aShippedFileSetsEveryKey(name: String) throws {
    let text = try String(contentsOfFile: "\(Self.folder)/\(name).toml", encoding: .utf8)
    for key in Theme.keys where key != "ui.cursor" {
      let last = key.split(separator: ".").last.map(String.init) ?? key
      #expect(text.contains("\n\(last) = "), "\(key)")
    }
  }

  @Test func aFileChangesOnlyWhatItNames() {
    let loaded = ThemeFile.load("dark = false\n[ui]\nmuted = \"#123456\"\n", name: "mine")
    var expected = Theme.light
    expected.name = "mine"
    expected.ui.muted = .rgb(0x12, 0x34, 0x56)
    #expect(loaded.theme == expected && loaded.warnings.isEmpty)
  }

  @Test func aMisspeltKeyIsNamedAndTheRestHolds() {
    let loaded = ThemeFile.load("[ui]\nbordr = \"1\"\ntitle = \"2\"\n[status]\nerror = 7\n", name: "mine")
    #expect(loaded.theme.ui.title == .ansi(2))
    #expect(loaded.warnings.contains("there is no key ui.bordr; did you mean ui.border?"))
    #expect(loaded.warnings.contains { $0.hasPrefix("status.error wants") })
  }

  @Test func aFileThatIsNotTOMLGivesTheDarkThemeAndSaysSo() {
    let loaded = ThemeFile.load("[ui\n", name: "mine")
    #expect(loaded.warnings.count == 1 && loaded.warnings[0].hasPrefix("is not valid TOML"))
  }
}
