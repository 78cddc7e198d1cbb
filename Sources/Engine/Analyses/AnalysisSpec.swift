import Insight
import Learn
import Plot

/// What an analysis computes: the kind and its options. The same value drives the screen, the subcommand and the file.
public enum AnalysisSpec: Codable, Sendable, Equatable {
  case histogram(column: String, bins: Int?)
  case bars(column: String, limit: Int)
  case scatter(x: String, y: String, colorBy: String?)
  case box(column: String, by: String?)
  case density(x: String, y: String)
  /// Pearson correlation of the named columns; all numeric ones when empty.
  case correlation(columns: [String])
  case summary
  case quickModel(QuickModelOptions)

  /// The kinds without their options, in the order in which menus show them.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case histogram, bars, scatter, box, density, correlation, summary, quickModel

    public var title: String {
      switch self {
      case .histogram: "Histogram"
      case .bars: "Bar chart"
      case .scatter: "Scatter plot"
      case .box: BoxPlot.title
      case .density: DensityHeatmap.title
      case .correlation: "Correlation"
      case .summary: "Table summary"
      case .quickModel: "Quick Model"
      }
    }

    public var summary: String {
      switch self {
      case .histogram: "How the values of one column are spread"
      case .bars: "How often each value of one column occurs"
      case .scatter: "Two numeric columns against each other, coloured by a third"
      case .box: "Median, quartiles, whiskers and outliers of one column, by the values of another"
      case .density: "How many rows lie where, over two numeric columns"
      case .correlation: "Which numeric columns move together (Pearson r)"
      case .summary: "Count, missing, distinct, minimum, maximum, mean and quantiles of every column"
      case .quickModel: "A random forest that shows how well a label can be predicted, and by which columns"
      }
    }
  }

  public var kind: Kind {
    switch self {
    case .histogram: .histogram
    case .bars: .bars
    case .scatter: .scatter
    case .box: .box
    case .density: .density
    case .correlation: .correlation
    case .summary: .summary
    case .quickModel: .quickModel
    }
  }

  /// A name that says what it is about: `Histogram: age`.
  public var defaultName: String {
    switch self {
    case .histogram(let column, _): "Histogram: \(column)"
    case .bars(let column, _): "Bars: \(column)"
    case .scatter(let x, let y, let color):
      "Scatter: \(x) × \(y)" + (color.map { " by \($0)" } ?? "")
    case .box(let column, let by): "Box: \(column)" + (by.map { " by \($0)" } ?? "")
    case .density(let x, let y): "Density: \(x) × \(y)"
    case .correlation: "Correlation"
    case .summary: "Table summary"
    case .quickModel(let options): "Quick Model: \(options.target)"
    }
  }

  /// The columns it reads; empty when it reads them all.
  public var columns: [String] {
    switch self {
    case .histogram(let column, _), .bars(let column, _): [column]
    case .scatter(let x, let y, let color): [x, y] + (color.map { [$0] } ?? [])
    case .box(let column, let by): [column] + (by.map { [$0] } ?? [])
    case .density(let x, let y): [x, y]
    case .correlation(let columns): columns
    case .summary, .quickModel: []
    }
  }
}

/// What an analysis found.
public enum AnalysisResult: Codable, Sendable, Equatable {
  case chart(Chart)
  case summary(TableProfile)
  case quickModel(QuickModelReport)
}
