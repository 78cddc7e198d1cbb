// What a command line asks for: the workbench, or a subcommand that has then already run.

import ArgumentParser
import Foundation
import Grid
import Jobs

/// What the thin main has to do.
public enum Invocation: Sendable, Equatable {
  /// Open the workbench on these files, flows, or `-`; on the start screen when there are none.
  case workbench(paths: [String], options: WorkbenchOptions)
  /// A subcommand has run (or a usage error was told): exit with this status.
  case finished(exitCode: Int32)
}

/// The options of the workbench; nil is the default.
public struct WorkbenchOptions: Sendable, Equatable {
  public var color: ColorDepth?
  public var glyphs: GlyphSet?
  /// Name of a theme.
  public var theme: String?
  public var threads: Int?
  /// Bytes that the database keeps in memory.
  public var memory: Int?
  public var noMouse: Bool

  public init(
    color: ColorDepth? = nil, glyphs: GlyphSet? = nil, theme: String? = nil, threads: Int? = nil, memory: Int? = nil,
    noMouse: Bool = false
  ) {
    self.color = color
    self.glyphs = glyphs
    self.theme = theme
    self.threads = threads
    self.memory = memory
    self.noMouse = noMouse
  }
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

  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment, output: Int32 = STDOUT_FILENO,
    error: Int32 = STDERR_FILENO, terminalLibrary: @escaping @Sendable () -> TerminalLibrary? = { nil }
  ) {
    self.environment = environment
    self.output = output
    self.error = error
    self.terminalLibrary = terminalLibrary
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
      let command = try Subcommands.parseAsRoot(arguments)
      return .finished(exitCode: run(command, arguments, console, surroundings))
    }
    if arguments.first == "help" { return try help(arguments.dropFirst(), console) }
    return try workbench(arguments, console)
  } catch {
    return .finished(exitCode: tellUsage(error, arguments, console))
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
