import ArgumentParser
import Engine

/// `assay profile`.
struct ProfileCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Count, missing, distinct, minimum, maximum, mean, quantiles and top values of every column.",
    discussion: "Figures that are estimates carry ≈, and stand in \"approximate\" in the JSON.")

  @OptionGroup var source: SourceOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let output = try engine.run(.analyze(NodeRequest(source: source.value), .summary), context: headless.context)
    guard case .analysis(.summary(let profile), _) = output else { return }
    try headless.tellSkipped(source.value, engine)
    if json { return try headless.writeJSON(profile) }
    let lines = profileLines(
      profile, width: headless.console.textWidth, glyphs: headless.console.environment.glyphs)
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }
}
