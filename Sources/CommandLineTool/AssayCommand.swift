// The whole command line: the subcommands, and the workbench where none is named.

import ArgumentParser
import Foundation
import Frame
import Grid

/// The version of assay.
public let assayVersion = "0.1.0"

/// `assay`, as its help shows it. What is typed is read by one of the two below: with files of its own, a command
/// would take the names of its subcommands for files.
struct AssayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    abstract: "A terminal workbench for data analysts.",
    usage: """
      assay [OPTIONS] [FILE…|FLOW|-]
      assay SUBCOMMAND …
      """,
    discussion: """
      Without a subcommand the workbench opens: on the files or the flow named, on standard input for -, or on its start \
      screen. A file that is called like a subcommand is opened as ./profile.

      Subcommands write their result to standard output, as JSON with --json, and everything else to standard error. \
      Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
      """,
    version: "assay \(assayVersion)",
    subcommands: Subcommands.configuration.subcommands)

  @OptionGroup(title: "Workbench options") var workbench: WorkbenchArguments
}

/// `assay SUBCOMMAND …`.
struct Subcommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    subcommands: [
      ProfileCommand.self, QueryCommand.self, ChartCommand.self, QuickModelCommand.self, FlowCommand.self,
      DefineCommand.self, DoctorCommand.self, LocateCommand.self, DocsCommand.self,
    ])

  static let names: Set<String> = Set(configuration.subcommands.compactMap { $0.configuration.commandName })
}

/// `assay FILE…`.
struct WorkbenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "assay", version: "assay \(assayVersion)")

  @OptionGroup var arguments: WorkbenchArguments
}

/// The options of the workbench.
struct WorkbenchArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("Data files, a flow, or - for standard input.", valueName: "file"))
  var files: [String] = []

  @Option(help: "Colours: auto, never, 16, 256 or direct.")
  var color: ColorChoice = .auto

  @Option(help: "Characters for charts and borders: auto, braille, block or ascii.")
  var glyphs: GlyphChoice = .auto

  @Option(help: ArgumentHelp("A theme: assay-dark, assay-light, mono, or one of your own.", valueName: "name"))
  var theme: String?

  @Flag(help: "Leave the mouse to the terminal.")
  var noMouse = false

  @OptionGroup var resources: ResourceOptions

  var options: WorkbenchOptions {
    WorkbenchOptions(
      color: color.depth, glyphs: glyphs.set, theme: theme, threads: resources.threads,
      memory: resources.memory?.bytes, noMouse: noMouse)
  }
}

/// Reads a command line without a subcommand.
func workbench(_ arguments: [String], _ console: Console) throws -> Invocation {
  let command = try WorkbenchCommand.parse(arguments)
  for path in command.arguments.files where path != "-" {
    if let problem = missing(path) {
      console.tell(complaint(problem))
      return .finished(exitCode: 1)
    }
  }
  return .workbench(paths: command.arguments.files, options: command.arguments.options)
}

/// Why a file cannot be opened: told before the terminal is taken over.
private func missing(_ path: String) -> FrameError? {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) { return nil }
  let names = Subcommands.names.sorted()
  let near = names.first { $0.hasPrefix(path) || path.hasPrefix($0) || differsLittle($0, path) }
  let advice = near.map { "Check the path, or did you mean the subcommand \($0)?" } ?? "Check the path."
  return FrameError(.notFound, location: path, what: "there is no such file", advice: advice)
}

/// True when one letter was forgotten, added, or wrong, or two changed places.
private func differsLittle(_ left: String, _ right: String) -> Bool {
  let left = Array(left)
  let right = Array(right)
  guard abs(left.count - right.count) <= 1, min(left.count, right.count) > 3 else { return false }
  let start = zip(left, right).prefix { $0 == $1 }.count
  let end = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
  let longest = max(left.count, right.count)
  if start + end >= longest - 1 { return true }
  return left.count == right.count && start + end == longest - 2 && left.sorted() == right.sorted()
}
