// What a bias report found. Encoded it is the JSON that `assay bias --json` prints.

import Foundation

/// The bias metrics of one label, group by group.
public struct BiasReport: Codable, Sendable, Equatable {
  /// How a column was read; never decided without being said here.
  public struct Reading: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable { case categorical, continuous }

    public var column: String
    public var kind: Kind
    /// Why, as a phrase: `values are named`, `smclarify: 2 of 40 values differ`.
    public var reason: String
    /// What is positive, or group d: `>50K`, `(40, 63]`; empty for each value in turn.
    public var selected: String

    public init(column: String, kind: Kind, reason: String, selected: String) {
      (self.column, self.kind, self.reason, self.selected) = (column, kind, reason, selected)
    }
  }

  /// A part of the rows, reported on its own.
  public struct Part: Codable, Sendable, Equatable {
    public var column: String
    /// `[1, 4]`, `north, south`, or `__default__`.
    public var name: String
    public var facets: [FacetReport]
    public var rowsUsed: Int
    /// Why there is nothing.
    public var error: String?

    enum CodingKeys: String, CodingKey {
      case column, name, facets, error
      case rowsUsed = "rows_used"
    }
  }

  public var spec: BiasSpec
  /// The label, the facets, and the prediction.
  public var readings: [Reading]
  /// One for each facet and group d: facets in the order of the spec, values in the order of first appearance.
  public var facets: [FacetReport]
  /// Combined groups, the one with the worst gap first.
  public var intersections: [FacetReport]
  public var segments: [Part]
  /// Of all used rows; nil without predictions.
  public var performance: ModelPerformance?
  public var rowsUsed: Int
  /// Rows in which a column of the report is missing: left out, or kept as `spec.missing` says.
  public var rowsMissing: Int
  /// Missing values, column by column, where there are any.
  public var missing: [String: Int]
  /// The number of comparisons that the correction allows for, by metric.
  public var comparisons: [BiasMetric: Int]
  /// What a reader has to know: kinds that were guessed, groups that were left out.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case spec, readings, facets, intersections, segments, performance, missing, comparisons, notes
    case rowsUsed = "rows_used"
    case rowsMissing = "rows_missing"
  }
}

/// The metrics of one pair of groups.
public struct FacetReport: Codable, Sendable, Equatable {
  /// The column, or columns with ` × ` between.
  public var facet: String
  /// Group d: `F`, `a,b`, `(40, 63]`.
  public var value: String
  /// Both groups in words: `sex = F`, `sex other than F`.
  public var groupD: String
  public var groupA: String
  /// Of combined facets: what each of them is, `sex = F`; nil of a single one.
  public var parts: [String]?
  public var counts: BiasCounts
  /// On positive against negative, in the order of the catalogue.
  public var metrics: [MetricValue]
  /// Of a label with more than two classes: the distribution metrics over all of them. Empty otherwise.
  public var full: [MetricValue]
  /// Why the figures deserve little trust: `only 12 rows in sex = F`. Nil where both groups are large enough.
  public var smallGroup: String?

  enum CodingKeys: String, CodingKey {
    case facet, value, parts, counts, metrics, full
    case groupD = "group_d"
    case groupA = "group_a"
    case smallGroup = "small_group"
  }

  public subscript(metric: BiasMetric) -> MetricValue? { metrics.first { $0.metric == metric } }
}

/// Rows of both groups.
public struct BiasCounts: Codable, Sendable, Hashable {
  /// Rows of one group. Positive predictions, and the cells, are nil without predictions.
  public struct Group: Codable, Sendable, Hashable {
    public var rows: Int
    public var positives: Int
    public var predictedPositives: Int?
    public var truePositives, falsePositives, falseNegatives, trueNegatives: Int?

    public var negatives: Int { rows - positives }
    public var predictedNegatives: Int? { predictedPositives.map { rows - $0 } }
    /// The share of positive labels; nil without rows.
    public var positiveShare: Double? { rows > 0 ? Double(positives) / Double(rows) : nil }
    public var predictedPositiveShare: Double? {
      predictedPositives.flatMap { rows > 0 ? Double($0) / Double(rows) : nil }
    }

    public init(rows: Int, positives: Int) { (self.rows, self.positives) = (rows, positives) }

    public init(truePositives tp: Int, falsePositives fp: Int, falseNegatives fn: Int, trueNegatives tn: Int) {
      self.init(rows: tp + fp + fn + tn, positives: tp + fn)
      predictedPositives = tp + fp
      (truePositives, falsePositives, falseNegatives, trueNegatives) = (tp, fp, fn, tn)
    }

    enum CodingKeys: String, CodingKey {
      case rows, positives
      case predictedPositives = "predicted_positives"
      case truePositives = "tp"
      case falsePositives = "fp"
      case falseNegatives = "fn"
      case trueNegatives = "tn"
    }
  }

  public var a, d: Group

  public init(a: Group, d: Group) { (self.a, self.d) = (a, d) }
}

/// One metric of one pair of groups. Infinities are encoded as the texts `Infinity` and `-Infinity`.
public struct MetricValue: Sendable, Equatable {
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// Inside the limits, and so is the interval where there is one.
    case within
    /// Outside the limits by more than chance, as far as there is an interval to tell.
    case outside
    /// The interval, or the correction for many comparisons, leaves both open.
    case notConclusive = "not conclusive"
    /// There is no limit, or no value.
    case none
  }

  public var metric: BiasMetric
  /// Nil where it cannot be computed: see `error`.
  public var value: Double?
  /// The bootstrap interval; nil where there is none.
  public var low, high: Double?
  /// The standard deviation of the draws; nil where there are none, or infinite ones.
  public var deviation: Double?
  public var verdict: Verdict
  /// What the verdict goes by.
  public var limits: BiasMetric.Limits?
  /// The chance of a value so far outside the limits were the true one at the limit, corrected for many comparisons; nil
  /// inside the limits, and where there is no interval.
  public var probability: Double?
  /// So many rows at random that the value is of, where it is not of all.
  public var sample: Int?
  /// Why there is no value.
  public var error: String?
  /// What it means for these two groups, by name.
  public var explanation: String

  /// The short name: `DPL`.
  public var name: String { metric.name }

  /// How far the value is from the ideal: of DI the logarithm, so that half and twice are as far. Nil without a value.
  public var gap: Double? {
    value.map { metric == .di ? abs(log($0)) : abs($0 - metric.ideal) }
  }
}
