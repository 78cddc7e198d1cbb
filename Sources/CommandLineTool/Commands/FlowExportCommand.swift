import ArgumentParser
import Engine
import Flow
import Foundation
import Frame

/// `assay flow export`.
struct FlowExportCommand: HeadlessCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case datawrangler, sql, assay }
  enum Dialect: String, ExpressibleByArgument, CaseIterable { case duckdb, spark, trino }

  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a flow for SageMaker Data Wrangler, as SQL, or as a script of assay.",
    discussion: """
      datawrangler writes a .flow file. A step that Data Wrangler has not becomes SQL, or code that stops with its name; \
      each is told on the error stream. sql writes the rows of the last step, or of --node, as one script. \
      assay writes one command a line, with comments, for assay run: a recorded session has the same form.
      """)

  @Argument(help: "A .flow file, of assay or of SageMaker Data Wrangler.")
  var flow: String

  @Option(help: "What is written: datawrangler, sql or assay.")
  var format: Format

  @Option(help: "The SQL: duckdb, spark or trino.")
  var dialect: Dialect = .duckdb

  @Option(
    help: ArgumentHelp("The step whose rows a script gives: its id or name. Default: the last one.", valueName: "step"))
  var node: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Where it goes. Default: printed.", valueName: "file"))
  var output: String?

  @OptionGroup var inputs: FlowInputOptions

  @Flag(help: "Print the number of steps and analyses, and the notes, as JSON; needs -o.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func run(_ headless: Headless) throws {
    if json, output == nil { throw UsageError("--json prints the notes, so say with -o where the flow goes.") }
    var file = try FlowFile(contentsOf: flow)
    try inputs.apply(to: &file, at: flow)
    let engine = headless.engine(resources)
    var notes: [DataWranglerNote] = []
    let data: Data
    switch format {
    case .datawrangler:
      // Its own parameters are of other kinds: values stand in their places.
      for node in file.graph.leaves { try inputs.checkValues(file, at: flow, node: node) }
      file.graph = file.graph.filled
      let schemas = try engine.knownSchemas(of: file.graph, context: headless.context)
      (data, notes) = try file.dataWrangler(schemas: schemas)
    case .sql:
      let request = NodeRequest(graph: file.graph, node: try file.node(named: node, at: flow))
      try inputs.check(file, at: flow, nodes: [request.node], headless)
      let words = SQLDialect(rawValue: dialect.rawValue) ?? .duckDB
      data = Data(try engine.script(request, dialect: words, context: headless.context).utf8)
    case .assay: data = Data(try file.script().utf8)
    }
    if let output {
      do {
        try data.write(to: URL(fileURLWithPath: output), options: .atomic)
      } catch {
        throw FlowFileError.notWritten(output, error.localizedDescription)
      }
    } else {
      try headless.console.write(String(decoding: data, as: UTF8.self) + (format == .datawrangler ? "\n" : ""))
    }
    if json { return try headless.writeJSON(FlowNotes(file, notes)) }
    headless.notes.tell(notes.map(\.sentence))
    if let output { headless.console.tell("wrote \(output)") }
  }
}
