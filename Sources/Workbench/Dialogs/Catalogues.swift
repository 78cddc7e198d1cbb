import Engine
import Flow
import Frame
import Widgets

/// What can be added to a step, as entries of a list.
enum Catalogues {
  /// Every transform, under the heading of its family.
  static func transforms(prefix: String = "", groups: Bool) -> [ListDialog.Entry] {
    let families = OperationFamily.allCases
    let sorted = families.flatMap { family in OperationCatalogue.transforms.filter { $0.family == family } }
    return sorted.map { info in
      ListDialog.Entry(
        id: prefix + info.id, title: info.title, help: info.help, group: groups ? info.family.title : "Add transform",
        explanation: explanation(of: info))
    }
  }

  private static func explanation(of info: OperationInfo) -> String {
    let lines = info.parameters.map { "\($0.label): \($0.help)" }
    return ([info.help] + lines).joined(separator: "\n")
  }

  /// Every analysis, with the reason where the columns do not allow it.
  static func analyses(prefix: String = "", schema: Schema?) -> [ListDialog.Entry] {
    AnalysisSpec.Kind.allCases.map { kind in
      ListDialog.Entry(
        id: prefix + kind.rawValue, title: kind.title, help: kind.summary, reason: schema.flatMap { reason(kind, $0) },
        group: prefix.isEmpty ? "" : "Add analysis", explanation: kind.explanation)
    }
  }

  /// Why an analysis cannot be made of these columns; nil when it can.
  static func reason(_ kind: AnalysisSpec.Kind, _ schema: Schema) -> String? {
    if let chart = kind.chart { return chart.refusal(schema) }
    switch kind {
    case .quickModel, .automl, .explanation, .leakage, .lasso, .bias, .biasIntersections, .simpson, .thresholds,
      .biasMending, .biasDrift:
      return schema.count < 2 ? "needs a label and at least one more column" : nil
    case .collinearity:
      return schema.count { $0.kind.isNumeric } < 2 ? "needs two numeric columns" : nil
    case .outliers: return schema.contains { $0.kind.isNumeric } ? nil : "needs a numeric column"
    case .patterns: return schema.contains { $0.kind == .text } ? nil : "needs a column of texts"
    case .series:
      return schema.contains { $0.kind.isTemporal } && schema.contains { $0.kind.isNumeric }
        ? nil : "needs a column of dates or times and a numeric one"
    default: return schema.isEmpty ? "the step has no columns" : nil
    }
  }
}

extension AnalysisSpec.Kind {
  /// A paragraph for F2.
  var explanation: String {
    switch self {
    case .histogram:
      "Counts the values of one numeric or date column in bins of equal width. Enter on a bin of the chart shows the "
        + "rows "
        + "behind it. Missing values are counted beside the chart."
    case .bars:
      "Counts how often each value of a column occurs, the most frequent first; the rest is summed up as others. "
        + "Good for "
        + "categories, flags and codes."
    case .scatter:
      "Draws a dot for each row at two numeric columns, in the colour of a third column. Large tables are sampled "
        + "with a "
        + "fixed seed, and the title says so."
    case .box:
      "A box from the lower to the upper quartile with a stroke at the median, whiskers to the outermost values within "
        + "1.5 interquartile ranges, and the outliers beyond. One box for each value of a second column, those with "
        + "most rows first. Enter on a box shows its rows."
    case .violin:
      "The density of a column, mirrored around a line, with the median and quartiles; one shape for each value of a "
        + "second column, those with most rows first. Enter on a shape shows its rows."
    case .line:
      "Sums up one column, or counts rows, at each value of an ordered column such as a date, and connects the results. "
        + "A third column makes a line for each of its values."
    case .density:
      "Counts the rows in a grid over two numeric columns and colours it by the counts. Every row counts, however many "
        + "there are. Enter on a bin shows its rows."
    case .correlation:
      "Pearson's r of every pair of numeric columns, from -1 (one falls as the other rises) over 0 (no straight-line "
        + "relation) to 1. Rows where either value is missing are left out of that pair."
    case .summary:
      "One line a column: kind, missing and distinct values, minimum, maximum, mean, standard deviation, quantiles, "
        + "and the "
        + "most frequent values."
    case .quickModel:
      "Trains a random forest on 70 % of the rows and judges it on the other 30 %: F1 for classes, MSE for numbers, "
        + "with a "
        + "baseline that always says the most frequent class or the mean. Columns are ranked by how much the forest "
        + "uses "
        + "them (gain) and by how much they move its predictions (SHAP). More than 100 distinct labels are taken as "
        + "numbers."
    case .explanation:
      "SHAP values say how much each column moved a prediction away from the mean: of trees that are trained on these "
        + "rows, of a model file, or of an ensemble of AutoML. They add up to the prediction, and the report says how "
        + "exactly. Bars and dots show all rows; Enter on a column shows what it does at each value, Enter on a dot why "
        + "that row got its prediction, and there a cell can be changed to see what would be."
    case .bias:
      "Compares the outcomes of groups of people: eight metrics of the labels, and thirteen more of predictions, each "
        + "with an interval, a verdict, and what it means for the groups by name. Enter on a number shows the counts "
        + "behind it, and their rows."
    case .automl:
      "Says which problem the label poses, then trains one learner after the other on the same folds: boosted trees, "
        + "forests, linear models and others, each with its own way to prepare the columns. The leaderboard moves while "
        + "it runs; stop it when you have seen enough, and the best ensemble so far is the model. Everything is kept in "
        + "a folder, so that a run that is cut short goes on."
    default: summary + ". All rows count unless the report says how many were used."
    }
  }
}
