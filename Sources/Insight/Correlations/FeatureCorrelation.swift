// How features go together, two by two: what was measured, and as what.

import Plot

/// Associations of all pairs of features, each on the rows that have both.
///
/// Two columns of numbers (truth values are 0 and 1) have a correlation of -1 ... 1: Pearson's, or of average ranks
/// Spearman's (1904, doi:10.2307/1412159). Numbers and categories have the correlation ratio η (Pearson 1911,
/// doi:10.2307/2331522): the correlation of the numbers with the means of their categories, 0 ... 1. Two columns of
/// categories have Cramér's V with the correction for bias (Bergsma 2013, doi:10.1016/j.jkss.2012.10.002), 0 ... 1; the
/// linear kind has no figure for them.
public struct FeatureCorrelation: AnalysisReport {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case linear
    case nonLinear = "non-linear"
  }

  public enum Measure: String, Codable, Sendable {
    case pearson = "Pearson"
    case spearman = "Spearman"
    case correlationRatio = "η"
    case cramersV = "Cramér's V"
  }

  public struct Feature: Codable, Sendable, Equatable {
    public var name: String
    public var isCategorical: Bool
    /// Rows without a value that can be used.
    public var missing: Int
    /// Different values.
    public var distinct: Int
  }

  /// A feature and the one that goes with it best, by absolute value.
  public struct Partner: Codable, Sendable, Equatable {
    public var feature: String
    /// Nil, as the figures are, where no pair has a figure.
    public var partner: String?
    public var value: Double?
    public var measure: Measure?
    /// Rows that have both.
    public var rows: Int?
  }

  public var kind: Kind
  public var features: [Feature]
  /// [features][features], 1 on the diagonal; nil where a pair has no figure: fewer than two rows have both, one of the
  /// two is constant on them, or the kind has none for it.
  public var values: [[Double?]]
  /// Cramér's V without the correction, for pairs of categories only.
  public var uncorrected: [[Double?]]
  /// [features][features]: rows that have both.
  public var pairRows: [[Int]]
  /// Rows of the relation; all were read.
  public var rows: Int
  public var leftOut: [LeftOutColumn]

  /// The measure of a pair; nil where the kind has none.
  public func measure(_ first: Int, _ second: Int) -> Measure? {
    switch (features[first].isCategorical, features[second].isCategorical) {
    case (false, false): kind == .linear ? .pearson : .spearman
    case (true, true): kind == .linear ? nil : .cramersV
    case (true, false), (false, true): .correlationRatio
    }
  }

  /// Each feature's most correlated partner, in the order of the features; the first of two that are as strong.
  public var partners: [Partner] {
    features.indices.map { row in
      var best: Int?
      for column in features.indices where column != row {
        guard let value = values[row][column] else { continue }
        if let known = best.flatMap({ values[row][$0] }), abs(known) >= abs(value) { continue }
        best = column
      }
      guard let best else { return Partner(feature: features[row].name) }
      return Partner(
        feature: features[row].name, partner: features[best].name, value: values[row][best],
        measure: measure(row, best), rows: pairRows[row][best])
    }
  }

  public var blocks: [AnalysisBlock] {
    let title = kind == .linear ? "Linear feature correlation" : "Non-linear feature correlation"
    let how =
      kind == .linear
      ? "numbers by Pearson, numbers and categories by the correlation ratio η, no figure for two categories"
      : "numbers by Spearman, numbers and categories by the correlation ratio η, categories by Cramér's V"
    let rows = partners.map { partner in
      [
        partner.feature, partner.partner ?? "-", partner.value.map { Numbers.fixed($0, 4) } ?? "-",
        partner.measure?.rawValue ?? "-", partner.rows.map(Numbers.grouped) ?? "-",
      ]
    }
    return [
      .heading(title),
      .sentence("\(AnalysisBlock.counted(self.rows, "row")), each pair on those that have both: \(how)."),
      .table(headings: ["feature", "most correlated with", "value", "measure", "rows"], rows: rows),
    ] + AnalysisBlock.leftOut(leftOut)
  }

  public var charts: [(title: String, chart: Chart)] {
    let names = features.map(\.name)
    let title = kind == .linear ? "Linear correlation" : "Non-linear correlation"
    let map = Heatmap(
      title: title, rows: names, columns: names, values: values, range: -1...1, kind: .correlation, total: rows)
    return [(title, .heatmap(map))]
  }
}
