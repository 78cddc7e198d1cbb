import Fairness
import Insight
import Plot

extension SimpsonReport {
  var blocks: [AnalysisBlock] {
    let turned = findings.count { $0.effect == .turned }
    var blocks: [AnalysisBlock] = [
      .sentence(
        "\(BiasText.rows(rowsUsed)). The gap in positive labels (DPL) of each pair of groups, and the mean of the gaps "
          + "within the values of a column: \(turned == 0 ? "no column turns its sign." : "\(turned) turn its sign.")")
    ]
    if findings.isEmpty { blocks.append(.sentence("There is no column to try.")) } else { blocks.append(table) }
    for finding in findings.prefix(3) where finding.effect == .turned || finding.effect == .explained {
      blocks += [
        .heading("\(finding.groupD) within \(finding.variable)"), .sentence(finding.sentence(of: rowsUsed)),
        .table(
          headings: [finding.variable, "rows", "positive share d", "positive share a", "DPL"],
          rows: finding.strata.prefix(20).map { stratum in
            [
              stratum.value, Numbers.grouped(stratum.counts.a.rows + stratum.counts.d.rows),
              BiasText.number(stratum.counts.d.positiveShare), BiasText.number(stratum.counts.a.positiveShare),
              BiasText.number(stratum.dpl),
            ]
          }),
      ]
      if finding.strataCount > 20 {
        blocks.append(.sentence("\(Numbers.grouped(finding.strataCount - 20)) more values are left out here."))
      }
    }
    if !leftOut.isEmpty {
      blocks += [
        .heading("Not tried"),
        .table(headings: ["column", "reason"], rows: leftOut.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }),
      ]
    }
    return blocks
  }

  private var table: AnalysisBlock {
    .table(
      headings: ["group d", "within", "DPL", "DPL within", "CDDL", "effect"],
      rows: findings.map { finding in
        [
          finding.groupD, finding.variable, BiasText.number(finding.dpl), BiasText.number(finding.dplWithin),
          BiasText.number(finding.cddl), finding.effect == .turned ? "! turned" : finding.effect.rawValue,
        ]
      })
  }

  /// The gap of all rows and within the strata, for the findings that tell most.
  var charts: [(title: String, chart: Chart)] {
    findings.filter { $0.effect == .turned || $0.effect == .explained }.prefix(3).map { finding in
      let metrics =
        [
          BiasPanel.Metric(name: "all of them", values: [finding.dpl], allowed: -0.1...0.1),
          BiasPanel.Metric(name: "within", values: [finding.dplWithin], allowed: -0.1...0.1),
        ]
        + finding.strata.prefix(20).map {
          BiasPanel.Metric(name: $0.value, values: [$0.dpl], allowed: -0.1...0.1)
        }
      let title = "DPL of \(finding.groupD) within \(finding.variable)"
      let panel = BiasPanel(
        title: title, column: finding.facet, groups: [finding.value], metrics: metrics,
        total: finding.rows ?? rowsUsed)
      return (title, .content(panel))
    }
  }
}

extension SimpsonFinding {
  fileprivate func sentence(of rows: Int) -> String {
    let whole = rowsPhrase(of: rows)
    let (all, within) = (BiasText.number(dpl), BiasText.number(dplWithin))
    return effect == .turned
      ? "Over \(whole) DPL is \(all), within \(variable) it is \(within) on average: the gap points the other way."
      : "Over \(whole) DPL is \(all), within \(variable) only \(within) on average: most of the gap goes with it."
  }
}

extension ThresholdStudy {
  var blocks: [AnalysisBlock] {
    func row(_ name: String, _ point: Point) -> [String] {
      [
        name, BiasText.number(point.thresholdD), BiasText.number(point.thresholdA), BiasText.number(point.accuracy),
        BiasText.number(point.value(metric)), BiasText.number(point.value(.rd)), BiasText.number(point.value(.ad)),
      ]
    }
    let headings = ["", "threshold d", "threshold a", "accuracy", metric.name, "RD", "AD"]
    return [
      .sentence(
        "\(groupD) (d) against \(groupA) (a), \(BiasText.rows(rows)), \(BiasText.counted(bins, "step")) of the score. The "
          + "first line is the threshold as it is; then the pairs that no other pair beats in both accuracy and \(metric.name)."
      ),
      .table(
        headings: headings,
        rows: [row("now", current)] + sampled(pareto, 20).enumerated().map { row("\($0.offset + 1)", $0.element) }),
    ]
  }

  /// Evenly spread among them, both ends included.
  private func sampled(_ points: [Point], _ most: Int) -> [Point] {
    guard points.count > most else { return points }
    return (0..<most).map { points[$0 * (points.count - 1) / (most - 1)] }
  }

  /// Accuracy against the metric.
  var charts: [(title: String, chart: Chart)] {
    [("Thresholds for \(groupD) and all others: \(metric.name) against accuracy", .content(trade))]
  }
}

extension MendingStudy.Way {
  public var title: String {
    switch self {
    case .reweigh: "Reweigh"
    case .resample: "Resample"
    case .resampleToEqualCells: "Resample to equal cells"
    }
  }
}

extension MendingStudy {
  var blocks: [AnalysisBlock] {
    let metrics = outcomes.first?.metrics.map(\.metric) ?? []
    func cell(_ value: Value?) -> String {
      guard let value, value.value != nil else { return "-" }
      return (value.isExpected ? "about " : "") + BiasText.number(value.value)
    }
    var rows = metrics.map { metric in [metric.name] + outcomes.map { cell($0[metric]) } }
    rows.append(["rows"] + outcomes.map { Numbers.grouped($0.rows) })
    var blocks: [AnalysisBlock] = [
      .sentence(
        "\(groupD) (d) against \(groupA) (a), \(BiasText.rows(rowsUsed)): every metric as it is, and weighted as the steps "
          + "would have it. Predictions stay what they are; they change with a new model alone."),
      .table(headings: ["metric"] + outcomes.map { $0.way?.title ?? "as it is" }, rows: rows),
    ]
    if outcomes.contains(where: { $0.metrics.contains(where: \.isExpected) }) {
      blocks.append(.sentence("\"about\": chance decides which rows stay, and the figure is what to expect."))
    }
    return blocks
  }

  /// A line a metric, a mark for each way.
  var charts: [(title: String, chart: Chart)] {
    let metrics = (outcomes.first?.metrics ?? []).filter { $0.value?.isFinite == true }.map(\.metric)
    guard !metrics.isEmpty else { return [] }
    let panel = BiasPanel(
      title: "Mending \(groupD)", column: facet, groups: outcomes.map { $0.way?.title ?? "as it is" },
      metrics: metrics.map { metric in
        BiasPanel.Metric(
          name: metric.name, values: outcomes.map { $0[metric]?.value }, allowed: metric.customaryLimits?.closed)
      }, total: rowsUsed)
    return [("\(groupD), before and after", .content(panel))]
  }
}

extension BiasDriftResult {
  var blocks: [AnalysisBlock] {
    let alerts = drift.entries.count { $0.range == .alert }
    let open = drift.entries.count { $0.range == .notConclusive }
    let further = drift.entries.count { $0.distance == .violation }
    var blocks: [AnalysisBlock] = [
      .sentence(
        "\(BiasText.rows(drift.currentRows)) against a baseline of \(BiasText.rows(drift.baselineRows)): \(alerts) of "
          + "\(BiasText.counted(drift.entries.count, "value")) outside the allowed range by more than chance, \(open) not "
          + "conclusive; \(further) further from the ideal than in the baseline.")
    ]
    blocks.append(
      .table(
        headings: ["facet", "value", "metric", "baseline", "now", "interval", "allowed", "range", "distance"],
        rows: drift.entries.map { entry in
          [
            entry.facet, entry.value, entry.metric.name, BiasText.number(entry.baseline),
            BiasText.number(entry.current),
            BiasText.interval(entry.low, entry.high), BiasText.limits(entry.allowed),
            entry.error ?? Self.word(entry.range),
            entry.distance == .violation ? "! violation" : Self.word(entry.distance),
          ]
        }))
    if let attribution {
      let ndcg = BiasText.number(attribution.ndcg)
      blocks += [
        .heading("What the model goes by"), .sentence(model?.words ?? ""),
        .sentence(
          attribution.ndcg == nil
            ? "No feature moves its predictions of the baseline."
            : "NDCG of its features' ranks on the newer rows against those on the baseline is \(ndcg), "
              + (attribution.isAlert
                ? "! below \(AttributionDrift.bound): the ranking has changed." : "not below 0.9: ok.")),
      ]
    }
    if !drift.notes.isEmpty {
      blocks += [.heading("Notes")] + drift.notes.map { .sentence(BiasText.sentence($0)) }
    }
    return blocks
  }

  private static func word(_ verdict: BiasDrift.RangeVerdict) -> String {
    switch verdict {
    case .ok: "ok"
    case .alert: "! alert"
    case .notConclusive: "? not conclusive"
    case .none: ""
    }
  }

  private static func word(_ verdict: BiasDrift.DistanceVerdict) -> String {
    switch verdict {
    case .ok: "ok"
    case .violation: "! violation"
    case .none: ""
    }
  }

  /// A dumb-bell from the baseline to now for each metric, facet value by facet value.
  var charts: [(title: String, chart: Chart)] {
    var pairs: [(facet: String, value: String)] = []
    for entry in drift.entries where !pairs.contains(where: { $0 == (entry.facet, entry.value) }) {
      pairs.append((entry.facet, entry.value))
    }
    return pairs.map { facet, value in
      let entries = drift.entries.filter { $0.facet == facet && $0.value == value }
      let metrics = entries.map { entry in
        BiasPanel.Metric(
          name: entry.metric.name, values: [entry.baseline, entry.current], allowed: entry.allowed?.closed)
      }
      let title = "\(facet) \(value): baseline and now"
      let panel = BiasPanel(
        title: title, column: facet, groups: ["baseline", "now"], metrics: metrics, total: drift.currentRows)
      return (title, .content(panel))
    }
  }
}
