// The program: the workbench, or a subcommand.

import CommandLineTool
import Foundation
import Terminal
import Workbench

let surroundings = Surroundings(
  terminalLibrary: {
    Surroundings.TerminalLibrary(version: TerminalLibrary.version, colors: TerminalLibrary.terminfoColors)
  },
  keySheet: { KeyReference.sheet(KeyMap($0)) },
  listenToKeys: { settings, isCancelled in
    let registry = CommandRegistry.standard.bound(by: KeyMap(settings)).registry
    return try listenToKeys(isCancelled: isCancelled) { KeyReference.meanings(of: $0, in: registry) }
  })

switch interpret(Array(CommandLine.arguments.dropFirst()), in: surroundings) {
case .finished(let exitCode): exit(exitCode)
case .workbench(let paths, let options):
  // Without the destructors of the native libraries: a query that was just cancelled may still be in one of their
  // threads, and they would pull the ground from under it. The terminal and the session's files are in order by now.
  _exit(runWorkbench(paths, options))
}
