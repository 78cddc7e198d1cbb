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
      Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but a check has found something, 130 interrupted.
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
      ProfileCommand.self, FrequencyCommand.self, InspectCommand.self, QueryCommand.self, FilterCommand.self,
      SheetsCommand.self,
      ChartCommand.self, InsightCommand.self, QuickModelCommand.self, AutoMLCommand.self, PredictCommand.self,
      WorkerCommand.self, ServeCommand.self, ModelCommand.self, BiasCommand.self, ExplainCommand.self,
      EmbedCommand.self,
      FlowCommand.self, RunCommand.self, DefineCommand.self, ObjectStoreCommand.self, CatalogCommand.self,
      AthenaCommand.self, SparkCommand.self, BringCommand.self,
      DoctorCommand.self, ConfigCommand.self, KeysCommand.self, LocateCommand.self, CompletionsCommand.self,
      ManCommand.self,
      DocsCommand.self,
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

  @Option(
    help: ArgumentHelp(
      "One more file, or key on S3, to read below FILE as one dataset; several times for several, in their order.",
      valueName: "location"))
  var also: [String] = []

  @OptionGroup var settings: SettingOptions
  @OptionGroup var resources: ResourceOptions

  var options: WorkbenchOptions {
    var given = settings.given
    given["threads"] = resources.threads.map(String.init)
    given["memory"] = resources.memory?.text
    return WorkbenchOptions(given: given, also: also)
  }

  func validate() throws {
    guard !also.isEmpty else { return }
    guard files.count == 1, let file = files.first, ![".flow", ".assay"].contains(where: file.lowercased().hasSuffix)
    else { throw ValidationError("--also reads more below one dataset: name exactly one, and no flow") }
  }
}

/// What files of settings say too; an option wins over them.
struct SettingOptions: ParsableArguments {
  @Option(help: "Colours: auto, never, 16, 256 or direct.")
  var color: ColorChoice?

  @Option(help: "Characters for charts and borders: auto, braille, block or ascii.")
  var glyphs: GlyphChoice?

  @Option(help: ArgumentHelp("A theme that ships, or one of your own.", valueName: "name"), completion: themeNames)
  var theme: String?

  @Option(help: "Key map: assay, visidata, vim or arrows.")
  var keys: KeyMapChoice?

  @Option(help: "How to copy: auto, native, osc52 or off.")
  var clipboard: ClipboardChoice?

  @Flag(inversion: .prefixedNo, help: "Take the mouse, or leave it to the terminal.")
  var mouse: Bool?

  @Flag(inversion: .prefixedNo, help: "Ring the bell when a long job has ended.")
  var bell: Bool?

  /// The values given, by the setting's name.
  var given: [String: String] {
    var given: [String: String] = [:]
    given["color"] = color?.rawValue
    given["glyphs"] = glyphs?.rawValue
    given["theme"] = theme
    given["keys"] = keys?.rawValue
    given["clipboard"] = clipboard?.rawValue
    given["mouse"] = mouse.map { $0 ? "true" : "false" }
    given["bell"] = bell.map { $0 ? "true" : "false" }
    return given
  }
}

/// The names of the themes that ship.
let themeNames = CompletionKind.list(Theme.builtIn.map(\.name))

/// Reads a command line without a subcommand.
func workbench(_ arguments: [String], _ console: Console) throws -> Invocation {
  let command = try WorkbenchCommand.parse(arguments)
  for path in command.arguments.files + command.arguments.also where path != "-" && !Source.isElsewhere(path) {
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
