// The quality report as text and as charts.

import Frame
import Plot

extension QualityReport: AnalysisReport {
  public var blocks: [AnalysisBlock] {
    summaryBlocks + warningBlocks + targetBlocks + modelBlocks + featureBlocks + sampleBlocks + patternBlocks
      + definitionBlocks
  }

  private func percent(_ part: Int, _ whole: Int) -> String { Numbers.percent(Double(part), of: Double(whole)) }

  private var summaryBlocks: [AnalysisBlock] {
    let kinds = FeatureStatistics.Kind.allCases.compactMap { kind in
      summary.kinds[kind].map { "\(Numbers.grouped($0)) \(kind.rawValue)" }
    }
    var rows = [
      ["rows", Numbers.grouped(summary.rows), ""],
      ["columns", Numbers.grouped(summary.columns), kinds.joined(separator: ", ")],
      ["missing cells", Numbers.grouped(summary.absentCells), percent(summary.absentCells, summary.cells)],
      ["invalid cells", Numbers.grouped(summary.invalidCells), percent(summary.invalidCells, summary.cells)],
      ["duplicate rows", Numbers.grouped(summary.duplicateRows), percent(summary.duplicateRows, summary.rows)],
      ["outliers", Numbers.grouped(summary.outliers), ""],
    ]
    if let anomalous = summary.anomalousRows {
      let sampled = summary.sampledRows.map { " (of \(Numbers.grouped($0)) sampled)" } ?? ""
      rows.append([
        "rows scored below 0\(sampled)", Numbers.grouped(anomalous),
        percent(anomalous, summary.sampledRows ?? summary.rows),
      ])
    }
    let origin = summary.origin.map { [AnalysisBlock.sentence($0)] } ?? []
    return [.heading("Summary")] + origin + [.table(headings: ["figure", "count", "of all"], rows: rows)]
  }

  private var warningBlocks: [AnalysisBlock] {
    let heading = AnalysisBlock.heading("Warnings")
    guard !warnings.isEmpty else { return [heading, .sentence("Nothing to warn of.")] }
    let rows = warnings.map { warning in
      [warning.severity.rawValue, warning.title, warning.column ?? "-", warning.text, warning.step?.operation ?? "-"]
    }
    return [heading, .table(headings: ["severity", "warning", "column", "what", "suggested step"], rows: rows)]
  }

  private var targetFeature: FeatureStatistics? {
    target.flatMap { target in features.first { $0.column == target.column } }
  }

  private var targetBlocks: [AnalysisBlock] {
    guard let target, let feature = targetFeature else { return [] }
    let guessed = target.isProblemGuessed ? " (found from its values)" : ""
    var blocks: [AnalysisBlock] = [
      .heading("Target column"),
      .sentence(
        "\(target.column): \(target.problem.rawValue)\(guessed). \(Numbers.grouped(target.missing)) missing, "
          + "\(Numbers.grouped(target.invalid)) invalid\(target.problem == .regression ? ", \(Numbers.grouped(target.outliers)) outliers" : "")."
      ),
    ]
    switch target.problem {
    case .classification:
      let shown = feature.labels.prefix(20)
      blocks.append(
        .table(
          headings: ["class", "rows", "share"],
          rows: shown.map { [$0.value, Numbers.grouped($0.count), percent($0.count, feature.valid)] }))
      if feature.cardinality > shown.count {
        blocks.append(.sentence("\(Numbers.grouped(feature.cardinality - shown.count)) more classes."))
      }
    case .regression: blocks += [Self.figureTable([feature])]
    }
    return blocks
  }

  private var modelBlocks: [AnalysisBlock] {
    guard let quickModel else { return [] }
    var blocks: [AnalysisBlock] = [
      .heading("Quick model"),
      .sentence(
        "\(quickModel.method) \(AnalysisBlock.counted(quickModel.trainingRows, "row")) to learn from, "
          + "\(Numbers.grouped(quickModel.testRows)) to test on."),
      .table(headings: ["metric", "value"], rows: quickModel.metrics.map { [$0.name, Numbers.short($0.value)] }),
    ]
    if !quickModel.classes.isEmpty {
      blocks.append(
        .table(
          headings: ["true \\ predicted"] + quickModel.classes,
          rows: zip(quickModel.classes, quickModel.confusion).map { [$0] + $1.map(Numbers.grouped) }))
    }
    return blocks
  }

  private static func number(_ value: Double?) -> String { value.map { Numbers.short($0) } ?? "-" }

  private static func figureTable(_ features: [FeatureStatistics]) -> AnalysisBlock {
    .table(
      headings: ["column", "min", "5 %", "median", "mean", "95 %", "max", "sd", "skew", "kurtosis", "outliers"],
      rows: features.map { feature in
        let figures = feature.figures
        return [
          feature.column, number(figures?.min), number(figures?.quantiles["0.05"]), number(figures?.median),
          number(figures?.mean), number(figures?.quantiles["0.95"]), number(figures?.max), number(figures?.sd),
          number(figures?.skew), number(figures?.kurtosis), Numbers.grouped(feature.outliers),
        ]
      })
  }

  private var featureBlocks: [AnalysisBlock] {
    guard !features.isEmpty else { return [] }
    let powers = features.contains { $0.predictionPower != nil }
    let ranked = powers ? features.sorted { ($1.predictionPower ?? -1) < ($0.predictionPower ?? -1) } : features
    var blocks: [AnalysisBlock] = [
      .heading("Feature summary"),
      .table(
        headings: ["column", "kind", "missing", "invalid", "different", "most frequent"]
          + (powers ? ["prediction power"] : []),
        rows: ranked.map { feature in
          let top = feature.labels.first.map { "\($0.value) (\(percent($0.count, feature.valid)))" } ?? "-"
          return [
            feature.column, feature.kind.rawValue, percent(feature.absent, feature.rows),
            percent(feature.invalid, feature.rows), Numbers.grouped(feature.cardinality), top,
          ] + (powers ? [feature.predictionPower.map { Numbers.fixed($0, 3) } ?? "-"] : [])
        }),
    ]
    let numeric = features.filter { $0.kind == .numeric }
    if !numeric.isEmpty { blocks += [.heading("Numbers"), Self.figureTable(numeric)] }
    let times = features.filter { $0.kind == .datetime }
    if !times.isEmpty {
      blocks += [
        .heading("Dates and times"),
        .table(
          headings: ["column", "earliest", "latest"],
          rows: times.map { [$0.column, $0.earliest ?? "-", $0.latest ?? "-"] }),
      ]
    }
    return blocks
  }

  private var sampleBlocks: [AnalysisBlock] { samples.duplicates.blocks + (samples.anomalies?.blocks ?? []) }

  private var patternBlocks: [AnalysisBlock] {
    let found = patterns.filter { $0.detail != .anything }
    guard !found.isEmpty else { return [] }
    let rows = found.flatMap { column in
      column.patterns.prefix(3).map { pattern in
        [
          column.column, pattern.text.isEmpty ? "(empty)" : pattern.text,
          percent(pattern.rows, column.rows - column.missing),
          pattern.examples.first ?? "",
        ]
      }
    }
    return [
      .heading("Textual patterns"), .table(headings: ["column", "pattern", "confidence", "example"], rows: rows),
    ]
  }

  private var definitionBlocks: [AnalysisBlock] {
    [.heading("Definitions"), .table(headings: ["term", "meaning"], rows: definitions.map { [$0.term, $0.text] })]
  }

  // MARK: - Charts

  public var charts: [(title: String, chart: Chart)] {
    var charts: [(title: String, chart: Chart)] = []
    if let target, let feature = targetFeature {
      let chart = target.problem == .classification ? bars(feature) : histogram(feature) ?? bars(feature)
      if let chart { charts.append(("Target: \(target.column)", chart)) }
    }
    let powers = features.compactMap { feature in feature.predictionPower.map { (feature.column, $0) } }
    if !powers.isEmpty {
      let valid = Dictionary(features.map { ($0.column, $0.valid) }, uniquingKeysWith: { first, _ in first })
      let items = powers.sorted { $1.1 < $0.1 }.map { Bars.Item(label: $0.0, count: valid[$0.0] ?? 0, value: $0.1) }
      charts.append(
        (
          "Prediction power",
          .bars(
            Bars(
              title: "Prediction power", column: "", items: items, missing: 0, total: summary.rows,
              measure: "prediction power"))
        ))
    }
    let holed = features.filter { $0.absent > 0 }.sorted { $1.absent < $0.absent }
    if !holed.isEmpty {
      let items = holed.map { Bars.Item(label: $0.column, count: $0.absent) }
      charts.append(
        (
          "Missing cells",
          .bars(Bars(title: "Missing cells by column", column: "", items: items, missing: 0, total: summary.rows))
        ))
    }
    for feature in features where feature.column != target?.column {
      let chart = feature.kind == .numeric || feature.kind == .datetime ? histogram(feature) : bars(feature)
      if let chart { charts.append((feature.column, chart)) }
    }
    return charts + samples.duplicates.charts + (samples.anomalies?.charts ?? [])
  }

  private func bars(_ feature: FeatureStatistics) -> Chart? {
    guard !feature.labels.isEmpty else { return nil }
    let items = feature.labels.prefix(20).map { Bars.Item(label: $0.value, count: $0.count) }
    let shown = items.reduce(0) { $0 + $1.count }
    let others = feature.valid - shown
    return .bars(
      Bars(
        column: feature.column, items: items,
        others: others > 0 ? .init(count: others, distinct: feature.cardinality - items.count) : nil,
        missing: feature.invalid, total: feature.rows))
  }

  private func histogram(_ feature: FeatureStatistics) -> Chart? {
    guard let figures = feature.figures, let low = figures.min, let high = figures.max, low < high,
      !figures.shape.isEmpty
    else { return nil }
    let parts = figures.shape.count
    func edge(_ part: Int) -> Double {
      part == parts ? high : low + (high / Double(parts) - low / Double(parts)) * Double(part)
    }
    let bins = figures.shape.enumerated().map {
      Histogram.Bin(lower: edge($0.offset), upper: edge($0.offset + 1), count: $0.element)
    }
    let isClock = feature.type.uppercased().hasPrefix("TIME") && !feature.type.uppercased().hasPrefix("TIMESTAMP")
    return .histogram(
      Histogram(
        column: feature.column, bins: bins, missing: feature.invalid, total: feature.rows,
        kind: feature.kind == .datetime && !isClock ? .time : .number))
  }
}
