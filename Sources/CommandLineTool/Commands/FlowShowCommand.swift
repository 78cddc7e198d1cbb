import ArgumentParser
import Engine
import Flow
import Foundation
import Grid
import Plot

/// `assay flow show`.
struct FlowShowCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the steps of a flow, and its analyses with their saved results.",
    discussion: """
      With --step one step is shown alone, and with --fitted what it has learnt: categories, means, edges, vocabularies. A \
      step that has not been fitted in the flow is fitted for the answer; the flow stays as it is.
      """)

  @Argument(help: "A .flow file, of assay or of SageMaker Data Wrangler.")
  var flow: String

  @Option(help: ArgumentHelp("Show this step alone: its id or name.", valueName: "step"))
  var step: String?

  @Flag(help: "Show what the step has learnt; needs --step.")
  var fitted = false

  @OptionGroup var inputs: FlowInputOptions

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var resources: ResourceOptions

  func run(_ headless: Headless) throws {
    if fitted, step == nil { throw UsageError("--fitted shows what one step has learnt: say which with --step.") }
    var file = try FlowFile(contentsOf: flow)
    try inputs.apply(to: &file, at: flow)
    headless.tellReading(file)
    if let step {
      let node = try file.node(named: step, at: flow)
      return try fitted ? showFitted(node, file, headless) : show(node, file, headless)
    }
    if json { return try headless.writeJSON(FlowDescription(file, path: flow)) }
    var lines = ["\(file.name): \(counted(file.graph.steps.count, "step")), \(analysisCount(file))", ""]
    lines += stepLines(file)
    lines += parameterLines(file)
    let context = DrawingOptions.standard(headless.console)
    for analysis in file.analyses {
      lines += [""] + analysisLines(analysis, file, headless.console, context)
    }
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }

  // MARK: One step

  private func show(_ node: StepID, _ file: FlowFile, _ headless: Headless) throws {
    let step = try file.graph.step(node)
    if json { return try headless.writeJSON(FlowDescription.StepDescription(step)) }
    let name = step.name == nil ? step.title : "\(step.title) (\(step.operation.title))"
    var lines = ["\(step.id) \(name)\(step.isEnabled ? "" : ", off")"]
    if !step.operation.summary.isEmpty { lines.append(oneLine(step.operation.summary)) }
    let inputs = step.inputs.map { id in "\(id) \(file.graph[id]?.title ?? "")" }
    if !inputs.isEmpty { lines.append("reads \(inputs.joined(separator: ", "))") }
    if let note = step.note { lines.append("note: \(note)") }
    if step.operation.learns { lines.append(FittedState(step).map(fittingLine) ?? "has not been fitted yet") }
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }

  private func showFitted(_ node: StepID, _ file: FlowFile, _ headless: Headless) throws {
    var step = try file.graph.step(node)
    guard step.operation.learns else {
      throw UsageError("\(flow): step \(step.id) (\(step.title)) learns nothing from the data.")
    }
    var isKept = true
    if FittedState(step) == nil {
      try inputs.check(file, at: flow, nodes: [node], headless)
      isKept = false
      switch try headless.engine(resources).run(
        .fit(NodeRequest(graph: file.graph, node: node)), context: headless.context)
      {
      case .fitted(let values, let fitting): (step.fitted, step.fitting) = (values, fitting)
      case .learned(let learned, let fitting): (step.learned, step.fitting) = (learned, fitting)
      default: break
      }
    }
    guard let state = FittedState(step) else { return }
    if json { return try headless.writeJSON(FittedDescription(state, isKept: isKept)) }
    var lines = ["\(state.step) \(state.title): \(oneLine(state.summary))", fittingLine(state)]
    if !isKept { lines[1] += " Fitted now; the flow is unchanged." }
    for section in state.sections {
      var table = TextTable(
        section.headings.indices.map { column in
          let isNumber = section.rows.allSatisfy { if case .text = $0[column] { false } else { true } }
          return .init(title: section.headings[column], alignment: isNumber ? .right : .left, limit: 48)
        })
      for row in section.rows { table.add(row.map { oneLine(FittedState.text($0)) }) }
      lines += [""] + (section.title.isEmpty ? [] : ["== " + section.title])
      lines += table.lines(width: nil, rule: "-").lines
    }
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }

  private func fittingLine(_ state: FittedState) -> String {
    guard let fitting = state.fitting else { return "The flow does not say from which rows this was learnt." }
    return "Learnt from \(counted(fitting.rows, "row")), \(fitting.at.formatted(.iso8601))."
  }

  private func analysisCount(_ file: FlowFile) -> String {
    file.analyses.count == 1 ? "1 analysis" : "\(file.analyses.count) analyses"
  }
}

/// The steps as a tree from top to bottom.
func stepLines(_ file: FlowFile) -> [String] {
  let hasNotes = file.graph.steps.contains { $0.note != nil }
  var table = TextTable(
    [
      .init(title: "id"), .init(title: "step", limit: 48), .init(title: "what it does", limit: 72),
      .init(title: "analyses", alignment: .right),
    ] + (hasNotes ? [.init(title: "note", limit: 72)] : []))
  for (id, depth) in file.graph.outline {
    guard let step = file.graph[id] else { continue }
    let analyses = file.analyses(of: id).count
    table.add(
      [
        id.rawValue, String(repeating: "  ", count: depth) + step.title + (step.isEnabled ? "" : " (off)"),
        oneLine(step.operation.summary), analyses == 0 ? "" : String(analyses),
      ] + (hasNotes ? [oneLine(step.note ?? "")] : []))
  }
  return table.lines(width: nil, rule: "-").lines
}

/// The parameters of a flow with their values, those without a declaration too; nothing where it has none.
func parameterLines(_ file: FlowFile) -> [String] {
  let graph = file.graph
  guard !graph.parameters.isEmpty || !graph.undeclared.isEmpty else { return [] }
  var table = TextTable([
    .init(title: "parameter", limit: 32), .init(title: "kind"), .init(title: "value", limit: 48),
    .init(title: "steps", limit: 32), .init(title: "note", limit: 48),
  ])
  func steps(_ name: String) -> String { graph.users(of: name).map(\.rawValue).joined(separator: ", ") }
  for parameter in graph.parameters {
    table.add([
      parameter.name, parameter.kind.rawValue, parameter.value.map(oneLine) ?? "none: give -D \(parameter.name)=VALUE",
      steps(parameter.name), oneLine(parameter.note ?? ""),
    ])
  }
  for name in graph.undeclared { table.add([name, "", "none: give -D \(name)=VALUE", steps(name), ""]) }
  return [""] + table.lines(width: nil, rule: "-").lines
}

/// The name of an analysis and its result, charts drawn.
func analysisLines(_ analysis: Analysis, _ file: FlowFile, _ console: Console, _ context: DrawContext) -> [String] {
  var title = "\(analysis.name) on \(analysis.node)"
  if let made = analysis.provenance {
    title +=
      ", \(counted(made.rows, "row"))" + (made.engine.map { " counted by \($0)" } ?? "")
      + (made.sampled.map { ", \(grouped($0)) sampled" } ?? "")
  }
  let body: [String]
  switch analysis.result {
  case nil: body = ["not computed yet: assay flow run computes it"]
  case .chart(let chart)?:
    let size = Size(width: min(console.textWidth ?? 80, 1000), height: 18)
    let text = render(chart, size: size, context: context).grid.text(depth: context.colors)
    body = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  case .summary(let profile)?: body = profileLines(profile, width: console.textWidth, glyphs: context.glyphs)
  case .insight(let result)?: body = result.lines
  case .bias(let result)?: body = result.lines
  case .explanation(let result)?: body = result.lines
  case .automl(let result)?: body = result.lines
  case .quickModel(let report)?: body = quickModelLines(report, width: console.textWidth, context: context)
  }
  return ["== " + title] + body
}

/// A flow as JSON: the steps as they are saved, titles and summaries beside them.
struct FlowDescription: Encodable {
  struct StepDescription: Encodable {
    let id: String
    let inputs: [String]
    let title: String
    let summary: String
    let enabled: Bool
    let note: String?
    let operation: Flow.Operation

    init(_ step: Step) {
      (id, inputs) = (step.id.rawValue, step.inputs.map(\.rawValue))
      (title, summary, note) = (step.title, step.operation.summary, step.note)
      (enabled, operation) = (step.isEnabled, step.operation)
    }
  }

  struct AnalysisDescription: Encodable {
    let id: Int
    let name: String
    let kind: String
    let node: String
    let rows: Int?
    let engine: String?
    let sampled: Int?
    let computedAt: Date?
    let result: ResultDescription?

    private enum CodingKeys: String, CodingKey {
      case id, name, kind, node, rows, engine, sampled, result
      case computedAt = "computed_at"
    }

    init(_ analysis: Analysis) {
      id = analysis.id
      name = analysis.name
      kind = analysis.spec.kind.rawValue
      node = analysis.node.rawValue
      rows = analysis.provenance?.rows
      engine = analysis.provenance?.engine
      sampled = analysis.provenance?.sampled
      computedAt = analysis.provenance?.computedAt
      result = analysis.result.map(ResultDescription.init)
    }
  }

  /// The result without the name of its case: what `assay chart`, `profile` and `quickmodel` print.
  struct ResultDescription: Encodable {
    let result: AnalysisResult

    init(_ result: AnalysisResult) { self.result = result }

    func encode(to encoder: any Encoder) throws {
      switch result {
      case .chart(let chart): try chart.encode(to: encoder)
      case .summary(let profile): try profile.encode(to: encoder)
      case .quickModel(let report): try report.encode(to: encoder)
      case .insight(let result): try result.encode(to: encoder)
      case .bias(let result): try result.encode(to: encoder)
      case .explanation(let result): try result.encode(to: encoder)
      case .automl(let result): try result.encode(to: encoder)
      }
    }
  }

  let name: String
  let path: String
  let version: Int
  let parameters: [FlowParameter]
  let steps: [StepDescription]
  let analyses: [AnalysisDescription]

  init(_ file: FlowFile, path: String) {
    name = file.name
    self.path = path
    version = file.version
    parameters = file.graph.parameters
    steps = file.graph.steps.map(StepDescription.init)
    analyses = file.analyses.map(AnalysisDescription.init)
  }
}

/// What `--fitted --json` prints.
private struct FittedDescription: Encodable {
  struct Table: Encodable {
    let title: String
    let columns: [String]
    let rows: [[Parameter]]
  }

  let step: String
  let title: String
  let summary: String
  /// Whether the flow holds it, or it was learnt for this answer.
  let kept: Bool
  let rows: Int?
  let fittedAt: Date?
  let tables: [Table]

  private enum CodingKeys: String, CodingKey {
    case step, title, summary, kept, rows, tables
    case fittedAt = "fitted_at"
  }

  init(_ state: FittedState, isKept: Bool) {
    (step, title, summary, kept) = (state.step.rawValue, state.title, state.summary, isKept)
    (rows, fittedAt) = (state.fitting?.rows, state.fitting?.at)
    tables = state.sections.map { Table(title: $0.title, columns: $0.headings, rows: $0.rows) }
  }
}
