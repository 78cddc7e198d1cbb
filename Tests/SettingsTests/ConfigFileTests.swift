import Foundation
import Settings
import Testing

@Suite struct ConfigFileTests {
  private func settings(
    _ text: String, flags: [String: String] = [:], environment: [String: String] = [:]
  ) -> Settings {
    Settings(flags: flags, environment: environment, file: ConfigFile(text, path: "/c/config.toml"))
  }

  @Test func aFlagWinsOverTheEnvironmentAndThatOverTheFile() {
    let file = "theme = \"paper\"\nglyphs = \"block\"\nbell = true\n"
    let all = settings(file, flags: ["theme": "okabe"], environment: ["ASSAY_THEME": "mono", "ASSAY_GLYPHS": "ascii"])
    #expect(all.theme == "okabe" && all["theme"].origin == .flag("--theme"))
    #expect(all.glyphs == .ascii && all["glyphs"].origin == .variable("ASSAY_GLYPHS"))
    #expect(all.ringsBell && all["bell"].origin.description == "config.toml:3")
    #expect(all.threads == nil && all["threads"].origin == .standard)
    #expect(all.warnings.isEmpty)
  }

  @Test func everySettingHasItsDefaultWithoutAnything() {
    let settings = Settings()
    for setting in Setting.all {
      #expect(settings[setting.name].text == setting.standard)
      #expect(setting.canonical(setting.standard) == setting.standard)
    }
    #expect(settings.hasMouse && settings.memory == 1 << 30 && settings.clipboard == .auto && settings.color == nil)
  }

  @Test func autoOnTheCommandLineTakesAFileBack() {
    let all = settings("color = \"never\"\n", flags: ["color": "auto"])
    #expect(all.color == nil && all["color"].origin == .flag("--color"))
  }

  @Test func unknownNamesAndBadValuesAreToldWithTheirLineAndTheRestHolds() {
    let all = settings(
      """
      # mine
      them = "paper"
      glyphs = "brail"
      threads = 0
      mouse = "sometimes"
      memory = 12
      bell = "yes"

      [colors]
      red = 1
      """)
    #expect(
      all.warnings.map(\.description) == [
        "/c/config.toml:2: there is no setting them; did you mean theme?",
        "/c/config.toml:3: glyphs takes auto, braille, block or ascii, not brail; did you mean braille?",
        "/c/config.toml:4: threads takes auto or a number from 1 to 1024, not 0",
        "/c/config.toml:5: mouse takes true or false, not sometimes",
        "/c/config.toml:6: memory takes an amount of memory such as 512M or 2G, 16M at least, not 12",
        "/c/config.toml:9: there is no setting colors; did you mean color?",
      ])
    #expect(all.ringsBell && all.glyphs == nil && all.warnings[0].brief.hasPrefix("config.toml:2: "))
  }

  @Test func aBadVariableIsToldAndTheFileHolds() {
    let all = settings("glyphs = \"block\"\n", environment: ["ASSAY_GLYPHS": "runes"])
    #expect(all.glyphs == .block)
    #expect(
      all.warnings.map(\.description) == ["ASSAY_GLYPHS: glyphs takes auto, braille, block or ascii, not runes"])
  }

  @Test func aSwitchForSafetyThatCannotBeReadIsOn() {
    let file = settings("\ns3_read_only = \"maybe\"\n")
    #expect(file.isObjectStoreReadOnly && file["s3_read_only"].origin == .file(line: 2))
    let told = "/c/config.toml:2: s3_read_only takes true or false, not maybe"
    #expect(file.warnings.map(\.description) == [told])
    #expect(file.cloudEnvironment([:]) == ["ASSAY_S3_READ_ONLY": "1", "ASSAY_S3_READ_ONLY_REASON": told])
    let variable = settings("s3_read_only = false\n", environment: ["ASSAY_S3_READ_ONLY": "banana"])
    #expect(variable.isObjectStoreReadOnly)
    #expect(
      variable.cloudEnvironment([:])["ASSAY_S3_READ_ONLY_REASON"]
        == "ASSAY_S3_READ_ONLY: s3_read_only takes true or false, not banana")
    #expect(settings("s3_read_only = = true\n").isObjectStoreReadOnly)
    #expect(!settings("glyphs = = 3\n").isObjectStoreReadOnly)
    // Who says clearly that things may be changed is heard.
    let clear = settings("s3_read_only = \"maybe\"\n", environment: ["ASSAY_S3_READ_ONLY": "off"])
    #expect(clear.cloudEnvironment([:]) == ["ASSAY_S3_READ_ONLY": "0"])
  }

  @Test func aFileThatIsNoTOMLSetsNothingAndSaysWhere() {
    let all = settings("theme = \"paper\"\nglyphs = = 3\n")
    #expect(all.theme == "assay-dark")
    #expect(all.warnings.count == 1 && all.warnings[0].line == 2, "\(all.warnings)")
  }

  @Test func keysAreReadWithPresetAndInEveryNotation() {
    let all = settings(
      """
      [keys]
      preset = "vim"
      "table.chart" = ["F", "ctrl-f"]
      table.row = "g r"
      "edit.undo" = ""
      "edit.redo" = 7
      """)
    #expect(all.preset == "vim")
    #expect(
      all.keyOverrides == [
        KeyOverride(command: "table.chart", keys: ["F", "ctrl-f"], line: 3),
        KeyOverride(command: "table.row", keys: ["g r"], line: 4),
        KeyOverride(command: "edit.undo", keys: [], line: 5),
      ])
    #expect(all.warnings.map(\.line) == [6])
    #expect(settings("keys = \"arrows\"\n").preset == "arrows")
  }

  @Test func theDocumentedFileSetsTheDefaultsWhenItIsUncommented() {
    #expect(ConfigFile(ConfigFile.documented, path: "c").warnings.isEmpty)
    let lines = ConfigFile.documented.split(separator: "\n").filter { $0.hasPrefix("# ") && $0.contains(" = ") }
    let bare = lines.map { $0.dropFirst(2) }.joined(separator: "\n").replacing("preset =", with: "[keys]\npreset =")
    let file = ConfigFile(bare, path: "c")
    #expect(file.warnings.isEmpty, "\(file.warnings)")
    for setting in Setting.all { #expect(file.values[setting.name]?.text == setting.standard, "\(setting.name)") }
  }

  @Test func aSettingIsWrittenWhereItBelongsAndNothingElseChanges() {
    func set(_ text: String) -> String { ConfigFile.setting("glyphs", to: "block", in: text) }
    #expect(set("") == "glyphs = \"block\"\n")
    #expect(set("a = 1\nglyphs = \"auto\" # why\n[keys]\n") == "a = 1\nglyphs = \"block\"  # why\n[keys]\n")
    #expect(set("# glyphs = \"auto\"\nbell = true\n") == "# glyphs = \"auto\"\nglyphs = \"block\"\nbell = true\n")
    #expect(
      set("bell = true\n[keys]\nglyphs = \"x\"\n") == "bell = true\nglyphs = \"block\"\n\n[keys]\nglyphs = \"x\"\n")
    let whole = ConfigFile(set(ConfigFile.documented), path: "c")
    #expect(whole.warnings.isEmpty && whole.values["glyphs"]?.text == "block")
  }

  @Test func memoryIsReadAsPeopleWriteIt() {
    #expect(memoryBytes("512M") == 512 << 20)
    #expect(memoryBytes("1.5GiB") == 3 << 29)
    #expect(memoryBytes("lots") == nil && memoryBytes("1M") == nil && memoryBytes("-2G") == nil)
  }
}
