import Fairness
import Insight
import Learn
import Plot

/// What an analysis computes: the kind and its options. The same value drives the screen, the subcommand and the file.
public enum AnalysisSpec: Codable, Sendable, Equatable {
  case chart(ChartSpec)
  case summary
  case quickModel(QuickModelOptions)
  case insight(InsightSpec)
  case bias(BiasStudy)
  case explanation(ExplainSpec)
  case automl(AutoMLStudy)

  /// The kinds without their options, in the order in which menus show them.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case histogram, bars, box, violin, scatter, line, density, correlation, summary, quickModel, automl
    case quality, leakage, associations, collinearity, lasso, duplicates, missingness, outliers, anomalies, patterns,
      drift, comparison, series
    case bias, biasIntersections, simpson, thresholds, biasMending, biasDrift
    case explanation

    /// The chart that it is; nil where it is none.
    public var chart: ChartSpec.Kind? { ChartSpec.Kind(rawValue: rawValue) }

    /// The insight that it is; nil where it is none.
    public var insight: InsightSpec.Kind? { InsightSpec.Kind(rawValue: rawValue) }

    /// The study of bias that it is; nil where it is none.
    public var study: BiasStudy.Kind? {
      switch self {
      case .bias: .report
      case .biasIntersections: .intersections
      case .simpson: .simpson
      case .thresholds: .thresholds
      case .biasMending: .mending
      case .biasDrift: .drift
      default: nil
      }
    }

    fileprivate init(_ study: BiasStudy.Kind) {
      switch study {
      case .report: self = .bias
      case .intersections: self = .biasIntersections
      case .simpson: self = .simpson
      case .thresholds: self = .thresholds
      case .mending: self = .biasMending
      case .drift: self = .biasDrift
      }
    }

    public var title: String {
      switch self {
      case .summary: "Table summary"
      case .quickModel: "Quick Model"
      case .explanation: "Explain model"
      case .automl: "AutoML"
      default: chart?.title ?? insight?.title ?? study?.title ?? rawValue
      }
    }

    public var summary: String {
      switch self {
      case .summary: "Count, missing, distinct, minimum, maximum, mean and quantiles of every column"
      case .explanation: "SHAP values: which columns move a model's predictions, how, and why one row gets its own"
      case .quickModel: "A random forest that shows how well a label can be predicted, and by which columns"
      case .automl:
        "Trains many models within a time limit, a leaderboard that one watches, and an ensemble of the best"
      default: chart?.summary ?? insight?.summary ?? study?.summary ?? ""
      }
    }
  }

  public var kind: Kind {
    switch self {
    case .chart(let spec): Kind(rawValue: spec.kind.rawValue) ?? .histogram
    case .summary: .summary
    case .quickModel: .quickModel
    case .automl: .automl
    case .insight(let spec): Kind(rawValue: spec.kind.rawValue) ?? .quality
    case .bias(let study): Kind(study.kind)
    case .explanation: .explanation
    }
  }

  /// A name that says what it is about: `Histogram: age`.
  public var defaultName: String {
    switch self {
    case .chart(let spec): spec.defaultName
    case .summary: Kind.summary.title
    case .quickModel(let options): "Quick Model: \(options.target)"
    case .insight(let spec): spec.defaultName
    case .bias(let study): study.defaultName
    case .explanation(let spec): spec.defaultName
    case .automl(let study): study.defaultName
    }
  }

  /// The columns it reads; empty when it reads them all.
  public var columns: [String] {
    switch self {
    case .chart(let spec): spec.reads
    case .insight(let spec): spec.reads
    case .bias(let study): study.reads
    case .summary, .quickModel, .explanation, .automl: []
    }
  }
}

extension AnalysisSpec {
  public static func histogram(column: String, bins: Int? = nil) -> AnalysisSpec {
    .chart(ChartSpec(.histogram, x: column, bins: bins))
  }

  public static func bars(column: String, limit: Int = ChartSpec.defaultLimit) -> AnalysisSpec {
    .chart(ChartSpec(.bars, x: column, limit: limit))
  }

  public static func scatter(x: String, y: String, colorBy: String? = nil) -> AnalysisSpec {
    .chart(ChartSpec(.scatter, x: x, y: y, colorBy: colorBy))
  }

  public static func box(column: String, by: String? = nil) -> AnalysisSpec {
    .chart(ChartSpec(.box, x: column, by: by))
  }

  public static func density(x: String, y: String) -> AnalysisSpec { .chart(ChartSpec(.density, x: x, y: y)) }

  /// Pearson correlation of the named columns; all numeric ones when empty.
  public static func correlation(columns: [String]) -> AnalysisSpec {
    .chart(ChartSpec(.correlation, columns: columns))
  }
}

/// What an analysis found.
public enum AnalysisResult: Codable, Sendable, Equatable {
  case chart(Chart)
  case summary(TableProfile)
  case quickModel(QuickModelReport)
  case insight(InsightResult)
  case bias(BiasResult)
  case explanation(ExplainedTable)
  case automl(AutoMLResult)
}
