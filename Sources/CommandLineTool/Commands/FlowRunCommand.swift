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
      With -o FILE the rows of the last step, or of --node, are written (csv, tsv, json, jsonl, parquet or xlsx); -o - \
      prints them. With -o FILE.flow every analysis is computed and the flow saved with the results. Without -o the first rows \
      and the analyses are printed.
      With --on sc://HOST:PORT Spark computes the rows, from tables (spark:sales.orders) and from Parquet and CSV files that \
      it can read under the same paths; --into leaves them on the cluster. A step that Spark cannot say is named.
      """)

  @Argument(help: "A .flow file, of assay or of SageMaker Data Wrangler.")
  var flow: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the rows go, or the flow with its results.", valueName: "file"))
  var output: String?

  @Option(help: "Format of the rows: csv, json, table, parquet or xlsx.")
  var format: RowFormat?

  @Option(
    help: ArgumentHelp("The step whose rows are wanted: its id or name. Default: the last one.", valueName: "step"))
  var node: String?

  @Option(help: ArgumentHelp("The cluster of Spark that computes the rows.", valueName: "address"))
  var on: String?

  @Option(
    help: ArgumentHelp(
      "With --on: a new table (spark:DATABASE.TABLE), or a new or empty folder of the cluster, which gets Parquet.",
      valueName: "place"))
  var into: String?

  @OptionGroup var inputs: FlowInputOptions

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func validate() throws {
    if into != nil, on == nil { throw ValidationError("--into needs --on, the cluster that writes there") }
    if into != nil, output != nil { throw ValidationError("rows go to --into or to -o, not to both") }
    if on != nil, output?.hasSuffix(".flow") == true {
      throw ValidationError("--on computes rows; analyses of tables on a cluster are counted there without it")
    }
  }

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
    if let on {
      try inputs.check(file, at: flow, nodes: [request.node], headless)
      return try headless.runOnCluster(request, engine, on: on, into: into, output: output, format: format, json: json)
    }
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
      guard
        case .written(_, let rows, let place) = try engine.run(
          .write(request, path: path, format: format), context: context)
      else { return }
      console.tell("wrote \(counted(rows, "row")) to \(path)")
      if json {
        try writeJSON(
          WrittenRows(engine: place ?? "DuckDB", output: path, node: request.node.rawValue, rows: rows))
      }
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

  /// Lets a cluster compute the rows of a step.
  func runOnCluster(
    _ request: NodeRequest, _ engine: Engine, on address: String, into place: String?, output: String?,
    format: RowFormat?, json: Bool
  ) throws {
    var cluster = self.cluster ?? ClusterPlace(remote: address)
    cluster.remote = address
    let goal: ClusterRun.Goal
    if let place {
      goal = .there(place)
    } else if let output {
      var options = RowOutputOptions()
      (options.format, options.output) = (format, output)
      try options.validate()
      guard case .file(let path, let format) = try options.target(console, isJSON: false) else {
        throw UsageError("With --on rows go into a file (-o FILE), or stay there (--into).")
      }
      goal = .here(path: path, format: format)
    } else {
      goal = .first(10)
    }
    let done = try engine.run(.cluster(ClusterRun(request, on: cluster, goal: goal)), context: context)
    guard case .ranOnCluster(let outcome) = done else { return }
    if let first = outcome.first, !json {
      var writer = TableWriter(console: console, limit: 10)
      writer.begin(first.schema)
      writer.append(first)
      writer.stand(for: outcome.rows)
      try writer.end()
    }
    let target = (place ?? output).map { " to \($0)" } ?? ""
    console.tell("\(outcome.engine): \(counted(outcome.rows, "row"))\(target)")
    for note in outcome.notes { console.tell(note) }
    if json {
      try writeJSON(
        ClusterRows(
          engine: outcome.engine, node: request.node.rawValue, output: place ?? output, rows: outcome.rows,
          notes: outcome.notes))
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

/// What `assay flow run --on ADDRESS --json` prints.
private struct ClusterRows: Encodable {
  let engine: String
  let node: String
  let output: String?
  let rows: Int
  /// Of steps that drew other rows than here.
  let notes: [String]
}

/// What `assay flow run -o FILE --json` prints.
private struct WrittenRows: Encodable {
  /// `DuckDB` here, or a cluster: `Spark at sc://HOST:PORT`.
  let engine: String
  let output: String
  let node: String
  let rows: Int
}
