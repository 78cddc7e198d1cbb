import Engine
import Fairness
import Grid
import Plot
import Widgets

/// A number with its sign; a dash where there is none.
private func signed(_ number: Double?) -> String { number.map { BiasMetric.dpl.shown($0) } ?? "–" }

/// What each group variable does to each gap; Enter shows its strata.
struct SimpsonOverlay: Overlay {
  private let analysis: Analysis
  private let report: SimpsonReport
  private var table: FindingTable

  init(_ report: SimpsonReport, of analysis: Analysis) {
    (self.report, self.analysis) = (report, analysis)
    table = FindingTable([
      .init(title: "group d", isFlexible: true), .init(title: "within"), .init(title: "effect"),
      .init(title: "DPL", alignment: .right), .init(title: "inside", alignment: .right),
      .init(title: "CDDL", alignment: .right, isOptional: true),
      .init(title: "strata", alignment: .right, isOptional: true),
    ])
    table.show(
      report.findings.map { finding in
        let words: (String, Level?) =
          switch finding.effect {
          case .turned: ("! turned", .warning)
          case .explained: ("explained", .info)
          case .kept: ("kept", nil)
          case .none: ("cannot tell", nil)
          }
        return .init(
          cells: [
            finding.groupD, finding.variable, words.0, signed(finding.dpl), signed(finding.dplWithin),
            signed(finding.cddl), Number.grouped(finding.strataCount),
          ], level: words.1)
      })
  }

  var hints: [(key: String, label: String)] {
    [("↑↓", "finding"), ("Enter", "strata"), ("Esc", "close")]
  }

  private var current: SimpsonFinding? {
    report.findings.indices.contains(table.cursor) ? report.findings[table.cursor] : nil
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else { return .stay() }
    switch key.code {
    case .escape, .character("q"): return .close()
    case .enter: return current.map { .push(StrataOverlay($0, of: analysis)) } ?? .stay()
    case .function(2): return Glossary.entry("CDDL").map { .push(TextOverlay(explaining: $0)) } ?? .stay()
    default: _ = table.handle(key)
    }
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    var sheet = FindingSheet(title: analysis.name, note: "Simpson's paradox", hints: "Enter: strata  Esc: close")
    let turned = report.findings.count { $0.effect == .turned }
    sheet.heads = [
      (
        "Which column turns a gap, or explains it away? "
          + (turned == 0 ? "None turns one." : "\(turned) of \(report.findings.count) turn one."),
        turned > 0 ? .warning : nil
      )
    ]
    sheet.detail = current.map { Self.words($0, of: report.rowsUsed) } ?? "No column of groups could be tried."
    return sheet.draw(table, into: &grid, state)
  }

  private static func words(_ finding: SimpsonFinding, of rows: Int) -> String {
    let (d, variable) = (finding.groupD, finding.variable)
    guard let dpl = finding.dpl, let inside = finding.dplWithin else {
      return "No value of \(variable) holds rows of both groups with and without a gap, so nothing can be said."
    }
    let gap =
      "Over \(finding.rowsPhrase(of: rows)) the share of good outcomes of \(d) differs by \(signed(-dpl)) from that of \(finding.groupA)"
    let within =
      "among rows of the same \(variable) by \(signed(-inside)) on average (\(Number.grouped(finding.comparedRows)) rows)"
    switch finding.effect {
    case .turned: return "\(gap), but \(within): the gap turns round, which is Simpson's paradox."
    case .explained: return "\(gap), \(within): \(variable) explains most of the gap."
    case .kept: return "\(gap), and \(within): \(variable) does not explain it."
    case .none: return "\(gap), \(within)."
    }
  }
}

/// The strata of one group variable; Enter opens the rows of one.
struct StrataOverlay: Overlay {
  private let finding: SimpsonFinding
  private let analysis: Analysis
  private var table: FindingTable

  init(_ finding: SimpsonFinding, of analysis: Analysis) {
    (self.finding, self.analysis) = (finding, analysis)
    table = FindingTable([
      .init(title: finding.variable, isFlexible: true), .init(title: "rows d", alignment: .right),
      .init(title: "good d", alignment: .right), .init(title: "rows a", alignment: .right),
      .init(title: "good a", alignment: .right), .init(title: "DPL", alignment: .right),
    ])
    func share(_ group: BiasCounts.Group) -> String { group.positiveShare.map(Number.percent) ?? "–" }
    table.show(
      finding.strata.map { stratum in
        let (d, a) = (stratum.counts.d, stratum.counts.a)
        return .init(cells: [
          stratum.value, Number.grouped(d.rows), share(d), Number.grouped(a.rows), share(a), signed(stratum.dpl),
        ])
      })
  }

  var hints: [(key: String, label: String)] { [("↑↓", "stratum"), ("Enter", "rows"), ("Esc", "back")] }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else { return .stay() }
    switch key.code {
    case .escape, .character("q"): return .close()
    case .enter:
      guard finding.strata.indices.contains(table.cursor) else { return .stay() }
      if state.overlays.last is SimpsonOverlay { state.overlays.removeLast() }
      return .close(showRows(where: finding.variable, is: finding.strata[table.cursor].value, of: analysis, &state))
    default: _ = table.handle(key)
    }
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    var sheet = FindingSheet(
      title: "\(finding.groupD) within \(finding.variable)", note: "\(Number.grouped(finding.strataCount)) strata",
      hints: "Enter: rows  Esc: back")
    sheet.heads = [("d  \(finding.groupD)", nil), ("a  \(finding.groupA)", nil)]
    let more = finding.strataCount - finding.strata.count
    sheet.detail = more > 0 ? "\(Number.grouped(more)) smaller strata are not listed; the averages count them." : ""
    return sheet.draw(table, into: &grid, state)
  }
}

/// What if each group had its own threshold: the front of pairs, and every metric now and then.
struct ThresholdOverlay: Overlay {
  private let study: ThresholdStudy
  private let analysis: Analysis
  private var place: Int
  private var table: FindingTable

  init(_ study: ThresholdStudy, of analysis: Analysis, at place: Int) {
    (self.study, self.analysis) = (study, analysis)
    self.place = place
    table = FindingTable([
      .init(title: "metric"), .init(title: "now", alignment: .right), .init(title: "what if", alignment: .right),
      .init(title: "closer?"), .init(title: "name", isOptional: true),
    ])
    move(to: place)
  }

  private var points: [ThresholdStudy.Point] { study.pareto + study.shared }

  private static let metrics = BiasMetric.postTraining.filter { ![.cddpl, .ft].contains($0) }

  private mutating func move(to index: Int) {
    place = max(0, min(index, points.count - 1))
    let point = points.indices.contains(place) ? points[place] : study.current
    table.show(
      Self.metrics.map { metric in
        let (now, then) = (study.current.value(metric), point.value(metric))
        let change = Self.change(metric, now, then)
        return .init(
          cells: [
            metric.name, now.map { metric.shown($0) } ?? "–", then.map { metric.shown($0) } ?? "–", change,
            metric.title,
          ], level: metric == study.metric ? .info : nil)
      })
  }

  private static func change(_ metric: BiasMetric, _ now: Double?, _ then: Double?) -> String {
    guard let now, let then, now.isFinite || then.isFinite else { return "" }
    let (before, after) = (abs(now - metric.ideal), abs(then - metric.ideal))
    if abs(before - after) < 1e-9 { return "as far" }
    return after < before ? "closer" : "further"
  }

  var hints: [(key: String, label: String)] {
    [("←→", "thresholds"), ("Tab", "own or shared"), ("↑↓", "metric"), ("F2", "explain"), ("Esc", "close")]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else { return .stay() }
    switch key.code {
    case .escape, .character("q"), .enter: return .close()
    case .right, .character("l"): move(to: place + 1)
    case .left, .character("h"): move(to: place - 1)
    case .tab, .backTab: move(to: place < study.pareto.count ? study.pareto.count : 0)
    case .function(2):
      guard Self.metrics.indices.contains(table.cursor),
        let entry = Glossary.entry(Self.metrics[table.cursor].name)
      else { return .stay() }
      return .push(TextOverlay(explaining: entry))
    default: _ = table.handle(key)
    }
    if state.chart.shown == .analysis(analysis.id) { state.chart.cursor = place }
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let point = points.indices.contains(place) ? points[place] : study.current
    var sheet = FindingSheet(title: analysis.name, note: study.metric.name, hints: "←→: move  Esc: close")
    func words(_ name: String, _ point: ThresholdStudy.Point) -> String {
      "\(name)  a \(Number.short(point.thresholdA))  d \(Number.short(point.thresholdD))  accuracy "
        + Number.percent(point.accuracy)
    }
    sheet.heads = [
      ("d  \(study.groupD)   a  \(study.groupA)", nil), (words("now    ", study.current), nil),
      (words("what if", point), .info),
    ]
    return sheet.draw(
      table, into: &grid, state, picture: .content(study.trade), view: ChartView(cursor: place))
  }
}

/// Metrics of a baseline against those of newer rows, by both rules.
struct BiasDriftOverlay: Overlay {
  private let drift: BiasDrift
  private let attribution: AttributionDrift?
  private let model: BiasDriftResult.Model?
  private let analysis: Analysis
  private var table: FindingTable

  init(_ result: BiasDriftResult, of analysis: Analysis) {
    (drift, attribution, model, self.analysis) = (result.drift, result.attribution, result.model, analysis)
    table = FindingTable([
      .init(title: "group d", isFlexible: true), .init(title: "metric"), .init(title: "before", alignment: .right),
      .init(title: "now", alignment: .right), .init(title: "range rule"), .init(title: "distance rule"),
      .init(title: "interval", alignment: .right, isOptional: true),
    ])
    table.show(
      result.drift.entries.map { entry in
        func shown(_ number: Double?) -> String { number.map { entry.metric.shown($0) } ?? "–" }
        let isAlert = entry.range == .alert || entry.distance == .violation
        let range = entry.range == .alert ? "! alert" : entry.range == .none ? "no range" : entry.range.rawValue
        let distance = entry.distance == .violation ? "! violation" : entry.distance == .none ? "cannot tell" : "ok"
        let interval = entry.low.flatMap { low in entry.high.map { "\(shown(low)) … \(shown($0))" } } ?? ""
        return .init(
          cells: [
            "\(entry.facet) = \(entry.value)", entry.metric.name, shown(entry.baseline), shown(entry.current), range,
            distance, interval,
          ], level: isAlert ? .warning : nil)
      })
  }

  var hints: [(key: String, label: String)] { [("↑↓", "metric"), ("F2", "explain"), ("Esc", "close")] }

  private var current: BiasDrift.Entry? {
    drift.entries.indices.contains(table.cursor) ? drift.entries[table.cursor] : nil
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else { return .stay() }
    switch key.code {
    case .escape, .character("q"), .enter: return .close()
    case .function(2):
      guard let term = current?.metric.name, let entry = Glossary.entry(term) else { return .stay() }
      return .push(TextOverlay(explaining: entry))
    default: _ = table.handle(key)
    }
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    var sheet = FindingSheet(title: analysis.name, hints: "Esc: close")
    let alerts = drift.entries.count { $0.range == .alert }
    let open = drift.entries.count { $0.range == .notConclusive }
    sheet.heads = [
      (
        "\(Number.grouped(drift.baselineRows)) rows before, \(Number.grouped(drift.currentRows)) now: \(alerts) alerts, "
          + "\(drift.violations.count) violations, \(open) not conclusive", alerts > 0 ? .warning : nil
      )
    ]
    if let model { sheet.heads.append((model.words, nil)) }
    if let attribution {
      let words =
        attribution.ndcg.map { "\(Number.short($0))" + (attribution.isAlert ? ", below 0.9" : "") } ?? "cannot tell"
      sheet.heads.append(("ranking of its features, NDCG: \(words)", attribution.isAlert ? .warning : nil))
    }
    sheet.detail = current.map(Self.words) ?? "Nothing to compare."
    return sheet.draw(table, into: &grid, state)
  }

  private static func words(_ entry: BiasDrift.Entry) -> String {
    if let error = entry.error { return "\(entry.metric.name): \(error)" }
    var parts: [String] = []
    switch entry.range {
    case .ok: parts.append("The interval of the new value lies inside the allowed range.")
    case .alert: parts.append("The interval of the new value and the allowed range have nothing in common.")
    case .notConclusive:
      parts.append("The interval of the new value reaches over a bound of the range: not conclusive.")
    case .none: parts.append("There is no allowed range for \(entry.metric.name).")
    }
    switch entry.distance {
    case .ok: parts.append("It is no further from the ideal than before.")
    case .violation: parts.append("It is further from the ideal than before.")
    case .none: break
    }
    return parts.joined(separator: " ")
  }
}
