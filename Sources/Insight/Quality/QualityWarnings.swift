// How figures become warnings.

import Plot

/// Makes the warnings of a report from its figures.
struct WarningMaker {
  let report: QualityReport
  private var rows: Int { report.summary.rows }

  /// Shares of absent cells from which a column is worth a warning, and a severe one.
  static let missing = (low: 0.05, high: 0.5)
  /// Shares of the smaller of two classes, or of the smallest class.
  static let imbalance = (low: 0.2, high: 0.05)
  /// A class of fewer rows cannot be learnt and tested.
  static let fewestInClass = 10
  static let mostClasses = 100

  func make() -> [QualityWarning] {
    guard rows > 0 else { return [] }
    var warnings = duplicates + targetWarnings + anomalies
    for feature in report.features where feature.column != report.target?.column {
      warnings += self.warnings(of: feature)
    }
    return warnings.ranked(target: report.target?.column)
  }

  private func share(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

  private func percent(_ part: Int, _ whole: Int) -> String { Numbers.percent(Double(part), of: Double(whole)) }

  private var duplicates: [QualityWarning] {
    let found = report.samples.duplicates
    guard found.surplus > 0 else { return [] }
    return [
      QualityWarning(
        kind: .duplicateRows, severity: found.share >= 0.01 ? .high : .low, title: "Duplicate rows",
        text: "\(AnalysisBlock.counted(found.surplus, "row")) (\(percent(found.surplus, rows))) repeat an earlier one.",
        step: SuggestedStep("drop-duplicates", parameters: ["keep": "first"]), share: found.share)
    ]
  }

  private var anomalies: [QualityWarning] {
    guard let found = report.samples.anomalies, let lowest = found.lowestScore, lowest < -0.15 else { return [] }
    return [
      QualityWarning(
        kind: .anomalousRows, severity: .low, title: "Anomalous rows",
        text: "The most anomalous row has the score \(Numbers.fixed(lowest, 2)); "
          + "\(AnalysisBlock.counted(found.anomalous, "row")) lie below 0.",
        share: share(found.anomalous, report.summary.sampledRows ?? rows))
    ]
  }

  private func warning(
    _ kind: QualityWarning.Kind, _ isHigh: Bool, _ feature: FeatureStatistics, _ title: String, _ text: String,
    _ step: SuggestedStep?, _ share: Double
  ) -> QualityWarning {
    QualityWarning(
      kind: kind, severity: isHigh ? .high : .low, column: feature.column, title: title, text: text, step: step,
      share: share)
  }

  // MARK: - Features

  private func warnings(of feature: FeatureStatistics) -> [QualityWarning] {
    var warnings: [QualityWarning] = []
    let columns = [feature.column]
    let absent = share(feature.absent, rows)
    if absent >= Self.missing.low {
      let isHigh = absent >= Self.missing.high
      let fill = SuggestedStep(
        "impute", columns: columns, parameters: ["strategy": feature.kind == .numeric ? "median" : "mode"])
      warnings.append(
        warning(
          .missingValues, isHigh, feature, "Missing values",
          "\(AnalysisBlock.counted(feature.absent, "cell")) (\(percent(feature.absent, rows))) have no value.",
          isHigh ? SuggestedStep("drop", columns: columns) : fill, absent))
    }
    let wrong = feature.invalid - feature.absent
    if wrong > 0 {
      let what =
        feature.unreadable > 0 ? "cannot be read as \(feature.kind == .datetime ? "times" : "numbers")" : "are infinite"
      let step =
        feature.unreadable > 0
        ? SuggestedStep("parse", columns: columns, parameters: ["to": feature.kind == .datetime ? "timestamp" : "real"])
        : SuggestedStep("outliers", columns: columns, parameters: ["fix": "invalidate"])
      warnings.append(
        warning(
          .invalidValues, share(wrong, rows) >= 0.05, feature, "Invalid values",
          "\(AnalysisBlock.counted(wrong, "cell")) (\(percent(wrong, rows))) \(what).", step, share(wrong, rows)))
    }
    if let power = feature.predictionPower, power >= 0.99 {
      warnings.append(
        warning(
          .leakage, true, feature, "Target leakage",
          "The column alone foretells the target with a power of \(Numbers.fixed(power, 3)) of 1: it may hold what is only known afterwards.",
          SuggestedStep("drop", columns: columns), power))
    }
    if feature.cardinality <= 1 {
      let value = feature.labels.first.map { "the value \($0.value) alone" } ?? "no value"
      warnings.append(
        warning(
          .constant, false, feature, "Constant column", "The column has \(value).",
          SuggestedStep("drop", columns: columns), 1))
      return warnings
    }
    return warnings + spread(of: feature)
  }

  private func spread(of feature: FeatureStatistics) -> [QualityWarning] {
    var warnings: [QualityWarning] = []
    let columns = [feature.column]
    let distinct = Numbers.grouped(feature.cardinality)
    switch feature.kind {
    case .text where Double(feature.cardinality) >= 0.95 * Double(feature.valid):
      warnings.append(
        warning(
          .nearlyUnique, false, feature, "Nearly unique texts",
          "\(distinct) different texts in \(Numbers.grouped(feature.valid)) cells: a name or key, of no use to most models.",
          SuggestedStep("drop", columns: columns), share(feature.cardinality, feature.valid)))
    case .text: warnings.append(manyCategories(feature))
    case .categorical where feature.cardinality > 50: warnings.append(manyCategories(feature))
    case .numeric:
      if let skew = feature.figures?.skew, abs(skew) > 3 {
        warnings.append(
          warning(
            .skewed, false, feature, "Skewed values",
            "The skew is \(Numbers.short(skew)); beyond ±3 a column counts as skewed.",
            SuggestedStep("power", columns: columns, parameters: ["method": "yeo-johnson"]), min(1, abs(skew) / 100)))
      }
      if feature.outliers > 0 {
        let part = share(feature.outliers, feature.valid)
        warnings.append(
          warning(
            .outliers, part >= 0.05, feature, "Outliers",
            "\(AnalysisBlock.counted(feature.outliers, "value")) (\(percent(feature.outliers, feature.valid))) lie more than five robust "
              + "deviations from the median.",
            SuggestedStep("outliers", columns: columns, parameters: ["method": "robust-deviation", "fix": "clip"]), part
          ))
      }
    case .categorical, .binary, .datetime, .other: break
    }
    return warnings
  }

  private func manyCategories(_ feature: FeatureStatistics) -> QualityWarning {
    let step =
      report.target.map { SuggestedStep("encode-target", columns: [feature.column], parameters: ["target": $0.column]) }
      ?? SuggestedStep("encode-frequency", columns: [feature.column])
    return warning(
      .highCardinality, false, feature, "Many categories", "\(Numbers.grouped(feature.cardinality)) different values.",
      step,
      share(feature.cardinality, feature.valid))
  }

  // MARK: - Target

  private var targetWarnings: [QualityWarning] {
    guard let target = report.target, let feature = report.features.first(where: { $0.column == target.column }) else {
      return []
    }
    var warnings: [QualityWarning] = []
    let drop = SuggestedStep("drop-missing-rows", columns: [target.column], parameters: ["blank": "true"])
    if target.missing > 0 {
      warnings.append(
        warning(
          .missingTarget, share(target.missing, rows) >= 0.01, feature, "Missing target",
          "\(AnalysisBlock.counted(target.missing, "row")) (\(percent(target.missing, rows))) have no target.", drop,
          share(target.missing, rows)))
    }
    if target.invalid > 0 {
      warnings.append(
        warning(
          .invalidTarget, true, feature, "Invalid target",
          "\(AnalysisBlock.counted(target.invalid, "row")) (\(percent(target.invalid, rows))) have a target that is no finite number.",
          SuggestedStep("parse", columns: [target.column], parameters: ["to": "real"]), share(target.invalid, rows)))
    }
    return warnings + (target.problem == .classification ? classes(target, feature) : tail(feature))
  }

  private func classes(_ target: QualityReport.Target, _ feature: FeatureStatistics) -> [QualityWarning] {
    var warnings: [QualityWarning] = []
    let counted = feature.labels.reduce(0) { $0 + $1.count }
    guard feature.cardinality > 1 else {
      return [
        warning(
          .oneClass, true, feature, "One class",
          "The target has \(feature.cardinality == 0 ? "no value" : "one value only"): there is nothing to learn.", nil,
          1)
      ]
    }
    if feature.cardinality > Self.mostClasses {
      warnings.append(
        warning(
          .tooManyClasses, true, feature, "Too many classes",
          "\(Numbers.grouped(feature.cardinality)) classes in \(Numbers.grouped(feature.valid)) rows.",
          SuggestedStep("replace-rare", columns: [target.column]), share(feature.cardinality, feature.valid)))
    }
    let rare = feature.labels.filter { $0.count < Self.fewestInClass }
    // Classes beyond the hundred listed are no more frequent than those.
    let unlisted = feature.cardinality - feature.labels.count
    let isUnlistedRare = unlisted > 0 && (feature.labels.last?.count ?? 0) < Self.fewestInClass
    if !rare.isEmpty {
      let few = rare.count + (isUnlistedRare ? unlisted : 0)
      let inRare = rare.reduce(0) { $0 + $1.count } + (isUnlistedRare ? feature.valid - counted : 0)
      warnings.append(
        warning(
          .rareClasses, true, feature, "Rare classes",
          "\(Numbers.grouped(few)) \(few == 1 ? "class has" : "classes have") fewer than \(Self.fewestInClass) rows: "
            + "\(AnalysisBlock.counted(inRare, "row")) in all.",
          SuggestedStep(
            "replace-rare", columns: [target.column], parameters: ["count": "\(Self.fewestInClass - 1)", "share": "0"]),
          share(inRare, feature.valid)))
    }
    if let largest = feature.labels.first, let smallest = feature.labels.last, unlisted == 0 {
      let part = share(smallest.count, feature.valid) * Double(feature.cardinality) / 2
      if part < Self.imbalance.low {
        warnings.append(
          warning(
            .imbalancedTarget, part < Self.imbalance.high, feature, "Imbalanced target",
            "\(smallest.value) has \(AnalysisBlock.counted(smallest.count, "row")) (\(percent(smallest.count, feature.valid))), "
              + "\(largest.value) has \(Numbers.grouped(largest.count)) (\(percent(largest.count, feature.valid))).",
            feature.cardinality == 2
              ? SuggestedStep("balance", parameters: ["target": target.column, "method": "oversample"]) : nil,
            1 - part))
      }
    }
    return warnings
  }

  private func tail(_ feature: FeatureStatistics) -> [QualityWarning] {
    guard let figures = feature.figures else { return [] }
    var warnings: [QualityWarning] = []
    if feature.cardinality <= 1 {
      return [
        warning(
          .oneClass, true, feature, "Constant target", "The target has one value only: there is nothing to learn.", nil,
          1)
      ]
    }
    if figures.outliers > 0 {
      let part = share(figures.outliers, figures.count)
      warnings.append(
        warning(
          .targetOutliers, part >= 0.01, feature, "Outliers in the target",
          "\(AnalysisBlock.counted(figures.outliers, "row")) (\(percent(figures.outliers, figures.count))) have a target more than five robust "
            + "deviations from the median.",
          SuggestedStep(
            "outliers", columns: [feature.column], parameters: ["method": "robust-deviation", "fix": "remove"]), part))
    }
    if let kurtosis = figures.kurtosis, kurtosis > 10 {
      let isPositive = (figures.min ?? 0) > 0
      warnings.append(
        warning(
          .heavyTailedTarget, true, feature, "Heavy-tailed target",
          "The kurtosis is \(Numbers.short(kurtosis)); that of a normal distribution is 3.",
          isPositive
            ? SuggestedStep("log", columns: [feature.column])
            : SuggestedStep("power", columns: [feature.column], parameters: ["method": "yeo-johnson"]), 0.5))
    }
    return warnings
  }
}
