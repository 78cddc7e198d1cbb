// Opens the workbench on the terminal: what the options and the environment say, then the loop.

import CommandLineTool
import Engine
import Foundation
import Frame
import Grid
import Terminal
import Widgets
import Workbench

/// Shows the workbench until it is left.
/// - Returns: the process's exit status.
@MainActor
func runWorkbench(_ paths: [String], _ options: WorkbenchOptions) -> Int32 {
  let environment = TerminalEnvironment(ProcessInfo.processInfo.environment)
  let locations = Locations.standard
  let drawing = DrawContext(
    theme: .dark, glyphs: options.glyphs ?? environment.glyphs, colors: environment.colorDepth(option: options.color))
  let state = WorkbenchState.initial(
    drawing: drawing, themeName: options.theme, locations: locations,
    workingFolder: FileManager.default.currentDirectoryPath)
  let app = WorkbenchApp(
    state: state,
    configuration: Engine.Configuration(
      locations: locations, threads: options.threads, memoryLimit: options.memory ?? DatabaseOptions.defaultMemoryLimit)
  )
  CrashReport.prepare(
    folder: locations.crashes,
    header: """
      assay \(assayVersion)
      terminal \(environment.type), ncurses \(TerminalLibrary.version)
      system \(ProcessInfo.processInfo.operatingSystemVersionString)

      """)
  CommandTrail.shared.observe { CrashReport.note(command: $0) }
  app.open(paths)
  defer { app.close() }
  do {
    let terminal = TerminalOptions(colors: options.color, mouse: !options.noMouse, environment: environment)
    return try runTerminal(app, options: terminal).status
  } catch {
    FileHandle.standardError.write(Data("assay: \(error)\n".utf8))
    return 1
  }
}
