import Engine
import Foundation
import Grid
import Settings
import TestSupport
import Testing
import Widgets

@testable import Workbench

/// Drives the workbench as a person does, with a real engine and without a terminal: presses keys, waits for the screen
/// to show something, reads it.
@MainActor
final class Robot {
  let app: WorkbenchApp
  let folder: URL
  private var size: Size

  /// - Parameters:
  ///   - home: a folder of another robot, to find what it left behind.
  ///   - config: what stands in its config.toml, which is then watched; nil has no file.
  ///   - aws: variables that say who asks AWS, and where; nothing of this machine's is used.
  ///   - cluster: where tables that `spark:` names are.
  init(
    _ size: Size = Size(width: 120, height: 40), glyphs: GlyphSet = .braille, home: URL? = nil, config: String? = nil,
    aws: [String: String] = [:], cluster: ClusterPlace? = nil
  ) throws {
    self.size = size
    folder =
      home ?? FileManager.default.temporaryDirectory.appendingPathComponent("assay-robot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let locations = Locations(environment: [
      "HOME": folder.path, "XDG_CONFIG_HOME": folder.path + "/config", "XDG_STATE_HOME": folder.path + "/state",
      "XDG_CACHE_HOME": folder.path + "/cache",
    ])
    let installation = Installation(executable: "/nowhere/assay", environment: ["ASSAY_HOME": Self.checkout])
    var source: PreferencesSource?
    if let config {
      try FileManager.default.createDirectory(atPath: locations.config, withIntermediateDirectories: true)
      try Data(config.utf8).write(to: URL(fileURLWithPath: locations.configFile))
      source = PreferencesSource(
        flags: ["glyphs": glyphs.rawValue], environment: [:], configFile: locations.configFile,
        themeFolders: [locations.themes])
    }
    let state = WorkbenchState.initial(
      drawing: DrawContext(theme: .dark, glyphs: glyphs),
      preferences: source?.load() ?? Preferences(glyphs: glyphs), locations: locations, installation: installation,
      workingFolder: folder.path)
    var configuration = Engine.Configuration(locations: locations, threads: 1)
    configuration.environment = ["HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true"].merging(aws) { $1 }
    configuration.cluster = cluster
    app = WorkbenchApp(state: state, configuration: configuration, preferences: source)
    app.start(size: size, colors: .indexed256, wake: {})
  }

  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  static let census = checkout + "/sample-data/census.csv"

  var state: WorkbenchState { app.state }

  /// Presses keys: names and letters parted by blanks, as in key maps.
  func press(_ keys: String) {
    for key in KeyEvent.sequence(keys) ?? [] { app.handle([.key(key)]) }
  }

  /// Types a text letter by letter.
  func type(_ text: String) {
    for character in text { app.handle([.key(KeyEvent(.character(character)))]) }
  }

  /// Runs a command by its title, through the palette.
  func choose(_ title: String) {
    press("ctrl-p")
    type(title)
    press("enter")
  }

  func resize(_ size: Size) {
    self.size = size
    app.handle([.resize(size)])
  }

  /// The screen as lines, blanks at line ends removed.
  var screen: String { TestSupport.text(of: app.draw(size: size)) }

  /// The screen with the figures that differ from run to run replaced.
  var stableScreen: String {
    screen.replacing(/[0-9]+\.[0-9] s|\b[0-9]{2}:[0-9]{2}\b/, with: "#.# s").replacing(folder.path, with: "HOME")
  }

  /// Lets the workbench receive what its jobs say until `condition` holds.
  func wait(
    _ what: String, seconds: Double = 120, sourceLocation: SourceLocation = #_sourceLocation,
    until condition: (WorkbenchState) -> Bool
  ) {
    let end = Date(timeIntervalSinceNow: seconds)
    app.handle([.wake])
    while !condition(app.state) {
      guard Date() < end else {
        Issue.record("waited in vain for \(what)\n\(screen)", sourceLocation: sourceLocation)
        return
      }
      Thread.sleep(forTimeInterval: 0.005)
      app.handle([.wake])
    }
  }

  /// Waits until nothing runs and the rows on screen are there.
  func settle(sourceLocation: SourceLocation = #_sourceLocation) {
    wait("quiet", sourceLocation: sourceLocation) { state in state.requests.isEmpty }
  }

  func open(_ path: String) {
    app.open(path)
    settle()
  }

  func close() {
    app.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Writes a file into the robot's folder.
  func file(_ name: String, _ text: String) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }
}
