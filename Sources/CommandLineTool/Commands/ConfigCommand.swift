import ArgumentParser
import Engine
import Foundation
import Settings

/// `assay config`.
struct ConfigCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show the settings in force and where each comes from, or check the file.",
    discussion: """
      A flag wins over a variable of the environment (ASSAY_THEME), that wins over config.toml, and that over the \
      default. Options given here show what they would do. What is wrong in the file is told with its line and never \
      keeps assay from starting.
      """)

  enum Task: String, ExpressibleByArgument, CaseIterable { case check }

  @Argument(
    help: ArgumentHelp("check tells all that is wrong in the file and in the themes; exit status 3 if anything is."))
  var task: Task?

  @Flag(help: "Print a config.toml with every setting, its default and what it does.")
  var printDefault = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var settings: SettingOptions
  @OptionGroup var resources: ResourceOptions

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    if printDefault { return try headless.console.write(ConfigFile.documented) }
    let report = ConfigReport(headless.surroundings, given: given)
    if json {
      try headless.writeJSON(report)
    } else if task == nil {
      try headless.console.write(report.lines(headless.console.textWidth).joined(separator: "\n") + "\n")
    }
    for warning in report.warnings where !json { headless.console.tell("assay: warning: \(warning)") }
    guard task == .check else { return }
    for note in report.notes where !json { headless.console.tell("assay: note: \(note)") }
    if !report.warnings.isEmpty {
      throw CheckFinding("\(counted(report.warnings.count, "warning")): see the lines above.")
    }
    if !json { try headless.console.write("\(report.file): nothing is wrong\n") }
  }

  private var given: [String: String] {
    var given = settings.given
    given["threads"] = resources.threads.map(String.init)
    given["memory"] = resources.memory?.text
    return given
  }
}

/// What `assay config` finds.
struct ConfigReport: Encodable {
  struct Entry: Encodable {
    var name: String
    var value: String
    /// Who set it: `default`, `config.toml:3`, `ASSAY_THEME`, `--theme`.
    var source: String
    var summary: String
  }

  var file: String
  var exists: Bool
  var settings: [Entry]
  var keys: [KeyOverride]
  var themes: [String]
  var warnings: [SettingWarning]
  var notes: [String]

  init(_ surroundings: Surroundings, given: [String: String]) {
    let locations = Locations(environment: surroundings.environment)
    let source = PreferencesSource(
      flags: given, environment: surroundings.environment, configFile: locations.configFile,
      themeFolders: [locations.themes])
    let preferences = source.load()
    let sheet = surroundings.keySheet(preferences.settings)
    file = locations.configFile
    exists = FileManager.default.fileExists(atPath: file)
    settings = Setting.all.map { setting in
      let value = preferences.settings[setting.name]
      return Entry(
        name: setting.path, value: value.text, source: value.origin.description, summary: setting.summary)
    }
    keys = preferences.settings.keyOverrides
    themes = preferences.themes.map(\.name)
    warnings = preferences.warnings + (sheet?.warnings ?? [])
    notes = sheet?.notes ?? []
  }

  func lines(_ width: Int?) -> [String] {
    var table = TextTable([.init(title: "setting"), .init(title: "value"), .init(title: "from")])
    for entry in settings { table.add([entry.name, entry.value, entry.source]) }
    for override in keys {
      let keys = override.keys.isEmpty ? "(none)" : override.keys.joined(separator: ", ")
      table.add(["keys.\(override.command)", keys, "config.toml" + (override.line.map { ":\($0)" } ?? "")])
    }
    let place = exists ? file : "\(file) (not there: assay config --print-default > \(file))"
    return table.lines(width: width).lines + ["", "file    \(place)", "themes  \(themes.joined(separator: ", "))"]
  }
}
