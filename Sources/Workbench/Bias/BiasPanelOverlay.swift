import Engine
import Fairness
import Grid
import Widgets

/// One pair of groups: every metric with its interval and verdict, and what the one under the cursor means.
struct BiasPanelOverlay: Overlay {
  private let view: BiasView
  private var pair: Int
  private var table: FindingTable

  init(_ view: BiasView, pair: Int, metric: Int) {
    self.view = view
    self.pair = pair
    table = FindingTable([])
    table.show(Array(repeating: .init(cells: []), count: view.cockpit.metrics.count))
    table.moveTo(metric)
  }

  var hints: [(key: String, label: String)] {
    [
      ("↑↓", "metric"), ("←→", "group"), ("Enter", "counts"), ("m", "mend"), ("S", "Simpson"), ("F2", "explain"),
      ("T", "text"), ("e", "export"), ("Esc", "cockpit"),
    ]
  }

  private var current: MetricValue? {
    let values = view.values(of: pair)
    return values.indices.contains(table.cursor) ? values[table.cursor] : nil
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else {
      if case .mouse(let mouse) = event { return handle(mouse, &state) }
      return .stay()
    }
    switch key.code {
    case .escape, .character("q"): return .close()
    case .right, .character("l"), .character("]"): pair = min(view.pairs.count - 1, pair + 1)
    case .left, .character("h"), .character("["): pair = max(0, pair - 1)
    case .enter: return .push(BiasCountsOverlay(view, pair: pair, metric: current))
    case .function(2):
      guard let term = current?.name, let entry = Glossary.entry(term) else { return .stay() }
      return .push(TextOverlay(explaining: entry))
    case .character("T"):
      return .push(TextOverlay(title: view.analysis.name, text: reportText(of: view.analysis, state), wraps: false))
    case .character("m"): return .run("bias.mend")
    case .character("S"): return .run("bias.simpson")
    case .character("t"): return .run("bias.thresholds")
    case .character("e"): return .run("analyses.export")
    default: _ = table.handle(key)
    }
    follow(&state)
    return .stay()
  }

  private mutating func handle(_ mouse: MouseEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch mouse.kind {
    case .scroll(.down): table.moveTo(table.cursor + 1)
    case .scroll(.up): table.moveTo(table.cursor - 1)
    case .press(.left, let clicks):
      var grid = CellGrid(size: state.size)
      guard case .item("finding", let line)? = draw(into: &grid, state).target(at: mouse.position) else {
        return .stay()
      }
      table.moveTo(line)
      if clicks > 1 { return .push(BiasCountsOverlay(view, pair: pair, metric: current)) }
    default: break
    }
    follow(&state)
    return .stay()
  }

  /// The cockpit's cursor goes along, so that commands and the way back know the place.
  private func follow(_ state: inout WorkbenchState) {
    if state.chart.shown != .analysis(view.analysis.id) { _ = showAnalysis(view.analysis.id, focus: false, &state) }
    if view.report.segment(ofChart: state.chart.page) != view.part || shownChart(state) != .content(view.cockpit) {
      state.chart.page = 0
    }
    state.chart.cursor = table.cursor * view.pairs.count + pair
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    guard view.pairs.indices.contains(pair) else { return HitMap() }
    let shown = view.pairs[pair]
    let before = view.before(pair, state)
    var table = table
    let confidence = Number.short(view.report.spec.confidence * 100)
    table.columns = [
      .init(title: "metric"), .init(title: "value", alignment: .right),
      .init(title: "\(confidence) % interval", alignment: .right), .init(title: "verdict"),
    ]
    if before != nil { table.columns.append(.init(title: "before", alignment: .right)) }
    table.columns += [
      .init(title: "limits", isOptional: true), .init(title: "ideal", alignment: .right, isOptional: true),
      .init(title: "name", isOptional: true),
    ]
    table.show(
      zip(view.cockpit.metrics, view.values(of: pair)).map { name, value in
        line(name, value, before: before.map { $0.pair }, state)
      })
    var sheet = FindingSheet(
      title: "\(shown.facet) = \(shown.value)", step: "group \(pair + 1) of \(view.pairs.count)",
      note: view.report.spec.label.column, hints: "Enter: counts  Esc: cockpit")
    sheet.heads = [
      (Self.head("d", shown.groupD, shown.counts.d), nil), (Self.head("a", shown.groupA, shown.counts.a), nil),
    ]
    if let part = view.partTitle { sheet.heads.insert(("of the rows with \(part)", .info), at: 0) }
    if let small = shown.smallGroup { sheet.heads.append(("! " + small, .warning)) }
    if let before { sheet.heads.append(("before: \(before.report)", .info)) }
    sheet.detail = detail
    return sheet.draw(table, into: &grid, state)
  }

  /// `d  sex = Female: 1,648 rows, 11.0% positive, 5.8% predicted positive`.
  private static func head(_ letter: String, _ name: String, _ group: BiasCounts.Group) -> String {
    var text = "\(letter)  \(name): \(Number.grouped(group.rows)) row\(group.rows == 1 ? "" : "s")"
    if let share = group.positiveShare { text += ", \(Number.percent(share)) positive" }
    if let share = group.predictedPositiveShare { text += ", \(Number.percent(share)) predicted positive" }
    return text
  }

  private func line(_ name: String, _ value: MetricValue?, before: FacetReport?, _ state: WorkbenchState)
    -> FindingTable.Line
  {
    guard let value else { return .init(cells: [name], level: nil) }
    let (words, level) = value.verdictWords(state.drawing.glyphs)
    var cells = [name, value.value == nil ? "–" : value.shown, value.interval, words]
    if let before { cells.append(before[value.metric]?.shown ?? "–") }
    cells += [value.limits?.shown ?? "", value.metric == .di ? "1" : "0", value.metric.title]
    return .init(cells: cells, level: level)
  }

  private var detail: String {
    guard let value = current else { return "" }
    let metric = value.metric
    var parts = ["\(metric.name), \(metric.title): \(metric.formula), \(metric.rangeText)"]
    if let error = value.error { parts.append("No value: \(error).") }
    parts.append(value.explanation.isEmpty ? metric.meaning : value.explanation)
    // Of a label with several classes the distances are of all of them as well.
    if let whole = view.pairs[pair].full.first(where: { $0.metric == metric }), whole.value != nil {
      let interval = whole.interval.isEmpty ? "" : ", \(whole.interval)"
      parts.append("Over all classes of \(view.report.spec.label.column): \(metric.name) \(whole.shown)\(interval).")
    }
    return parts.joined(separator: "\n")
  }
}

extension MetricValue {
  /// The verdict in words with a sign of its own, and its colour.
  func verdictWords(_ glyphs: GlyphSet) -> (String, Level?) {
    switch verdict {
    case .within: (Level.success.mark(glyphs) + " within", nil)
    case .outside: ("! outside", .warning)
    case .notConclusive: ("? not conclusive", .info)
    case .none: (value == nil ? "no value" : "no limit", nil)
    }
  }
}

/// The counts behind the metrics of one pair of groups; Enter opens the rows of one.
struct BiasCountsOverlay: Overlay {
  private let view: BiasView
  private let pair: Int
  private let metric: MetricValue?
  private var table: FindingTable
  /// Whether the cursor stands on group d.
  private var isOnD = true

  /// A line of counts: its name, which rows, and the numbers.
  private struct Count {
    var name: String
    var rows: BiasRows
    var d, a: Int?
  }

  init(_ view: BiasView, pair: Int, metric: MetricValue?) {
    (self.view, self.pair, self.metric) = (view, pair, metric)
    table = FindingTable([])
    table.show(Self.lines(Self.counts(view.pairs[pair].counts), view.pairs[pair].counts))
  }

  private static func counts(_ counts: BiasCounts) -> [Count] {
    let (d, a) = (counts.d, counts.a)
    var lines = [
      Count(name: "all rows", rows: BiasRows(nil), d: d.rows, a: a.rows),
      Count(name: "positive label", rows: BiasRows(nil, isPositive: true), d: d.positives, a: a.positives),
      Count(name: "negative label", rows: BiasRows(nil, isPositive: false), d: d.negatives, a: a.negatives),
    ]
    guard d.predictedPositives != nil else { return lines }
    func add(_ name: String, _ label: Bool?, _ prediction: Bool?, _ d: Int?, _ a: Int?) {
      lines.append(
        Count(name: name, rows: BiasRows(nil, isPositive: label, isPredictedPositive: prediction), d: d, a: a))
    }
    add("predicted positive", nil, true, d.predictedPositives, a.predictedPositives)
    add("predicted negative", nil, false, d.predictedNegatives, a.predictedNegatives)
    add("TP  positive, predicted so", true, true, d.truePositives, a.truePositives)
    add("FP  negative, predicted positive", false, true, d.falsePositives, a.falsePositives)
    add("FN  positive, predicted negative", true, false, d.falseNegatives, a.falseNegatives)
    add("TN  negative, predicted so", false, false, d.trueNegatives, a.trueNegatives)
    return lines
  }

  private static func lines(_ lines: [Count], _ counts: BiasCounts) -> [FindingTable.Line] {
    func share(_ count: Int?, _ whole: Int) -> String {
      count.map { whole > 0 ? Number.percent(Double($0) / Double(whole)) : "–" } ?? "–"
    }
    return lines.map { line in
      .init(cells: [
        line.name, line.d.map(Number.grouped) ?? "–", share(line.d, counts.d.rows), line.a.map(Number.grouped) ?? "–",
        share(line.a, counts.a.rows),
      ])
    }
  }

  var hints: [(key: String, label: String)] {
    [("↑↓", "count"), ("←→", "group"), ("Enter", "rows"), ("F2", "explain"), ("Esc", "back")]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else { return .stay() }
    switch key.code {
    case .escape, .character("q"): return .close()
    case .left, .character("h"): isOnD = true
    case .right, .character("l"): isOnD = false
    case .function(2):
      guard let term = metric?.name, let entry = Glossary.entry(term) else { return .stay() }
      return .push(TextOverlay(explaining: entry))
    case .enter: return openRows(&state)
    default: _ = table.handle(key)
    }
    return .stay()
  }

  private func openRows(_ state: inout WorkbenchState) -> OverlayOutcome {
    let shown = view.pairs[pair]
    let counts = Self.counts(shown.counts)
    guard counts.indices.contains(table.cursor) else { return .stay() }
    let count = counts[table.cursor]
    var rows = count.rows
    rows.group = isOnD ? .d : .a
    let name = count.name.split(separator: "  ").first.map(String.init) ?? ""
    let before = state.table.views.count
    let effects = showRows(
      rows, titled: "\(isOnD ? shown.groupD : shown.groupA), \(name)", of: shown, in: view, &state)
    guard state.focus == .table, state.table.views.count > 1 || before == 0 else { return .stay(effects) }
    // The panel below goes too: the rows are what is to be seen.
    if state.overlays.last is BiasPanelOverlay { state.overlays.removeLast() }
    return .close(effects)
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let shown = view.pairs[pair]
    var table = table
    table.columns = [
      .init(title: "rows"), .init(title: "d", alignment: .right), .init(title: "of d", alignment: .right),
      .init(title: "a", alignment: .right), .init(title: "of a", alignment: .right),
    ]
    var sheet = FindingSheet(
      title: metric.map { "\($0.name) \($0.shown)" } ?? "Counts", step: "the counts behind it", note: shown.facet,
      hints: "Enter: rows  Esc: back")
    sheet.heads = [("d  \(shown.groupD)", nil), ("a  \(shown.groupA)", nil)]
    if let small = shown.smallGroup { sheet.heads.append(("! " + small, .warning)) }
    if let part = view.partTitle { sheet.heads.insert(("of the rows with \(part)", .info), at: 0) }
    if let vague = metric.flatMap({ view.report.vagueness(of: $0, shown) }) {
      sheet.heads.append(("! " + vague, .info))
    }
    sheet.detail =
      metric.map { "\($0.metric.formula)\n" + ($0.explanation.isEmpty ? $0.metric.meaning : $0.explanation) } ?? ""
    return sheet.draw(table, into: &grid, state, cell: isOnD ? 1 : 3)
  }
}
