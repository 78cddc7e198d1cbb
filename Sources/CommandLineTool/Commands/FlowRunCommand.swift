import ArgumentParser
import Engine
import Flow
import Foundation
import Frame

/// `assay flow run`.
struct FlowRunCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a flow: write the rows of a step, or compute its analyses.",
    discussion: """
      With -o FILE the rows of the last step, or of --node, are written (csv, tsv, json, jsonl or parquet); -o - prints \
      them. With -o FILE.flow every analysis is computed and the flow saved with the results. Without -o the first rows \
      and the analyses are printed.
      """)

  @Argument(help: "A .flow file, of assay or of SageMaker Data Wrangler.")
  var flow: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the rows go, or the flow with its results.", valueName: "file"))
  var output: String?

  @Option(help: "Format of the rows: csv, json, table or parquet.")
  var format: RowFormat?

  @Option(
    help: ArgumentHelp("The step whose rows are wanted: its id or name. Default: the last one.", valueName: "step"))
  var node: String?

  @OptionGroup var inputs: FlowInputOptions

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func run(_ headless: Headless) throws {
    var file = try FlowFile(contentsOf: flow)
    try inputs.apply(to: &file, at: flow)
    headless.tellReading(file)
    let engine = headless.engine(resources)
    if let output, output.hasSuffix(".flow") {
      try inputs.check(file, at: flow, nodes: file.analyses.map(\.node), headless)
      try compute(&file, engine, headless)
      try file.write(to: output)
      headless.console.tell(
        "wrote \(file.analyses.count == 1 ? "1 result" : "\(file.analyses.count) results") to \(output)")
      if json { try headless.writeJSON(FlowDescription(file, path: output)) }
      return
    }
    let request = NodeRequest(graph: file.graph, node: try file.node(named: node, at: flow))
    let isAll = output == nil && format == nil
    try inputs.check(file, at: flow, nodes: [request.node] + (isAll ? file.analyses.map(\.node) : []), headless)
    if !isAll {
      return try headless.writeRows(of: request, engine, format: format, output: output, json: json)
    }
    try compute(&file, engine, headless)
    if json { return try headless.writeJSON(FlowDescription(file, path: flow)) }
    try headless.writeAll(of: file, request, engine)
  }

  private func compute(_ file: inout FlowFile, _ engine: Engine, _ headless: Headless) throws {
    for index in file.analyses.indices {
      let analysis = file.analyses[index]
      let request = NodeRequest(graph: file.graph, node: analysis.node)
      guard
        case .analysis(let result, let made) = try engine.run(
          .analyze(request, analysis.spec), context: headless.context)
      else { continue }
      file.analyses[index].result = result
      file.analyses[index].provenance = made
    }
  }
}

extension Headless {
  /// Writes the rows of a step to a file, or prints them.
  func writeRows(
    of request: NodeRequest, _ engine: Engine, format: RowFormat?, output: String?, json: Bool
  ) throws {
    var options = RowOutputOptions()
    (options.format, options.output) = (format, output)
    try options.validate()
    switch try options.target(console, isJSON: json && output == nil) {
    case .file(let path, let format):
      guard case .written(_, let rows) = try engine.run(.write(request, path: path, format: format), context: context)
      else { return }
      console.tell("wrote \(counted(rows, "row")) to \(path)")
      if json { try writeJSON(WrittenRows(output: path, node: request.node.rawValue, rows: rows)) }
    case .stream(let format):
      var writer = format.writer(console)
      try engine.stream(request, context: context) { schema in
        try console.restart()
        try writer.begin(schema)
      } rows: {
        try writer.append($0)
      }
      try writer.end()
    }
  }

  /// Prints the first rows of a step, and the analyses of its flow.
  func writeAll(of file: FlowFile, _ request: NodeRequest, _ engine: Engine) throws {
    var writer = TableWriter(console: console, limit: 10)
    try console.write("== rows of \(request.node)\n")
    try engine.stream(request, context: context) {
      writer.begin($0)
    } rows: {
      writer.append($0)
    }
    try writer.end()
    let drawing = DrawingOptions.standard(console)
    for analysis in file.analyses {
      let lines = [""] + analysisLines(analysis, file, console, drawing)
      try console.write(lines.joined(separator: "\n") + "\n")
    }
  }
}

/// What `assay flow run -o FILE --json` prints.
private struct WrittenRows: Encodable {
  let output: String
  let node: String
  let rows: Int
}
