import Foundation

/// The folders that assay uses, as the XDG base directory specification names them.
public struct Locations: Sendable, Equatable {
  public let config: String
  public let state: String
  public let cache: String

  /// - Parameter environment: usually that of the process.
  public init(environment: [String: String]) {
    let home = environment["HOME"] ?? NSHomeDirectory()
    func folder(_ variable: String, _ fallback: String) -> String {
      let base = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/" + fallback
      return base + "/assay"
    }
    config = folder("XDG_CONFIG_HOME", ".config")
    state = folder("XDG_STATE_HOME", ".local/state")
    cache = folder("XDG_CACHE_HOME", ".cache")
  }

  /// The home folder of the person.
  public static var home: String { ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory() }

  public static var standard: Locations { Locations(environment: ProcessInfo.processInfo.environment) }

  public var configFile: String { config + "/config.toml" }
  /// Reports of crashes.
  public var log: String { state + "/log" }
  public var themes: String { config + "/themes" }
  public var recents: String { state + "/recent.json" }
  public var commandUse: String { state + "/commands.json" }
  public var crashes: String { state + "/crashes" }
  public var autosaves: String { state + "/autosave" }
  /// What was done in the workbench, as sessions that can be run again.
  public var sessionLogs: String { state + "/sessions" }
  /// Models of flows that have no file of their own.
  public var models: String { state + "/models" }
  public var sessions: String { cache + "/sessions" }
  /// Vectors of columns that were searched by meaning.
  public var vectors: String { cache + "/vectors" }
}
