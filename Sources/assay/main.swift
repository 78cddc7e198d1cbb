// The program: the workbench, or a subcommand.

import CommandLineTool
import Foundation
import Terminal

let surroundings = Surroundings(terminalLibrary: {
  Surroundings.TerminalLibrary(version: TerminalLibrary.version, colors: TerminalLibrary.terminfoColors)
})

switch interpret(Array(CommandLine.arguments.dropFirst()), in: surroundings) {
case .finished(let exitCode): exit(exitCode)
case .workbench(let paths, let options): exit(runWorkbench(paths, options))
}
