// The program: the workbench, or a subcommand.

import CommandLineTool
import Foundation

switch interpret(Array(CommandLine.arguments.dropFirst())) {
case .finished(let exitCode): exit(exitCode)
case .workbench(let paths, let options): exit(runWorkbench(paths, options))
}
