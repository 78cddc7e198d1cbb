// How a table differs from an earlier one, column by column.

import Plot

/// The distributions of the columns of two relations, compared.
public struct Drift: AnalysisReport {
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    case stable
    /// PSI of 0.1 or more, new categories, or 5 points more or less missing values.
    case shifted
    /// PSI of 0.25 or more, or 20 points more or less missing values.
    case drifted
    /// There was nothing to compare.
    case none
  }

  /// A part of a column's values: an interval, or a category.
  public struct Part: Codable, Sendable, Equatable {
    public var label: String
    /// Rows in the baseline, and in the current table.
    public var baseline, current: Int
  }

  /// A category that only one table has.
  public struct Category: Codable, Sendable, Equatable {
    public var value: String
    public var rows: Int
  }

  public struct Categories: Codable, Sendable, Equatable {
    /// How many there are, and their rows.
    public var count, rows: Int
    /// The most frequent of them.
    public var top: [Category]

    public init(count: Int = 0, rows: Int = 0, top: [Category] = []) {
      (self.count, self.rows, self.top) = (count, rows, top)
    }
  }

  /// The Kolmogorov-Smirnov test of two columns of numbers.
  public struct Distance: Codable, Sendable, Equatable {
    /// The largest difference of the two distribution functions.
    public var statistic: Double
    /// The chance of such a distance, or a larger one, between samples of one continuous distribution.
    public var probability: Double
    /// False where `probability` is that of very large samples.
    public var isExact: Bool
  }

  public struct ColumnDrift: Codable, Sendable, Equatable {
    public var column: String
    public var isCategorical: Bool
    /// Rows with a value that can be compared.
    public var baselineRows, currentRows: Int
    /// Rows without one.
    public var baselineMissing, currentMissing: Int
    /// The change of the share of missing rows, -1 ... 1; nil where a table has no rows.
    public var missingChange: Double?
    /// The population stability index, in nats; nil, as the next one is, where a table has no values.
    public var psi: Double?
    /// The 95 % quantile of the index between two samples of one distribution, of these sizes: less proves nothing.
    public var psiByChance: Double?
    /// The Jensen-Shannon divergence with base 2, 0 ... 1.
    public var divergence: Double?
    /// Of numbers.
    public var distance: Distance?
    /// Of numbers.
    public var baselineMean, currentMean: Double?
    /// Of categories.
    public var new, vanished: Categories
    /// Intervals in rising order, or the most frequent categories and then all others.
    public var parts: [Part]
    public var verdict: Verdict
    /// Why it is not stable.
    public var reasons: [String]
  }

  public var columns: [ColumnDrift]
  /// Rows of the relations; all were read.
  public var baselineRows: Int
  public var currentRows: Int
  /// Columns that only one has, and those that cannot be compared.
  public var leftOut: [LeftOutColumn]

  /// Shares below this count as this in the population stability index, which has no value for nothing.
  public static let epsilon = 1e-4

  public static let method = """
    PSI is the sum of (current − baseline) · ln(current ÷ baseline) over shares, of ten intervals that part the baseline \
    evenly or of each category, with shares below 0.0001 raised to that; JS is the Jensen-Shannon divergence of the same \
    parts with base 2; KS is the Kolmogorov-Smirnov distance. Shifted from PSI 0.1, drifted from 0.25, if above what \
    chance makes of one distribution in 19 of 20 cases. KS p is that of values without ties, which make it too large; \
    ~ marks the limit for many rows.
    """

  public var blocks: [AnalysisBlock] {
    let rows = columns.map { column in
      [
        column.column, column.verdict.rawValue, Self.text(column.psi), Self.text(column.divergence),
        Self.text(column.distance?.statistic),
        column.distance.map { ($0.isExact ? "" : "~") + Numbers.short($0.probability, digits: 3) } ?? "-",
        column.missingChange.map { ($0 > 0 ? "+" : "") + Numbers.fixed(100 * $0, 1) } ?? "-",
        column.reasons.joined(separator: "; "),
      ]
    }
    return [
      .heading("Drift"),
      .sentence(
        "\(AnalysisBlock.counted(baselineRows, "row")) of the baseline and \(Numbers.grouped(currentRows)) current ones, "
          + "all compared."),
      .sentence(Self.method),
      .table(headings: ["column", "verdict", "PSI", "JS", "KS", "KS p", "missing, points", "why"], rows: rows),
    ] + AnalysisBlock.leftOut(leftOut)
  }

  private static func text(_ number: Double?) -> String { number.map { Numbers.fixed($0, 4) } ?? "-" }

  public var charts: [(title: String, chart: Chart)] {
    let sorted = columns.filter { $0.psi != nil }.sorted { ($0.psi ?? 0) > ($1.psi ?? 0) }
    let metrics = sorted.map {
      BiasPanel.Metric(
        name: "\($0.column)  \($0.verdict.rawValue)", values: [$0.psi], allowed: 0...max(0.1, $0.psiByChance ?? 0))
    }
    let panel = BiasPanel(
      title:
        "Population stability index, \(AnalysisBlock.counted(baselineRows, "row")) to \(Numbers.grouped(currentRows))",
      column: "column", groups: ["PSI"], metrics: metrics)
    return [("Drift by column", .content(panel))] + sorted.prefix(6).map { ("Drift of \($0.column)", $0.chart) }
  }
}

extension Drift.ColumnDrift {
  /// The shares of both tables side by side, in percent.
  public var chart: Chart {
    func shares(_ count: KeyPath<Drift.Part, Int>, _ rows: Int) -> [Double?] {
      parts.map { rows > 0 ? 100 * Double($0[keyPath: count]) / Double(rows) : nil }
    }
    let values = [shares(\.baseline, baselineRows), shares(\.current, currentRows)]
    let most = values.joined().compactMap { $0 }.max() ?? 0
    // A column a table: labels of parts are long, and stand at the left.
    let turned = parts.indices.map { part in values.map { $0[part] } }
    return .heatmap(
      Heatmap(
        title: "\(column), percent of the known values", rows: parts.map(\.label), columns: ["baseline", "current"],
        values: turned, range: 0...max(most, 1), kind: .counts, missing: baselineMissing + currentMissing,
        total: baselineRows + currentRows + baselineMissing + currentMissing))
  }
}
