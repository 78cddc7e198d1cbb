import Engine
import Foundation
import Grid
import Settings

/// What lies beside the program: sample data and themes. Found from where the program stands, so that a moved checkout
/// and an installed copy both work.
public struct Installation: Sendable, Equatable {
  public let sampleData: String?
  public let themes: String?

  /// - Parameter executable: the program's path; its folder and those above it are searched, then `share/assay`.
  public init(executable: String, environment: [String: String]) {
    var folders: [String] = environment["ASSAY_HOME"].map { [$0] } ?? []
    var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
    for _ in 0..<5 {
      folders += [folder.path, folder.path + "/share/assay"]
      folder.deleteLastPathComponent()
    }
    func find(_ name: String, with file: String) -> String? {
      folders.map { $0 + "/" + name }.first { FileManager.default.fileExists(atPath: $0 + "/" + file) }
    }
    sampleData = find("sample-data", with: "census.csv")
    themes = find("themes", with: "assay-dark.toml")
  }

  /// The process's own.
  public static var standard: Installation {
    let executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments.first ?? "."
    return Installation(executable: executable, environment: ProcessInfo.processInfo.environment)
  }
}

extension WorkbenchState {
  /// The state at start: themes, recent files, samples, and what a dead process left behind.
  public static func initial(
    drawing: DrawContext, preferences: Preferences = Preferences(), locations: Locations = .standard,
    installation: Installation = .standard, workingFolder: String = "."
  ) -> WorkbenchState {
    var state = WorkbenchState(size: Size(width: 80, height: 24), drawing: drawing, workingFolder: workingFolder)
    state.begin(with: preferences)
    state.recents = Recents(at: locations).paths.filter { FileManager.default.fileExists(atPath: $0) }
    state.commandUse = CommandUse(at: locations)
    if let kind = ProcessInfo.processInfo.environment["ASSAY_CRASH_TEST"] {
      state.registry = state.registry.withCrash(kind)
    }
    state.sampleFolder = installation.sampleData
    state.automl.home = locations.models
    if let (record, file) = Autosave(locations: locations).orphan() {
      let formatter = DateFormatter()
      formatter.dateFormat = "yyyy-MM-dd HH:mm"
      state.orphan = Orphan(
        flow: record.flow, path: record.path, savedAt: formatter.string(from: record.savedAt), file: file)
    }
    return state
  }
}
