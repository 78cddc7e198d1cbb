// The program: the workbench, or a subcommand.

import CommandLineTool
import Foundation
import Terminal

let surroundings = Surroundings(terminalLibrary: {
  Surroundings.TerminalLibrary(version: TerminalLibrary.version, colors: TerminalLibrary.terminfoColors)
})

switch interpret(Array(CommandLine.arguments.dropFirst()), in: surroundings) {
case .finished(let exitCode): exit(exitCode)
case .workbench(let paths, let options):
  // Without the destructors of the native libraries: a query that was just cancelled may still be in one of their
  // threads, and they would pull the ground from under it. The terminal and the session's files are in order by now.
  _exit(runWorkbench(paths, options))
}
