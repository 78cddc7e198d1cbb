import ArgumentParser
import Engine

/// `assay locate`.
struct LocateCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "locate", abstract: "Print where assay keeps its config, themes, state or cache.")

  enum Place: String, ExpressibleByArgument, CaseIterable { case config, themes, state, cache }

  @Argument(help: "config, themes, state or cache.")
  var place: Place

  func run(_ headless: Headless) throws {
    let locations = Locations(environment: headless.surroundings.environment)
    let path =
      switch place {
      case .config: locations.config
      case .themes: locations.themes
      case .state: locations.state
      case .cache: locations.cache
      }
    try headless.console.write(path + "\n")
  }
}
