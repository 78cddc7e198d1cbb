// The rows of a relation, counted by group, label, prediction and stratum: all that the metrics need.

import Frame

/// Rows that are alike in all that a metric looks at.
struct CountedCell: Equatable {
  /// The place of the facet's value, or of the combination of values.
  var value: Int
  /// The place of the label's class.
  var outcome: Int
  var isPredicted: Bool
  /// The place of the stratum; -1 where it counts in none.
  var stratum: Int
  var rows: Int
}

/// The cells of one facet, or of several facets combined.
struct CountedView {
  /// Places of facets in the plan.
  var facets: [Int]
  /// The keys of each value: as many as facets.
  var values: [[Value]]
  var cells: [CountedCell]
}

/// One class of the label.
struct CountedOutcome: Equatable {
  /// Missing is kept as a class where the policy keeps it.
  var value: Value
  var isPositive: Bool
}

/// All counts of a relation, or of a segment of it.
struct CountedRows {
  var views: [CountedView] = []
  var outcomes: [CountedOutcome] = []
  var strata: [Value] = []
  /// All rows; those that the policy keeps; those that lack a value.
  var total = 0
  var used = 0
  var incomplete = 0
  /// By column, where there are any.
  var missing: [String: Int] = [:]
  /// The largest numbers of the columns with thresholds.
  var maxima: [String: Double] = [:]
  /// Rows by class of the label and of the prediction.
  var classes: [(label: Value, predicted: Value, rows: Int)] = []

  var hasPositive: Bool { outcomes.contains(where: \.isPositive) }
}

extension Value {
  /// An order that depends on the value alone, so that draws do not depend on the order of rows.
  static func isBefore(_ left: Value, _ right: Value) -> Bool {
    if left.isNull || right.isNull { return !left.isNull && right.isNull }
    if let a = left.number, let b = right.number { return a < b }
    switch (left, right) {
    case (.date(let a), .date(let b)): return a < b
    case (.timestamp(let a), .timestamp(let b)), (.time(let a), .time(let b)): return a < b
    default: return left.description < right.description
    }
  }
}
