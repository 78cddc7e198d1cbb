import ArgumentParser
import Foundation

/// `assay docs`: the reference of the command line, made from the definitions that the parser itself uses.
struct DocsCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Print the reference of the command line as Markdown.", shouldDisplay: false)

  @Option(help: ArgumentHelp("Compare with this file instead, and fail when it is stale.", valueName: "file"))
  var check: String?

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let text = Self.reference
    guard let check else { return try headless.console.write(text) }
    guard let data = FileManager.default.contents(atPath: check) else {
      throw DocsError(description: "\(check): there is no such file. Write it with assay docs > \(check).")
    }
    if String(decoding: data, as: UTF8.self) != text {
      throw DocsError(description: "\(check): is out of date. Write it anew with assay docs > \(check).")
    }
  }

  private struct DocsError: Error, CustomStringConvertible { let description: String }

  static var reference: String {
    var text = "# The command line of assay\n"
    func help(_ command: any ParsableCommand.Type) -> String {
      command == AssayCommand.self
        ? AssayCommand.helpMessage(columns: 100) : Subcommands.helpMessage(for: command, columns: 100)
    }
    func add(_ command: any ParsableCommand.Type, _ path: String) {
      guard command.configuration.shouldDisplay else { return }
      text += "\n## \(path)\n\n```text\n\(help(command))\n```\n"
      for child in command.configuration.subcommands {
        add(child, path + " " + (child.configuration.commandName ?? ""))
      }
    }
    add(AssayCommand.self, "assay")
    return text
  }
}
