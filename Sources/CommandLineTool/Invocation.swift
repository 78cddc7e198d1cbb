// What a command line asks for: the workbench, or a subcommand that has then already run.

import ArgumentParser
import Foundation
import Jobs
import Settings

/// What the thin main has to do.
public enum Invocation: Sendable, Equatable {
  /// Open the workbench on these files, flows, or `-`; on the start screen when there are none.
  case workbench(paths: [String], options: WorkbenchOptions)
  /// A subcommand has run (or a usage error was told): exit with this status.
  case finished(exitCode: Int32)
}

/// The options of the workbench that were given, by the setting's name: `["theme": "paper"]`.
public struct WorkbenchOptions: Sendable, Equatable {
  public var given: [String: String]
  /// More files, or objects on S3, that are read below the one that is opened.
  public var also: [String]

  public init(given: [String: String] = [:], also: [String] = []) { (self.given, self.also) = (given, also) }
}

/// What a subcommand cannot find out by itself, and what tests replace.
public struct Surroundings: Sendable {
  /// What is known about the terminal library, which subcommands do not otherwise need.
  public struct TerminalLibrary: Sendable {
    public var version: String
    /// Colours of the terminal by its terminfo entry; nil where there is none.
    public var colors: Int?

    public init(version: String, colors: Int?) {
      self.version = version
      self.colors = colors
    }
  }

  public var environment: [String: String]
  /// Descriptors that the result, and everything else, are written to.
  public var output: Int32
  public var error: Int32
  public var terminalLibrary: @Sendable () -> TerminalLibrary?
  /// The keys in force; nil where there is no workbench to ask.
  public var keySheet: @Sendable (Settings) -> KeySheet?
  /// Shows what the terminal sends until it is told to end.
  public var listenToKeys: @Sendable (Settings, _ isCancelled: () -> Bool) throws -> Void

  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment, output: Int32 = STDOUT_FILENO,
    error: Int32 = STDERR_FILENO, terminalLibrary: @escaping @Sendable () -> TerminalLibrary? = { nil },
    keySheet: @escaping @Sendable (Settings) -> KeySheet? = { _ in nil },
    listenToKeys: @escaping @Sendable (Settings, _ isCancelled: () -> Bool) throws -> Void = { _, _ in }
  ) {
    self.environment = environment
    self.output = output
    self.error = error
    self.terminalLibrary = terminalLibrary
    self.keySheet = keySheet
    self.listenToKeys = listenToKeys
  }
}

/// Reads a command line (without the program's name), and runs the subcommand that it names.
///
/// A first argument that is no subcommand's name is a file for the workbench; a file that is called like a subcommand
/// is opened as `./profile`.
public func interpret(_ arguments: [String], in surroundings: Surroundings = Surroundings()) -> Invocation {
  let console = Console(
    output: surroundings.output, error: surroundings.error, environment: surroundings.environment)
  signal(SIGPIPE, SIG_IGN)
  do {
    if let first = arguments.first, Subcommands.names.contains(first) {
      let arguments = ["flow", "run"].contains(first) ? dividingParameters(arguments) : arguments
      let command = try Subcommands.parseAsRoot(arguments)
      return .finished(exitCode: run(command, arguments, console, surroundings))
    }
    if arguments.first == "help" { return try help(arguments.dropFirst(), console) }
    return try workbench(arguments, console)
  } catch {
    return .finished(exitCode: tellUsage(error, arguments, console))
  }
}

/// `-Dname=value` as `-D name=value`: the parser would take the name for a part of the option.
private func dividingParameters(_ arguments: [String]) -> [String] {
  arguments.flatMap { argument in
    guard argument.hasPrefix("-D"), argument.count > 2, argument.contains("=") else { return [argument] }
    return ["-D", String(argument.dropFirst(2))]
  }
}

/// `assay help`, `assay help flow run`.
private func help(_ path: ArraySlice<String>, _ console: Console) throws -> Invocation {
  var command: any ParsableCommand.Type = AssayCommand.self
  for name in path {
    guard let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == name }) else {
      throw ValidationError("There is no subcommand \(name)")
    }
    command = next
  }
  let text =
    path.isEmpty ? AssayCommand.helpMessage() : Subcommands.helpMessage(for: command)
  try console.write(text + "\n")
  try console.flush()
  return .finished(exitCode: 0)
}

private func run(
  _ command: any ParsableCommand, _ arguments: [String], _ console: Console, _ surroundings: Surroundings
) -> Int32 {
  let progress = ProgressLine(console)
  let notes = Notes(console, progress)
  let context = ForegroundContext(progress: progress.report, partial: notes.take)
  do {
    try context.withSignals {
      defer { progress.end() }
      if let command = command as? any HeadlessCommand {
        if command.obeysSettings {
          for warning in console.settings.warnings { console.tell("assay: warning: \(warning)") }
        }
        try command.run(Headless(console: console, surroundings: surroundings, context: context, notes: notes))
      } else {
        var command = command
        try command.run()
      }
      try console.flush()
    }
    return 0
  } catch is ReaderGone {
    return 0
  } catch let error as UsageError {
    console.tell(complaint(error))
    return 2
  } catch let error as CheckFinding {
    try? console.flush()
    console.tell(complaint(error))
    return 3
  } catch {
    if error is JobCancelled || context.isCancelled { return 128 + (context.signal ?? SIGINT) }
    if Subcommands.exitCode(for: error) != .failure { return tellUsage(error, arguments, console) }
    // What was already computed goes out before the complaint.
    try? console.flush()
    console.tell(complaint(error))
    return 1
  }
}

/// Prints help and versions to the output, complaints about arguments in one line to the error stream.
private func tellUsage(_ error: any Error, _ arguments: [String], _ console: Console) -> Int32 {
  let named = arguments.first.map { Subcommands.names.contains($0) } ?? false
  if Subcommands.exitCode(for: error) == .success {
    let text = named ? Subcommands.fullMessage(for: error) : WorkbenchCommand.message(for: error)
    let isHelp = !named && !text.hasPrefix("assay ")
    try? console.write((isHelp ? AssayCommand.helpMessage() : text) + "\n")
    try? console.flush()
    return 0
  }
  let path = named ? arguments.prefix(arguments.first == "flow" ? 2 : 1).filter { !$0.hasPrefix("-") } : []
  let message = Subcommands.message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
  let full = message.hasSuffix(".") || message.hasSuffix("?") ? message : message + "."
  console.tell("assay: \(full) See '\((["assay"] + path).joined(separator: " ")) --help'.")
  return 2
}
