import ArgumentParser

/// `assay flow`.
struct FlowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flow", abstract: "Show a saved flow, or run it.",
    subcommands: [FlowShowCommand.self, FlowRunCommand.self])
}
