// Charts as values: the numbers behind a picture, small enough to save in a flow and to send as JSON.
// Rendering (`render`) is separate and pure. Times are seconds since 1970-01-01T00:00Z.
//
// Counting, the same for every chart: `total` is the number of rows in the table, `sampled` the number of them that were
// examined when that is fewer, `missing` the examined rows without a value. The values drawn are
// `n = (sampled ?? total) - missing`.

import Grid

/// A chart of any kind.
public enum Chart: Codable, Sendable, Equatable {
  case histogram(Histogram)
  case bars(Bars)
  case scatter(Scatter)
  case heatmap(Heatmap)
  case importance(ImportanceBars)
  /// A kind with a file of its own, listed in `ChartRegistry`.
  case content(any ChartContent)
}

/// What the numbers on an axis are.
public enum AxisKind: String, Codable, Sendable {
  /// Any real number.
  case number
  /// Whole numbers: ticks never fall between them.
  case integer
  /// Seconds since 1970-01-01T00:00Z: ticks fall on calendar steps.
  case time
}

/// Counts per interval of one column.
public struct Histogram: Codable, Sendable, Equatable {
  /// Values `v` with `lower <= v < upper`; the last bin also has `v == upper`.
  public struct Bin: Codable, Sendable, Equatable {
    public var lower, upper: Double
    public var count: Int

    public init(lower: Double, upper: Double, count: Int) {
      (self.lower, self.upper, self.count) = (lower, upper, count)
    }
  }

  /// Instead of `column — count per … bin`.
  public var title: String?
  public var column: String
  /// Adjacent, of equal width, in rising order.
  public var bins: [Bin]
  /// Examined rows without a value.
  public var missing: Int
  /// Rows in the table.
  public var total: Int
  /// Rows examined, when fewer than all.
  public var sampled: Int?
  /// A density curve in counts per bin, at evenly spaced positions over the bins' range (one per bin, or more).
  public var density: [Double]?
  /// Figures for the line under the chart, such as `mean` and `sd`; unknown names are shown after the known ones.
  public var summary: [String: Double]?
  public var kind: AxisKind
  /// Logarithmic where the bins are of equal width on such an axis; nil is plain.
  public var form: AxisForm?

  public init(
    title: String? = nil, column: String, bins: [Bin], missing: Int, total: Int, sampled: Int? = nil,
    density: [Double]? = nil, summary: [String: Double]? = nil, kind: AxisKind = .number, form: AxisForm? = nil
  ) {
    (self.title, self.column, self.bins, self.missing, self.total) = (title, column, bins, missing, total)
    (self.sampled, self.density, self.summary, self.kind) = (sampled, density, summary, kind)
    self.form = form
  }

  public var isInteger: Bool { kind == .integer }
  public var isTime: Bool { kind == .time }
}

/// How often each value of one column occurs.
public struct Bars: Codable, Sendable, Equatable {
  /// A value and the rows that have it.
  public struct Item: Codable, Sendable, Equatable {
    public var label: String
    public var count: Int
    /// The figure of these rows, where bars are not numbers of rows.
    public var value: Double?

    public init(label: String, count: Int, value: Double? = nil) {
      (self.label, self.count, self.value) = (label, count, value)
    }
  }

  /// The values that have no bar of their own.
  public struct Others: Codable, Sendable, Equatable {
    /// Rows.
    public var count: Int
    /// Different values.
    public var distinct: Int

    public init(count: Int, distinct: Int) { (self.count, self.distinct) = (count, distinct) }
  }

  /// Instead of the column's name.
  public var title: String?
  public var column: String
  /// Most frequent first; by the figure, largest first, where there is one.
  public var items: [Item]
  /// What the bars are the figure of, such as `mean of price`; nil where they are numbers of rows.
  public var measure: String?
  public var others: Others?
  /// Examined rows without a value.
  public var missing: Int
  /// Rows in the table.
  public var total: Int
  /// Rows examined, when fewer than all.
  public var sampled: Int?

  public init(
    title: String? = nil, column: String, items: [Item], others: Others? = nil, missing: Int, total: Int,
    sampled: Int? = nil, measure: String? = nil
  ) {
    (self.title, self.column, self.items, self.others, self.measure) = (title, column, items, others, measure)
    (self.missing, self.total, self.sampled) = (missing, total, sampled)
  }
}

/// One column against another.
public struct Scatter: Codable, Sendable, Equatable {
  /// A row; `category` is an index into `categories`.
  public struct Point: Codable, Sendable, Equatable {
    public var x, y: Double
    public var category: Int?

    public init(x: Double, y: Double, category: Int? = nil) { (self.x, self.y, self.category) = (x, y, category) }
  }

  /// A curve through points.
  public struct Trend: Codable, Sendable, Equatable {
    /// An index into `categories`; nil for a curve through all points.
    public var category: Int?
    /// Rising positions, and the curve there.
    public var x, y: [Double]
    /// The 95 % confidence band of the curve, where there is one.
    public var low, high: [Double]?

    public init(category: Int? = nil, x: [Double], y: [Double], low: [Double]? = nil, high: [Double]? = nil) {
      (self.category, self.x, self.y, self.low, self.high) = (category, x, y, low, high)
    }
  }

  /// Instead of `y by x`.
  public var title: String?
  public var x: String
  public var y: String
  public var colorBy: String?
  public var points: [Point]
  public var categories: [String]
  /// Examined rows where x or y is missing.
  public var missing: Int
  /// Rows in the table.
  public var total: Int
  /// Rows examined, when fewer than all.
  public var sampled: Int?
  public var xKind: AxisKind
  public var yKind: AxisKind
  /// Logarithmic axes; nil is plain.
  public var xForm, yForm: AxisForm?
  public var trends: [Trend]?

  public init(
    title: String? = nil, x: String, y: String, colorBy: String? = nil, points: [Point], categories: [String] = [],
    missing: Int = 0, total: Int, sampled: Int? = nil, xKind: AxisKind = .number, yKind: AxisKind = .number,
    xForm: AxisForm? = nil, yForm: AxisForm? = nil, trends: [Trend]? = nil
  ) {
    (self.title, self.x, self.y, self.colorBy) = (title, x, y, colorBy)
    (self.points, self.categories) = (points, categories)
    (self.missing, self.total, self.sampled) = (missing, total, sampled)
    (self.xKind, self.yKind) = (xKind, yKind)
    (self.xForm, self.yForm, self.trends) = (xForm, yForm, trends)
  }
}

/// A matrix of numbers.
public struct Heatmap: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    /// Correlations from -1 to 1: diverging scale, lower triangle when rows and columns are the same.
    case correlation
    /// Counts or other numbers of one sign: sequential scale.
    case counts
  }

  public var title: String
  public var rows: [String]
  public var columns: [String]
  /// One array per row; nil where there is no value.
  public var values: [[Double?]]
  /// The ends of the colour scale.
  public var range: ClosedRange<Double>
  public var kind: Kind
  /// Examined rows left out for missing values.
  public var missing: Int
  /// Rows in the table; nil when unknown.
  public var total: Int?
  /// Rows examined, when fewer than all.
  public var sampled: Int?
  /// What a value is, such as `mean SHAP`; nil for correlations and counts.
  public var measure: String?
  /// What columns are values of, such as `f(x)`; nil where they have names.
  public var columnMeasure: String?

  public init(
    title: String, rows: [String], columns: [String], values: [[Double?]], range: ClosedRange<Double> = -1...1,
    kind: Kind = .correlation, missing: Int = 0, total: Int? = nil, sampled: Int? = nil, measure: String? = nil,
    columnMeasure: String? = nil
  ) {
    (self.measure, self.columnMeasure) = (measure, columnMeasure)
    (self.title, self.rows, self.columns, self.values) = (title, rows, columns, values)
    (self.range, self.kind, self.missing, self.total, self.sampled) = (range, kind, missing, total, sampled)
  }
}

/// What a model's features contribute: share of gain, and mean |SHAP|.
public struct ImportanceBars: Codable, Sendable, Equatable {
  /// A feature; `gain` is a share of one, `shap` is in the model's output unit.
  public struct Item: Codable, Sendable, Equatable {
    public var feature: String
    public var gain, shap: Double

    public init(feature: String, gain: Double, shap: Double) {
      (self.feature, self.gain, self.shap) = (feature, gain, shap)
    }
  }

  public var title: String
  public var items: [Item]
  /// Rows that the figures were computed on; nil when unknown.
  public var total: Int?
  /// Rows examined, when fewer than all.
  public var sampled: Int?

  public init(title: String, items: [Item], total: Int? = nil, sampled: Int? = nil) {
    (self.title, self.items, self.total, self.sampled) = (title, items, total, sampled)
  }
}
