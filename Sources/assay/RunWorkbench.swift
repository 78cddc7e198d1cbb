// Opens the workbench on the terminal: what the options, the environment and the files say, then the loop.

import CommandLineTool
import Engine
import Foundation
import Frame
import Grid
import Settings
import Terminal
import Widgets
import Workbench

/// Shows the workbench until it is left.
/// - Returns: the process's exit status.
@MainActor
func runWorkbench(_ paths: [String], _ options: WorkbenchOptions) -> Int32 {
  let variables = ProcessInfo.processInfo.environment
  let environment = TerminalEnvironment(variables)
  let locations = Locations.standard
  let installation = Installation.standard
  let source = PreferencesSource(
    flags: options.given, environment: variables, configFile: locations.configFile,
    themeFolders: [installation.themes, locations.themes].compactMap { $0 })
  let preferences = source.load()
  let settings = preferences.settings
  let drawing = DrawContext(
    theme: preferences.theme, glyphs: preferences.glyphs, colors: environment.colorDepth(option: settings.color))
  let state = WorkbenchState.initial(
    drawing: drawing, preferences: preferences, locations: locations, installation: installation,
    workingFolder: FileManager.default.currentDirectoryPath)
  var configuration = Engine.Configuration(
    locations: locations, threads: settings.threads,
    memoryLimit: settings.memory ?? DatabaseOptions.defaultMemoryLimit)
  configuration.environment = settings.cloudEnvironment(variables)
  configuration.cluster = ClusterPlace(
    remote: settings.spark, authority: settings.sparkAuthority, environment: variables)
  let app = WorkbenchApp(
    state: state, configuration: configuration,
    preferences: source)
  CrashReport.prepare(
    folder: locations.crashes,
    header: """
      assay \(assayVersion)
      terminal \(environment.type), ncurses \(TerminalLibrary.version)
      system \(ProcessInfo.processInfo.operatingSystemVersionString)

      """)
  CommandTrail.shared.observe { CrashReport.note(command: $0) }
  app.open(paths, also: options.also)
  defer { app.close() }
  do {
    let terminal = TerminalOptions(
      colors: settings.color, mouse: settings.hasMouse,
      clipboard: ClipboardSetting(rawValue: settings.clipboard.rawValue), environment: environment)
    return try runTerminal(app, options: terminal).status
  } catch {
    FileHandle.standardError.write(Data("assay: \(error)\n".utf8))
    return 1
  }
}
