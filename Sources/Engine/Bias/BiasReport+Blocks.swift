import Fairness
import Insight
import Plot

extension BiasReport {
  /// The report as text.
  /// - Parameter explains: which metrics get a paragraph on what they mean for the two groups.
  func blocks(explains: (MetricValue) -> Bool) -> [AnalysisBlock] {
    var blocks = opening
    for facet in facets { blocks += facet.blocks(explains: explains) }
    if !intersections.isEmpty { blocks += [.heading("Combined groups, the worst gap first")] + [intersectionTable] }
    for (place, part) in segments.enumerated() {
      blocks.append(.heading("\(segmentTitle(place)): \(BiasText.rows(part.rowsUsed))"))
      if let error = part.error { blocks.append(.sentence(BiasText.sentence(error))) }
      for facet in part.facets { blocks += facet.blocks(explains: { _ in false }) }
    }
    if let performance { blocks += performance.blocks }
    return blocks + closing
  }

  /// What was asked, of how many rows, and how the columns were read.
  private var opening: [AnalysisBlock] {
    var sentence = "\(spec.label.column), positive is \(BiasText.positive(spec.label.positive)): "
    sentence += BiasText.rows(rowsUsed) + " used"
    switch (rowsMissing, spec.missing) {
    case (0, _): sentence += ", none lacks a value."
    case (_, .drop): sentence += ", \(BiasText.rows(rowsMissing)) that lack a value left out."
    case (_, .ownValue): sentence += "; \(BiasText.rows(rowsMissing)) lack a value, which counts as one of its own."
    case (_, .asLibrary): sentence += "; \(BiasText.rows(rowsMissing)) that lack a value count as group a and negative."
    }
    let all = facets.flatMap(\.metrics)
    let outside = all.count { $0.verdict == .outside }
    let open = all.count { $0.verdict == .notConclusive }
    let judged = all.count { $0.verdict != .none }
    var verdict = "\(outside) of \(BiasText.counted(judged, "value")) with limits outside them"
    if judged == 0 { verdict = "No value with limits could be computed" }
    if open > 0 { verdict += ", \(open) not conclusive" }
    verdict += "."
    if spec.draws > 0 {
      verdict +=
        " Intervals are of \(Numbers.grouped(spec.draws)) bootstrap draws at \(BiasText.percent(spec.confidence))"
      let most = comparisons.values.max() ?? 0
      if most > 1, spec.correction != .none {
        verdict +=
          "; verdicts allow for \(most) comparisons (\(spec.correction == .holm ? "Holm" : "Benjamini-Hochberg"))"
      }
      verdict += "."
    }
    let table = AnalysisBlock.table(
      headings: ["column", "read as", "because", "selected"],
      rows: readings.map { [$0.column, $0.kind.rawValue, $0.reason, $0.selected] })
    var blocks: [AnalysisBlock] = [.sentence(sentence), .sentence(verdict)]
    if spec.mode == .smclarify {
      blocks.append(.sentence("Computed as smclarify 0.5 does, its known defects included."))
    }
    return blocks + [table]
  }

  private var closing: [AnalysisBlock] {
    var blocks: [AnalysisBlock] = []
    if !missing.isEmpty {
      let rows = missing.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      blocks += [
        .heading("Missing values"),
        .table(headings: ["column", "rows"], rows: rows.map { [$0.key, Numbers.grouped($0.value)] }),
      ]
    }
    if !notes.isEmpty { blocks += [.heading("Notes")] + notes.map { .sentence(BiasText.sentence($0)) } }
    return blocks
  }

  /// The combined groups alone.
  var intersectionBlocks: [AnalysisBlock] {
    let head = "\(spec.label.column), positive is \(BiasText.positive(spec.label.positive)), of "
    guard !intersections.isEmpty else {
      return [.sentence(head + "\(BiasText.rows(rowsUsed)): there are no combined groups. Name two facets or more.")]
        + closing
    }
    return [.sentence(head + "\(BiasText.rows(rowsUsed)): each combination against all other rows.")]
      + [intersectionTable] + intersections.prefix(5).flatMap { $0.blocks(explains: { _ in false }) } + closing
  }

  private var intersectionTable: AnalysisBlock {
    .table(
      headings: ["group", "rows", "worst metric", "value", "interval", "verdict"],
      rows: intersections.map { entry in
        let worst = entry.worst
        return [
          entry.groupD + (entry.smallGroup == nil ? "" : " (small)"), Numbers.grouped(entry.counts.d.rows),
          worst?.name ?? "-", BiasText.number(worst?.value), BiasText.interval(worst?.low, worst?.high),
          worst.map { BiasText.verdict($0) } ?? "",
        ]
      })
  }
}

extension FacetReport {
  /// The metric furthest from its ideal among those outside their limits, else among all: distances count less than
  /// what has a direction, for they repeat it.
  public var worst: MetricValue? {
    let known = metrics.filter { $0.gap?.isFinite == true && $0.metric != .ci }
    let outside = known.filter { $0.verdict == .outside }
    return (outside.isEmpty ? known : outside).max { ($0.gap ?? 0) < ($1.gap ?? 0) }
  }

  /// Both groups with their counts, a table of the metrics, and paragraphs for some of them.
  func blocks(explains: (MetricValue) -> Bool) -> [AnalysisBlock] {
    var blocks: [AnalysisBlock] = [.heading("\(groupD) (d) against \(groupA) (a)")]
    if let smallGroup { blocks.append(.sentence("! Small group: \(smallGroup).")) }
    blocks.append(countTable)
    if !metrics.isEmpty { blocks.append(Self.table(metrics)) }
    if !full.isEmpty {
      blocks += [.sentence("Over all classes of the label, not positive against negative alone:"), Self.table(full)]
    }
    blocks += metrics.filter(explains).map { .sentence("\($0.name): \($0.explanation)") }
    return blocks
  }

  private var countTable: AnalysisBlock {
    let hasPredictions = counts.d.predictedPositives != nil
    var headings = ["group", "rows", "positive", "share"]
    if hasPredictions { headings += ["predicted", "share", "TP", "FP", "FN", "TN"] }
    func row(_ name: String, _ group: BiasCounts.Group) -> [String] {
      func count(_ value: Int?) -> String { value.map { Numbers.grouped($0) } ?? "-" }
      func share(_ value: Double?) -> String { value.map { Numbers.percent($0, of: 1) } ?? "-" }
      var cells = [name, count(group.rows), count(group.positives), share(group.positiveShare)]
      if hasPredictions {
        cells += [count(group.predictedPositives), share(group.predictedPositiveShare)]
        cells += [group.truePositives, group.falsePositives, group.falseNegatives, group.trueNegatives].map(count)
      }
      return cells
    }
    return .table(headings: headings, rows: [row("d " + groupD, counts.d), row("a " + groupA, counts.a)])
  }

  private static func table(_ metrics: [MetricValue]) -> AnalysisBlock {
    .table(
      headings: ["metric", "value", "interval", "allowed", "verdict"],
      rows: metrics.map { metric in
        [
          metric.name, BiasText.number(metric.value), BiasText.interval(metric.low, metric.high),
          BiasText.limits(metric.limits), metric.error ?? BiasText.verdict(metric),
        ]
      })
  }
}

extension ModelPerformance {
  fileprivate var blocks: [AnalysisBlock] {
    let (tp, fp, fn, tn) = (truePositives, falsePositives, falseNegatives, trueNegatives)
    let n = tp + fp + fn + tn
    func share(_ part: Int, _ whole: Int) -> String { whole > 0 ? BiasText.number(Double(part) / Double(whole)) : "-" }
    let precision = Double(tp) / Double(max(tp + fp, 1))
    let recall = Double(tp) / Double(max(tp + fn, 1))
    let f1 = precision + recall > 0 ? BiasText.number(2 * precision * recall / (precision + recall)) : "-"
    return [
      .heading("The predictions over all rows"),
      .table(
        headings: ["accuracy", "precision", "recall", "F1", "specificity", "TP", "FP", "FN", "TN"],
        rows: [
          [share(tp + tn, n), share(tp, tp + fp), share(tp, tp + fn), f1, share(tn, tn + fp)]
            + [tp, fp, fn, tn].map { Numbers.grouped($0) }
        ]),
    ]
  }
}
