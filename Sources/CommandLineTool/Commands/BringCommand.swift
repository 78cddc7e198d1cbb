import ArgumentParser
import Engine
import Flow
import Foundation
import Frame

/// `assay bring`.
struct BringCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "bring",
    abstract: "Bring rows of a Spark cluster here, as a Parquet file.",
    discussion: """
      Of a table (spark:DATABASE.TABLE), or of a step of a flow, which the cluster computes. The rows are counted there \
      first; more than 5,000,000 come only with --yes or --sample, which draws rows at random there. They pass through: \
      what is held does not grow with their number. ^C stops the cluster, and nothing is left of the file.
        assay bring spark:sales.orders -o orders.parquet --sample 100000 --seed 7 && assay orders.parquet
      """)

  @Argument(help: ArgumentHelp("A table, spark:DATABASE.TABLE, or a .flow file.", valueName: "source"))
  var source: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file: .parquet, .csv, .tsv, .json, .jsonl or .xlsx. It appears when it is complete.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("So many rows at random instead of all.", valueName: "n"))
  var sample: Int?

  @Option(help: ArgumentHelp("Seeds the sample.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Bring them however many they are.")
  var yes = false

  @Option(
    help: ArgumentHelp("The step whose rows are wanted: its id or name. Default: the last one.", valueName: "step"))
  var node: String?

  @Option(
    help: ArgumentHelp(
      "The cluster; ASSAY_SPARK, spark in config.toml or SPARK_REMOTE unless given.", valueName: "address"))
  var on: String?

  @OptionGroup var inputs: FlowInputOptions

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func validate() throws {
    if let sample, sample < 1 { throw ValidationError("--sample takes a number of rows from 1 on, not \(sample)") }
    guard SourceFormat(path: output)?.isWritten == true else {
      throw ValidationError("\(output): end it in .parquet, .csv, .tsv, .json, .jsonl or .xlsx")
    }
  }

  func run(_ headless: Headless) throws {
    let request = try request(headless)
    var cluster = headless.cluster
    if let on {
      cluster = cluster ?? ClusterPlace(remote: on)
      cluster?.remote = on
    }
    guard let cluster else { throw ClusterError.noCluster(source) }
    let engine = headless.engine(resources, on: cluster)
    func ask(_ goal: ClusterRun.Goal, _ sample: ClusterSample? = nil, of total: Int? = nil) throws -> ClusterOutcome? {
      let run = ClusterRun(request, on: nil, goal: goal, sample: sample, total: total)
      guard case .ranOnCluster(let outcome) = try engine.run(.cluster(run), context: headless.context) else {
        return nil
      }
      return outcome
    }
    guard let counted = try ask(.count) else { return }
    let total = counted.rows
    let wanted = min(total, sample ?? total)
    guard wanted <= ClusterRun.manyRows || yes else {
      throw UsageError(
        "\(source): \(grouped(wanted)) rows would come here. Say --yes to bring them, or --sample N for some at random."
      )
    }
    let share = wanted < total ? " of \(grouped(total))" : ""
    headless.console.tell("\(counted.engine): bringing \(grouped(wanted))\(share) rows")
    let drawn = sample.map { ClusterSample(rows: $0, seed: seed) }
    guard let outcome = try ask(.here(path: output, format: nil), drawn, of: total) else { return }
    headless.console.tell("wrote \(grouped(outcome.rows))\(share) rows to \(output)")
    for note in outcome.notes { headless.console.tell(note) }
    if json {
      try headless.writeJSON(
        BroughtRows(
          engine: outcome.engine, node: request.node.rawValue, output: output, rows: outcome.rows, of: total,
          seed: sample == nil ? nil : seed, notes: outcome.notes))
    }
  }

  private func request(_ headless: Headless) throws -> NodeRequest {
    guard source.lowercased().hasSuffix(".flow") else {
      guard TableAddress.isMeant(by: source) else {
        throw UsageError("\(source) is no table of a cluster: write spark:DATABASE.TABLE, or a .flow file.")
      }
      return NodeRequest(source: Source(location: source))
    }
    var file = try FlowFile(contentsOf: source)
    try inputs.apply(to: &file, at: source)
    headless.tellReading(file)
    let request = NodeRequest(graph: file.graph, node: try file.node(named: node, at: source))
    try inputs.check(file, at: source, nodes: [request.node], headless)
    return request
  }
}

/// What `assay bring --json` prints.
private struct BroughtRows: Encodable {
  let engine: String
  let node: String
  let output: String
  let rows: Int
  /// Rows that the step has.
  let of: Int
  let seed: UInt64?
  /// Of steps that drew other rows than here.
  let notes: [String]
}
