import Engine
import Fairness
import Flow
import Foundation
import Grid
import Widgets

/// A step that brings the outcomes of groups together, and the counts of a pair of groups after it.
struct BiasMending: Sendable {
  var title: String
  var text: String
  var operation: Flow.Operation
  /// Of the pair's groups after the step, in rows or in weights; a common factor does not matter.
  var after: BiasCounts
  /// Rows after the step.
  var rows: Int
  /// Whether the rows themselves change, so that the report can be made again on them.
  var changesRows: Bool

  /// The steps for the facet of a pair; empty where outcomes or groups cannot be said by a step.
  static func all(_ view: BiasView, pair: Int) -> [BiasMending] {
    let spec = view.report.spec
    guard view.pairs.indices.contains(pair), spec.mode == .correct,
      let facet = spec.facets.first(where: { $0.column == view.pairs[pair].facet })
    else { return [] }
    let shown = view.pairs[pair]
    var parameters: Parameters = ["facets": [.text(facet.column)], "label": .text(spec.label.column)]
    switch spec.label.positive {
    case .values(let values): parameters["positives"] = .list(values.map(Parameter.text))
    case .above(let number): parameters["above"] = .number(number)
    }
    // The groups of the step, and which of them are group d.
    var groups: [(rows: Int, positives: Int, isD: Bool)] = []
    switch facet.groups {
    case .eachValue:
      groups = view.pairs.filter { $0.facet == facet.column }
        .map { ($0.counts.d.rows, $0.counts.d.positives, $0.value == shown.value) }
    case .values(let values):
      parameters["values"] = .list(values.map(Parameter.text))
      groups = [pairOf(shown.counts.d, true), pairOf(shown.counts.a, false)]
    case .above(let thresholds):
      guard thresholds.count == 1 else { return [] }
      parameters["thresholds"] = .list(thresholds.map(Parameter.number))
      groups = [pairOf(shown.counts.d, true), pairOf(shown.counts.a, false)]
    }
    let rows = groups.reduce(0) { $0 + $1.rows }
    let positives = groups.reduce(0) { $0 + $1.positives }
    guard rows > 0 else { return [] }
    func step(_ id: String, _ more: Parameters) -> Flow.Operation {
      var parameters = parameters
      for (name, value) in more.values { parameters[name] = value }
      return .transform(TransformSpec(id, parameters))
    }
    /// Counts of the pair from a size of each cell.
    func counts(_ size: (_ rows: Int, _ isPositive: Bool) -> Int, where has: (_ rows: Int) -> Bool = { $0 > 0 })
      -> BiasCounts
    {
      var (d, a) = (BiasCounts.Group(rows: 0, positives: 0), BiasCounts.Group(rows: 0, positives: 0))
      for group in groups {
        let good = has(group.positives) ? size(group.rows, true) : 0
        let bad = has(group.rows - group.positives) ? size(group.rows, false) : 0
        if group.isD {
          d = .init(rows: d.rows + good + bad, positives: d.positives + good)
        } else {
          a = .init(rows: a.rows + good + bad, positives: a.positives + good)
        }
      }
      return BiasCounts(a: a, d: d)
    }
    // Weights are kept whole by the factor `rows`.
    let weighted = counts { $0 * ($1 ? positives : rows - positives) }
    let independent = counts { Int((Double($0 * ($1 ? positives : rows - positives)) / Double(rows)).rounded()) }
    let cells = groups.reduce(0) { $0 + ($1.positives > 0 ? 1 : 0) + ($1.rows > $1.positives ? 1 : 0) }
    let each = Int((Double(rows) / Double(max(1, cells))).rounded())
    let equal = counts { _, _ in each }
    return [
      BiasMending(
        title: "Reweigh", text: "Adds a column of weights: rows stay, models that know weights learn no gap.",
        operation: step("reweigh", ["name": "weight"]), after: weighted, rows: rows, changesRows: false),
      BiasMending(
        title: "Resample",
        text:
          "Repeats and leaves out rows at random until every group has the same share of good outcomes; groups keep "
          + "their sizes.",
        operation: step("resample-groups", ["sizes": "independent"]), after: independent,
        rows: independent.a.rows + independent.d.rows, changesRows: true),
      BiasMending(
        title: "Resample to equal cells",
        text: "The same, until every group has as many good and as many bad outcomes as every other.",
        operation: step("resample-groups", ["sizes": "equal"]), after: equal, rows: equal.a.rows + equal.d.rows,
        changesRows: true),
    ]
  }

  private static func pairOf(_ group: BiasCounts.Group, _ isD: Bool) -> (rows: Int, positives: Int, isD: Bool) {
    (group.rows, group.positives, isD)
  }
}

/// Steps that bring the outcomes of a facet's groups together, with the metrics before and after; Enter adds one.
struct BiasMendOverlay: Overlay {
  private let view: BiasView
  private let pair: Int
  private let mendings: [BiasMending]
  private var table: FindingTable

  private static let metrics: [BiasMetric] = [.dpl, .ci, .js, .tvd]

  init(_ view: BiasView, pair: Int) {
    (self.view, self.pair) = (view, pair)
    mendings = BiasMending.all(view, pair: pair)
    let shown = view.pairs[pair]
    table = FindingTable(
      [.init(title: "step")] + Self.metrics.map { .init(title: $0.name, alignment: .right) } + [
        .init(title: "rows", alignment: .right)
      ])
    func values(_ counts: BiasCounts) -> [String] {
      Self.metrics.map { metric in (try? metric.value(of: counts)).map { metric.shown($0) } ?? "–" }
    }
    let now = FindingTable.Line(
      cells: ["as it is"] + values(shown.counts) + [Number.grouped(shown.counts.d.rows + shown.counts.a.rows)])
    table.show(
      [now] + mendings.map { .init(cells: [$0.title] + values($0.after) + [Number.grouped($0.rows)]) })
    table.moveTo(1)
  }

  var hints: [(key: String, label: String)] { [("↑↓", "choose"), ("Enter", "add the step"), ("Esc", "back")] }

  private var current: BiasMending? {
    mendings.indices.contains(table.cursor - 1) ? mendings[table.cursor - 1] : nil
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else { return .stay() }
    switch key.code {
    case .escape, .character("q"): return .close()
    case .enter:
      guard let current else { return .stay() }
      return .close(add(current, &state))
    default: _ = table.handle(key)
    }
    return .stay()
  }

  /// Adds the step, and where rows change the same report on them.
  private func add(_ mending: BiasMending, _ state: inout WorkbenchState) -> [Effect] {
    var operation = mending.operation
    if case .transform(var spec) = operation, spec.parameters["name"] != nil {
      let schema = knownSchema(of: view.analysis.node, state) ?? []
      var name = "weight"
      while schema.contains(where: { $0.name.lowercased() == name }) { name += "_" }
      spec.parameters["name"] = .text(name)
      operation = .transform(spec)
    }
    let before = state.flow.graph.steps.count
    var effects = addStep(operation, after: view.analysis.node, &state)
    guard mending.changesRows, state.flow.graph.steps.count > before, let step = state.selected else { return effects }
    effects += addAnalysis(
      .bias(view.study), name: "\(view.analysis.name), after \(mending.title.lowercased())", on: step, &state)
    return effects
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let shown = view.pairs[pair]
    var sheet = FindingSheet(title: "Mend \(shown.facet)", note: "before and after", hints: "Enter: add  Esc: back")
    sheet.heads = [("d  \(shown.groupD)", nil), ("a  \(shown.groupA)", nil)]
    let model = view.report.performance == nil ? "" : " Predictions change only with a new model."
    sheet.detail = (current?.text ?? "The labels as they are now.") + model
    return sheet.draw(table, into: &grid, state)
  }
}
