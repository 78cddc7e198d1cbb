import ArgumentParser
import Engine
import Grid
import Settings

/// `assay keys`.
struct KeysCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Show the keys in force, or what the terminal sends for each key.")

  @Option(help: "Show this key map instead of the one of the settings: assay, visidata, vim or arrows.")
  var preset: KeyMapChoice?

  @Flag(help: "Show what the terminal sends for each key that is pressed, and what it does; q or ^C ends.")
  var listen = false

  @Flag(help: "Print JSON.")
  var json = false

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let environment = headless.surroundings.environment
    var given: [String: String] = [:]
    given["keys"] = preset?.rawValue
    let file = ConfigFile(contentsOf: Locations(environment: environment).configFile)
    let settings = Settings(flags: given, environment: environment, file: file)
    if listen {
      try headless.surroundings.listenToKeys(settings) { headless.context.isCancelled }
      return try headless.context.checkCancelled()
    }
    guard let sheet = headless.surroundings.keySheet(settings) else { throw NoWorkbench() }
    for warning in settings.warnings + sheet.warnings { headless.console.tell("assay: warning: \(warning)") }
    for note in sheet.notes { headless.console.tell("assay: note: \(note)") }
    if json { return try headless.writeJSON(sheet) }
    try headless.console.write(lines(sheet).joined(separator: "\n") + "\n")
  }

  private func lines(_ sheet: KeySheet) -> [String] {
    let all = sheet.places.flatMap(\.bindings) + sheet.unbound
    let keys = all.map { TextWidth.of(text($0.labels)) }.max() ?? 0
    let titles = all.map { TextWidth.of($0.title) }.max() ?? 0
    var lines = ["key map: \(sheet.preset)"]
    let unbound = KeySheet.Place(title: "Menus and palette only", bindings: sheet.unbound)
    for place in sheet.places + [unbound] where !place.bindings.isEmpty {
      lines += ["", place.title]
      for binding in place.bindings {
        let label = TextWidth.fit(text(binding.labels), keys)
        lines.append("  \(label)  \(TextWidth.fit(binding.title, titles))  \(binding.command)")
      }
    }
    return lines
  }

  /// With commas where one of the ways is a sequence: `Home, g h, 0`.
  private func text(_ labels: [String]) -> String {
    labels.joined(separator: labels.count > 1 && labels.contains { $0.contains(" ") } ? ", " : " ")
  }

  private struct NoWorkbench: Error, CustomStringConvertible {
    let description = "this program has no workbench, and so no keys."
  }
}
