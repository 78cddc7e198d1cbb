import Engine
import Fairness
import Flow
import Foundation
import Grid
import Widgets

/// Steps that bring the outcomes of two groups together.
struct BiasMending: Sendable {
  var way: MendingStudy.Way
  var operation: Flow.Operation

  /// Whether the rows themselves change, so that the report can be made again on them.
  var changesRows: Bool { way != .reweigh }

  var text: String {
    switch way {
    case .reweigh: "Adds a column of weights: rows stay, models that know weights learn no gap."
    case .resample:
      "Repeats and leaves out rows at random until every group has the same share of good outcomes; groups keep their "
        + "sizes."
    case .resampleToEqualCells:
      "The same, until every group has as many good and as many bad outcomes as every other."
    }
  }

  /// The steps for a facet; empty where outcomes or groups cannot be said by a step.
  static func all(_ spec: BiasSpec, facet name: String) -> [BiasMending] {
    guard spec.mode == .correct, let facet = spec.facets.first(where: { $0.column == name }) else { return [] }
    var parameters: Parameters = ["facets": [.text(facet.column)], "label": .text(spec.label.column)]
    switch spec.label.positive {
    case .values(let values): parameters["positives"] = .list(values.map(Parameter.text))
    case .above(let number): parameters["above"] = .number(number)
    }
    switch facet.groups {
    case .eachValue: break
    case .values(let values): parameters["values"] = .list(values.map(Parameter.text))
    case .above(let thresholds):
      guard thresholds.count == 1 else { return [] }
      parameters["thresholds"] = .list(thresholds.map(Parameter.number))
    }
    func step(_ way: MendingStudy.Way, _ id: String, _ name: String, _ value: String) -> BiasMending {
      var parameters = parameters
      parameters[name] = .text(value)
      return BiasMending(way: way, operation: .transform(TransformSpec(id, parameters)))
    }
    return [
      step(.reweigh, "reweigh", "name", "weight"), step(.resample, "resample-groups", "sizes", "independent"),
      step(.resampleToEqualCells, "resample-groups", "sizes", "equal"),
    ]
  }
}

/// Steps that bring the outcomes of a facet's groups together, with the metrics before and after; Enter adds one.
struct BiasMendOverlay: Overlay {
  private let analysis: Analysis
  private let spec: BiasSpec
  private let facet: String
  private let mendings: [BiasMending]
  /// The report that the groups come from; nil where the study itself was opened.
  private let report: BiasStudy?
  private var question: BiasStudy?
  private var request: RequestID?
  private var study: MendingStudy?
  private var failure: String?
  private var table = FindingTable([])

  private static let metrics: [BiasMetric] = [.dpl, .cddl, .dppl, .cddpl, .ci, .js, .tvd]

  /// Asks for the study of a pair of groups of a report.
  init(_ view: BiasView, pair: Int) {
    let shown = view.pairs[pair]
    (analysis, spec, facet, report) = (view.analysis, view.report.spec, shown.facet, view.study)
    mendings = BiasMending.all(spec, facet: facet)
    var asked = view.study
    (asked.kind, asked.facet, asked.value) = (.mending, shown.facet, shown.value)
    question = asked
    fill()
  }

  /// Shows a study of the flow.
  init(_ study: MendingStudy, of analysis: Analysis) {
    let asked: BiasStudy? = if case .bias(let study) = analysis.spec { study } else { nil }
    (self.analysis, facet, report, self.study) = (analysis, study.facet, nil, study)
    spec = asked?.spec ?? BiasSpec(label: .init(column: "", positive: .values([])), facets: [])
    mendings = BiasMending.all(spec, facet: facet)
    fill()
  }

  var hints: [(key: String, label: String)] { [("↑↓", "choose"), ("Enter", "add the step"), ("Esc", "back")] }

  private var current: BiasMending? {
    mendings.indices.contains(table.cursor - 1) ? mendings[table.cursor - 1] : nil
  }

  /// The table as far as it is known.
  private mutating func fill() {
    let isFirst = table.columns.isEmpty
    let known = Set(study?.outcomes.flatMap(\.metrics).filter { $0.value != nil }.map(\.metric) ?? [])
    let metrics = study == nil ? [.dpl] : Self.metrics.filter(known.contains)
    table.columns =
      [.init(title: "step")]
      + metrics.map { .init(title: $0.name, alignment: .right, isOptional: [.js, .tvd].contains($0)) }
      + [.init(title: "rows", alignment: .right)]
    func line(_ title: String, _ outcome: MendingStudy.Outcome?) -> FindingTable.Line {
      let values = metrics.map { metric -> String in
        guard let value = outcome?[metric] else { return failure == nil ? "…" : "–" }
        return value.value.map { (value.isExpected ? "~" : "") + metric.shown($0) } ?? "–"
      }
      return .init(cells: [title] + values + [outcome.map { Number.grouped($0.rows) } ?? "…"])
    }
    table.show(
      [line("as it is", study?.outcomes.first { $0.way == nil })]
        + mendings.map { mending in line(mending.way.title, study?.outcomes.first { $0.way == mending.way }) })
    if isFirst { table.moveTo(1) }
  }

  // MARK: The study

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard let asked = question else { return [] }
    question = nil
    guard state.flow.graph[analysis.node] != nil else {
      failure = "the step that the report looked at is gone"
      return []
    }
    let (id, effect) = state.ask(
      .analyze(NodeRequest(graph: state.flow.graph, node: analysis.node), .bias(asked)), for: .dialog, isListed: false)
    request = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for id: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard id == request else { return .stay() }
    switch happening {
    case .done(.analysis(.bias(.mending(let found)), _)): study = found
    case .failed(let text): failure = text
    case .done, .cancelled: failure = "the metrics were not computed"
    case .started, .progress, .partial: return .stay()
    }
    request = nil
    fill()
    return .stay()
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else { return .stay() }
    let cancels = request.map { [Effect.cancel($0)] } ?? []
    switch key.code {
    case .escape, .character("q"): return .close(cancels)
    case .enter:
      guard let current else { return .stay() }
      return .close(cancels + add(current, &state))
    default: _ = table.handle(key)
    }
    return .stay()
  }

  /// Adds the step, and where rows change the same report on them.
  private func add(_ mending: BiasMending, _ state: inout WorkbenchState) -> [Effect] {
    var operation = mending.operation
    if case .transform(var spec) = operation, spec.parameters["name"] != nil {
      let schema = knownSchema(of: analysis.node, state) ?? []
      var name = "weight"
      while schema.contains(where: { $0.name.lowercased() == name }) { name += "_" }
      spec.parameters["name"] = .text(name)
      operation = .transform(spec)
    }
    let before = state.flow.graph.steps.count
    var effects = addStep(operation, after: analysis.node, &state)
    guard let report, mending.changesRows, state.flow.graph.steps.count > before, let step = state.selected else {
      return effects
    }
    effects += addAnalysis(
      .bias(report), name: "\(analysis.name), after \(mending.way.title.lowercased())", on: step, &state)
    return effects
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    var sheet = FindingSheet(title: "Mend \(facet)", note: "before and after", hints: "Enter: add  Esc: back")
    if let study {
      sheet.heads = [("d  \(study.groupD)", nil), ("a  \(study.groupA)", nil)]
      if let all = study.outcomes.first?.rows, study.rowsUsed < all {
        let rows = "\(Number.grouped(study.rowsUsed)) of \(Number.grouped(all)) rows"
        sheet.heads.append(("the metrics are of \(rows): the others lack a value", .info))
      }
    } else {
      sheet.heads = [
        (failure.map { "! " + $0 } ?? "counting groups, outcomes and strata…", failure == nil ? .info : .warning)
      ]
    }
    let hasPredictions = study?.outcomes.first?[.dppl]?.value != nil
    var parts = [current?.text ?? "The metrics as they are now."]
    if hasPredictions { parts.append("Predictions are the same ones, weighted: they change with a new model alone.") }
    let isExpected = study?.outcomes.contains { $0.metrics.contains(where: \.isExpected) } == true
    if isExpected, current?.changesRows == true { parts.append("~: chance decides which rows stay; what to expect.") }
    if let study, study.outcomes.first?[.cddl]?.error != nil {
      parts.append("CDDL and CDDPL need a group variable: choose one in the report.")
    }
    sheet.detail = parts.joined(separator: " ")
    return sheet.draw(table, into: &grid, state)
  }
}
