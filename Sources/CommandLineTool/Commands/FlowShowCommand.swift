import ArgumentParser
import Engine
import Flow
import Foundation
import Grid
import Plot

/// `assay flow show`.
struct FlowShowCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the steps of a flow, and its analyses with their saved results.")

  @Argument(help: "A .flow file, of assay or of SageMaker Data Wrangler.")
  var flow: String

  @Flag(help: "Print JSON.")
  var json = false

  func run(_ headless: Headless) throws {
    let file = try FlowFile(contentsOf: flow)
    headless.tellReading(file)
    if json { return try headless.writeJSON(FlowDescription(file, path: flow)) }
    var lines = ["\(file.name): \(counted(file.graph.steps.count, "step")), \(analysisCount(file))", ""]
    lines += stepLines(file)
    let context = DrawingOptions.standard(headless.console)
    for analysis in file.analyses {
      lines += [""] + analysisLines(analysis, file, headless.console, context)
    }
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }

  private func analysisCount(_ file: FlowFile) -> String {
    file.analyses.count == 1 ? "1 analysis" : "\(file.analyses.count) analyses"
  }
}

/// The steps as a tree from top to bottom.
func stepLines(_ file: FlowFile) -> [String] {
  var table = TextTable([
    .init(title: "id"), .init(title: "step", limit: 48), .init(title: "what it does", limit: 72),
    .init(title: "analyses", alignment: .right),
  ])
  for (id, depth) in file.graph.outline {
    guard let step = file.graph[id] else { continue }
    let analyses = file.analyses(of: id).count
    table.add([
      id.rawValue, String(repeating: "  ", count: depth) + step.title + (step.isEnabled ? "" : " (off)"),
      oneLine(step.operation.summary), analyses == 0 ? "" : String(analyses),
    ])
  }
  return table.lines(width: nil, rule: "-").lines
}

/// The name of an analysis and its result, charts drawn.
func analysisLines(_ analysis: Analysis, _ file: FlowFile, _ console: Console, _ context: DrawContext) -> [String] {
  var title = "\(analysis.name) on \(analysis.node)"
  if let made = analysis.provenance { title += ", \(counted(made.rows, "row"))" }
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
    let operation: Flow.Operation
  }

  struct AnalysisDescription: Encodable {
    let id: Int
    let name: String
    let kind: String
    let node: String
    let rows: Int?
    let computedAt: Date?
    let result: ResultDescription?

    private enum CodingKeys: String, CodingKey {
      case id, name, kind, node, rows, result
      case computedAt = "computed_at"
    }

    init(_ analysis: Analysis) {
      id = analysis.id
      name = analysis.name
      kind = analysis.spec.kind.rawValue
      node = analysis.node.rawValue
      rows = analysis.provenance?.rows
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
      }
    }
  }

  let name: String
  let path: String
  let version: Int
  let steps: [StepDescription]
  let analyses: [AnalysisDescription]

  init(_ file: FlowFile, path: String) {
    name = file.name
    self.path = path
    version = file.version
    steps = file.graph.steps.map {
      StepDescription(
        id: $0.id.rawValue, inputs: $0.inputs.map(\.rawValue), title: $0.title, summary: $0.operation.summary,
        enabled: $0.isEnabled, operation: $0.operation)
    }
    analyses = file.analyses.map(AnalysisDescription.init)
  }
}
