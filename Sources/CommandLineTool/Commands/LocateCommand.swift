import ArgumentParser
import Engine

/// `assay locate`.
struct LocateCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "locate", abstract: "Print where assay keeps its config, themes, state, log, sessions or cache.")

  enum Place: String, ExpressibleByArgument, CaseIterable { case config, themes, state, log, sessions, cache }

  @Argument(help: "config, themes, state, log, sessions or cache.")
  var place: Place

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let locations = Locations(environment: headless.surroundings.environment)
    let path =
      switch place {
      case .config: locations.configFile
      case .themes: locations.themes
      case .state: locations.state
      case .log: locations.log
      case .sessions: locations.sessionLogs
      case .cache: locations.cache
      }
    try headless.console.write(path + "\n")
  }
}
