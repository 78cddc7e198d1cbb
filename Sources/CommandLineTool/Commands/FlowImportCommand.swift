import ArgumentParser
import Engine
import Flow
import Foundation

/// `assay flow import`.
struct FlowImportCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Turn a flow of SageMaker Data Wrangler into one of assay.",
    discussion: """
      Steps that assay has not, such as Python code, are kept: they hand their rows on unchanged, and a flow that is \
      exported again has them as they were. What is not run or may give other results is told on the error stream.
      """)

  @Argument(help: "A .flow file of Data Wrangler.")
  var flow: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the flow goes.", valueName: "file"))
  var output: String?

  @Flag(help: "Print the number of steps and analyses, and the notes, as JSON.")
  var json = false

  func run(_ headless: Headless) throws {
    let file = try FlowFile(contentsOf: flow)
    guard let reading = file.reading else { throw UsageError("\(flow): is a flow of assay already.") }
    if output == nil, !json { throw UsageError("Say where the flow goes: -o FILE.flow, or --json to see the notes.") }
    if let output { try file.write(to: output) }
    if json { return try headless.writeJSON(FlowNotes(file, reading.notes)) }
    headless.notes.tell(reading.notes.map(\.sentence))
    if let output { headless.console.tell("wrote \(counted(file.graph.steps.count, "step")) to \(output)") }
  }
}

/// What `--json` of import and export says.
struct FlowNotes: Encodable {
  struct Note: Encodable {
    let weight: String
    let step: String?
    let subject: String
    let what: String
    let why: String
    let advice: String
  }

  let steps: Int
  let analyses: Int
  let notes: [Note]

  init(_ file: FlowFile, _ notes: [DataWranglerNote]) {
    steps = file.graph.steps.count
    analyses = file.analyses.count
    self.notes = notes.map {
      Note(
        weight: $0.weight.rawValue, step: $0.step?.rawValue, subject: $0.subject, what: $0.what, why: $0.why,
        advice: $0.advice)
    }
  }
}
