import ArgumentParser
import Engine
import Fairness
import Flow
import Foundation
import Frame
import Learn

/// `assay bias`.
struct BiasCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "bias",
    abstract: "Measure bias between groups of people: every metric of SageMaker Clarify, with intervals and verdicts.",
    discussion: """
      assay bias census.csv --label income --positive '>50K' --facet sex --facet race
      assay bias census.csv --label income --positive '>50K' --facet sex=Female --group workclass --fail-on 'DPL>0.1'
      assay bias census.csv --label income --positive '>50K' --facet 'age>40' --facet sex --intersections
      assay bias scored.csv --label y --positive 1 --facet sex --score p --score-threshold 0.5 --json
      assay bias census.csv --label income --positive '>50K' --facet sex --facet race --model quick
      assay bias scored.csv --label y --positive yes --facet sex --scores p_no,p_wait,p_yes
      assay bias new.csv --label y --positive 1 --facet sex --drift old.csv --fail-on alert
      assay bias new.csv --label y --positive 1 --facet sex --drift old.csv --model quick
      assay bias data.csv --config analysis_config.json -o analysis.json

      The values that a facet names are group d, the group that may be worse off; everybody else is group a. A facet \
      without values takes each of its values in turn. -o report.md, .txt, .json, .svg, .png or .pdf writes a report; \
      -o analysis.json writes SageMaker Clarify's format. Exit status 3 says that a --fail-on holds.
      """)

  enum Study: String, ExpressibleByArgument, CaseIterable { case report, simpson, thresholds, mending }
  enum Compatibility: String, ExpressibleByArgument, CaseIterable { case smclarify }

  @OptionGroup var source: SourceOptions
  @OptionGroup(title: "Bias options") var bias: BiasOptions

  @Option(
    help:
      "report: all metrics. simpson: columns that turn a gap or explain it. thresholds: one for each group (what-if). mending: the metrics before and after reweighing and resampling."
  )
  var study: Study = .report

  @Option(help: ArgumentHelp("A column that the Simpson finder tries; default: all that suit.", valueName: "column"))
  var `try`: [String] = []

  @Option(help: ArgumentHelp("The metric that thresholds trade against accuracy. Default: DPPL.", valueName: "metric"))
  var trade: String?

  @Option(
    help: ArgumentHelp(
      "Compare with this file or flow: has bias moved since? With --model one model, trained on all but one of --folds "
        + "parts of that file, predicts that part and the new rows, and the ranking of its features is compared too.",
      valueName: "file"))
  var drift: String?

  @Option(
    help: ArgumentHelp(
      "Exit with 3 where this holds of any group: 'DPL>0.1', 'DI<0.8', '|RD|>=0.05', outside (of the limits), alert or "
        + "violation (of drift). Several times for several.", valueName: "rule"))
  var failOn: [String] = []

  @Option(help: ArgumentHelp("Read an analysis_config.json of SageMaker Clarify; options win.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Of a flow: the step whose rows are looked at, by id or name. Default: the last.", valueName: "step"))
  var node: String?

  @OptionGroup var inputs: FlowInputOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to this file instead; its ending chooses the format.", valueName: "file"))
  var output: String?

  @Flag(help: "Draw the charts below the text.")
  var charts = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var drawing: DrawingOptions

  func validate() throws {
    try bias.check(hasConfig: config != nil)
    if study == .thresholds, bias.score == nil, bias.model == nil {
      throw ValidationError("thresholds needs a score: --score COLUMN, or --model quick to have one made")
    }
    if drift != nil, study != .report { throw ValidationError("--drift compares reports: leave out --study") }
    if !`try`.isEmpty, study != .simpson { throw ValidationError("--try is for --study simpson") }
    if trade != nil, study != .thresholds { throw ValidationError("--trade is for --study thresholds") }
    if let trade, BiasMetric(name: trade) == nil { throw ValidationError("--trade: \(BiasMetric.unknown(trade))") }
    for rule in try rules() {
      if let fault = rule.fault(isDrift: drift != nil, isReport: study == .report) { throw ValidationError(fault) }
    }
  }

  private func rules() throws -> [FailRule] {
    do {
      return try failOn.map { try FailRule($0) }
    } catch let fault as BiasList.Fault {
      throw ValidationError("--fail-on: \(fault)")
    }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    var (graph, end) = try flow(source.value, node: node, headless)
    let known = try engine.knownSchemas(of: graph, context: headless.context)[end]
    let schema = try known ?? opened(graph, end, engine, headless)
    let spec = try bias.spec(schema, config: config, headless)
    var study = BiasStudy(
      kind, spec, variables: `try`, metric: trade.flatMap { BiasMetric(name: $0) }, model: bias.madeModel)
    if let drift {
      let before = try flow(Source(location: drift), node: nil, headless)
      study.baseline = graph.join(before.graph, end: before.end)
    }
    let result = try engine.run(
      .analyze(NodeRequest(graph: graph, node: end), .bias(study)), context: headless.context)
    guard case .analysis(.bias(let found), _) = result else { return }
    try headless.tellSkipped(source.value, engine)
    try tell(found, headless)
    try FailRule.check(try rules(), found, headless.notes)
  }

  private var kind: BiasStudy.Kind {
    if drift != nil { return .drift }
    return switch study {
    case .report: .report
    case .simpson: .simpson
    case .thresholds: .thresholds
    case .mending: .mending
    }
  }

  private func tell(_ found: BiasResult, _ headless: Headless) throws {
    if let output {
      let title = "\(found.kind.title) of \(source.value.name)"
      if output.split(separator: "/").last == "analysis.json", case .report(let report) = found {
        _ = try headless.delivering(to: output) { path in
          try write(CommandLineTool.json(ClarifyAnalysis(report)) + "\n", to: path)
          return [path]
        }
        return headless.console.tell("wrote \(output)")
      }
      let paths = try headless.delivering(to: output) { try found.write(to: $0, title: title) }
      return headless.console.tell(
        paths.isEmpty ? "there are no charts to write" : "wrote \(paths.joined(separator: ", "))")
    }
    if json { return try headless.writeJSON(found.content) }
    try headless.console.write(found.lines.joined(separator: "\n") + "\n")
    guard charts else { return }
    for picture in found.charts {
      try headless.console.write("\n" + drawing.draw(picture.chart, headless.console))
    }
  }

  /// The source alone, or a flow and one of its steps.
  private func flow(_ source: Source, node: String?, _ headless: Headless) throws -> (graph: FlowGraph, end: StepID) {
    let path = source.location
    guard path.hasSuffix(".flow") else {
      var graph = FlowGraph()
      let end = graph.addSource(source)
      return (graph, end)
    }
    guard source.also.isEmpty else {
      throw UsageError("\(path): a flow has sources of its own. Leave --also out.")
    }
    var file = try FlowFile(contentsOf: path)
    try inputs.apply(to: &file, at: path)
    headless.tellReading(file)
    let end = try file.node(named: node, at: path)
    try inputs.check(file, at: path, nodes: [end], headless)
    return (file.graph, end)
  }

  /// The columns of a step that has to be run for them.
  private func opened(
    _ graph: FlowGraph, _ end: StepID, _ engine: Engine, _ headless: Headless
  ) throws -> Schema {
    var schema: Schema = []
    // The first rows tell all columns; no row is needed.
    var request = NodeRequest(graph: graph, node: end)
    request.node = try request.graph.add(.sample(.first(1)), after: end)
    try engine.stream(request, context: headless.context, begin: { schema = $0 }, rows: { _ in })
    return schema
  }
}

extension FlowGraph {
  /// Adds the steps of another flow.
  /// - Returns: what `end` of that flow is called here.
  fileprivate mutating func join(_ other: FlowGraph, end: StepID) -> StepID? {
    var names: [StepID: StepID] = [:]
    for step in other.steps {
      if case .source(let source) = step.operation {
        names[step.id] = addSource(source)
      } else if let first = step.inputs.first.flatMap({ names[$0] }) {
        let others = step.inputs.dropFirst().compactMap { names[$0] }
        names[step.id] = try? add(step.operation, after: first, and: others)
      }
      guard let name = names[step.id] else { continue }
      try? setFitted(name, step.fitted)
      try? setLearned(name, step.learned)
      if !step.isEnabled { try? setEnabled(name, false) }
    }
    return names[end]
  }
}
