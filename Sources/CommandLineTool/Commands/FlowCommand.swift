import ArgumentParser

/// `assay flow`.
struct FlowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flow", abstract: "Show a saved flow, run it, or bring it from and to other programs.",
    subcommands: [
      FlowShowCommand.self, FlowRunCommand.self, FlowLineageCommand.self, FlowImportCommand.self,
      FlowExportCommand.self,
    ])
}
