import Insight
import Learn
import Plot

extension DataExploration: WrittenReport {
  public var title: String { "Exploration of \(target.column)" }

  public var lines: [String] { WrittenBlocks(blocks: blocks).lines }
  public var markdown: String { WrittenBlocks(blocks: blocks).markdown }

  private func share(_ part: Int, _ whole: Int) -> String { Numbers.percent(Double(part), of: Double(whole)) }

  var blocks: [AnalysisBlock] {
    summaryBlocks + findingBlocks + targetBlocks + featureBlocks + divisionBlocks + duplicateBlocks
      + notes.map { .sentence($0) }
  }

  private var summaryBlocks: [AnalysisBlock] {
    var facts = "\(AnalysisBlock.counted(rows, "row")), \(AnalysisBlock.counted(columns, "column"))"
    if isSampled { facts += "; figures are of a random sample of \(Numbers.grouped(explored)) rows, seed \(seed)" }
    let used = features.filter { $0.kind != nil }
    let kinds = FeatureKind.allCases.compactMap { kind -> String? in
      let count = used.count { $0.kind == kind }
      return count == 0 ? nil : "\(count) \(kind.rawValue)"
    }
    return [
      .heading("Summary"), .sentence(facts + "."),
      .table(
        headings: ["figure", "count", "of all"],
        rows: [
          ["features", Numbers.grouped(used.count), kinds.joined(separator: ", ")],
          ["columns left out", Numbers.grouped(features.count - used.count), ""],
          ["missing cells", Numbers.grouped(missingCells), share(missingCells, explored * columns)],
          ["duplicate rows", Numbers.grouped(duplicateRows), share(duplicateRows, explored)],
          ["rows without a label", Numbers.grouped(target.missing), share(target.missing, explored)],
        ]
          + (anomalies.map {
            [["anomalous rows", Numbers.grouped($0.anomalous), share($0.anomalous, explored)]]
          } ?? [])),
    ]
  }

  private var findingBlocks: [AnalysisBlock] {
    guard !findings.isEmpty else { return [.heading("Findings"), .sentence("Nothing to look at first.")] }
    return [
      .heading("Findings"),
      .table(
        headings: ["severity", "finding", "column", "what", "suggested step"],
        rows: findings.map {
          [$0.severity.rawValue, $0.title, $0.column ?? "-", $0.text, $0.step?.operation ?? "-"]
        }),
    ]
  }

  private var targetBlocks: [AnalysisBlock] {
    var blocks: [AnalysisBlock] = [
      .heading("Label"),
      .sentence("\(target.column): \(target.problem.title), since \(target.reason). By \(target.metric.rawValue)."),
    ]
    if !target.classes.isEmpty {
      let shown = target.classes.prefix(20)
      blocks.append(
        .table(
          headings: ["class", "rows", "share"],
          rows: shown.map { [$0.name, Numbers.grouped($0.rows), share($0.rows, target.labelled)] }))
      if target.classes.count > shown.count {
        blocks.append(.sentence("\(Numbers.grouped(target.classes.count - shown.count)) more classes."))
      }
    } else if let figures = target.statistics?.figures {
      func number(_ value: Double?) -> String { value.map { Numbers.short($0) } ?? "-" }
      blocks.append(
        .table(
          headings: ["min", "5 %", "median", "mean", "95 %", "max", "sd", "skew", "outliers"],
          rows: [
            [
              number(figures.min), number(figures.quantiles["0.05"]), number(figures.median), number(figures.mean),
              number(figures.quantiles["0.95"]), number(figures.max), number(figures.sd), number(figures.skew),
              Numbers.grouped(figures.outliers),
            ]
          ]))
    }
    return blocks
  }

  private var featureBlocks: [AnalysisBlock] {
    guard !features.isEmpty else { return [] }
    let ranked = features.enumerated().sorted { left, right in
      let (a, b) = (left.element.predictionPower ?? -1, right.element.predictionPower ?? -1)
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
    var blocks: [AnalysisBlock] = [
      .heading("Columns"),
      .table(
        headings: ["column", "kind", "missing", "different", "prediction power", "correlation", "suspicion"],
        rows: ranked.map { feature in
          [
            feature.column, feature.kind?.rawValue ?? "left out", share(feature.statistics.absent, explored),
            Numbers.grouped(feature.statistics.cardinality),
            feature.predictionPower.map { Numbers.fixed($0, 3) } ?? "-",
            feature.correlation.map { Numbers.fixed($0, 3) } ?? "-",
            feature.verdict == .leak || feature.verdict == .warning ? "leak?" : "",
          ]
        }),
    ]
    let out = features.filter { $0.kind == nil }
    if !out.isEmpty {
      blocks.append(.table(headings: ["left out", "why"], rows: out.map { [$0.column, $0.reason ?? "-"] }))
    }
    return blocks
  }

  private var divisionBlocks: [AnalysisBlock] {
    let how =
      switch division.kind {
      case .random: "\(division.folds.count) folds, drawn so that each has its share of the labels"
      case .groups: "\(division.folds.count) folds that never part a group"
      case .time: "\(division.folds.count) folds that learn from what was before the rows that they judge"
      case .validation: "rows that were put aside, judged by two models that differ in their seed"
      }
    let learnt = division.folds.map(\.learnt)
    let judged = division.folds.map(\.judged)
    func range(_ counts: [Int]) -> String {
      let (low, high) = (counts.min() ?? 0, counts.max() ?? 0)
      return low == high ? Numbers.grouped(low) : "\(Numbers.grouped(low))–\(Numbers.grouped(high))"
    }
    var blocks: [AnalysisBlock] = [
      .heading("Division"),
      .sentence("\(how): each learns from \(range(learnt)) rows and judges \(range(judged))."),
    ]
    if !others.isEmpty {
      blocks.append(
        .table(
          headings: ["rows", "count", "without a known label", "equal to one to learn from"],
          rows: others.map { other in
            [
              other.role.rawValue, Numbers.grouped(other.rows), Numbers.grouped(other.unlabelled),
              (isSampled ? "at least " : "") + Numbers.grouped(other.repeated),
            ]
          }))
    }
    return blocks
  }

  private var duplicateBlocks: [AnalysisBlock] {
    guard let anomalies, !anomalies.top.isEmpty else { return [] }
    return anomalies.blocks
  }

  /// The label, what each column says of it, and how columns go together.
  public var charts: [(title: String, chart: Chart)] {
    var charts: [(title: String, chart: Chart)] = []
    if !target.classes.isEmpty {
      let items = target.classes.prefix(20).map { Bars.Item(label: $0.name, count: $0.rows) }
      let rest = target.classes.dropFirst(20)
      charts.append(
        (
          "Label",
          .bars(
            Bars(
              column: target.column, items: items,
              others: rest.isEmpty ? nil : .init(count: rest.reduce(0) { $0 + $1.rows }, distinct: rest.count),
              missing: target.missing, total: explored))
        ))
    }
    let powers = features.compactMap { feature in feature.predictionPower.map { (feature, $0) } }
    if !powers.isEmpty {
      let items = powers.sorted { $1.1 < $0.1 }.map {
        Bars.Item(label: $0.0.column, count: $0.0.statistics.valid, value: $0.1)
      }
      charts.append(
        (
          "Prediction power",
          .bars(
            Bars(
              title: "How well each column alone foretells \(target.column)", column: "", items: items, missing: 0,
              total: explored, measure: "prediction power"))
        ))
    }
    return charts + (correlations?.charts ?? [])
  }
}
