// What the quality report warns of, and the step that mends it.

/// A step of a flow, named so that whoever knows the operations can make one of it.
public struct SuggestedStep: Codable, Sendable, Equatable {
  /// The operation's name in a flow, such as `outliers`.
  public var operation: String
  /// The columns that it works on; none where it works on rows.
  public var columns: [String]
  /// Its other parameters, by name, as text.
  public var parameters: [String: String]

  public init(_ operation: String, columns: [String] = [], parameters: [String: String] = [:]) {
    (self.operation, self.columns, self.parameters) = (operation, columns, parameters)
  }
}

/// Something to look at before a model is trained.
public struct QualityWarning: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case duplicateRows = "duplicate-rows"
    case missingValues = "missing-values"
    case invalidValues = "invalid-values"
    case constant
    case nearlyUnique = "nearly-unique"
    case highCardinality = "high-cardinality"
    case skewed, outliers
    case missingTarget = "missing-target"
    case invalidTarget = "invalid-target"
    case oneClass = "one-class"
    case tooManyClasses = "too-many-classes"
    case rareClasses = "rare-classes"
    case imbalancedTarget = "imbalanced-target"
    case targetOutliers = "target-outliers"
    case heavyTailedTarget = "heavy-tailed-target"
    case leakage = "target-leakage"
    case anomalousRows = "anomalous-rows"
  }

  public enum Severity: String, Codable, Sendable { case high, low }

  public var kind: Kind
  public var severity: Severity
  /// The column that is meant; nil where the rows are.
  public var column: String?
  public var title: String
  /// What was found, in figures.
  public var text: String
  public var step: SuggestedStep?
  /// Rows, or cells of the column, that it concerns as a share, 0 to 1; warnings of one severity stand in this order.
  public var share: Double
}

extension [QualityWarning] {
  /// The severe first, then those of the target, then by share.
  func ranked(target: String?) -> [QualityWarning] {
    func rank(_ warning: QualityWarning) -> Int {
      (warning.severity == .high ? 0 : 2) + (target != nil && warning.column == target ? 0 : 1)
    }
    return enumerated().sorted { left, right in
      let (first, second) = (rank(left.element), rank(right.element))
      if first != second { return first < second }
      if left.element.share != right.element.share { return left.element.share > right.element.share }
      return left.offset < right.offset
    }.map(\.element)
  }
}
