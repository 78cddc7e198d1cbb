import Explain
import Foundation
import Frame
import Jobs

/// Rows that have been explained together.
struct ExplainedBatch {
  /// What the features' cells are as numbers, NaN where they are none.
  var numbers: FeatureRows
  var values: ShapValues
  /// A row's cells in words.
  var cells: ((Int) -> [String])?
}

/// A model with all that explaining it takes.
protocol ExplanationSubject: Sendable {
  var about: ExplainedModel { get }
  /// In the order of the values.
  var features: [String] { get }
  /// The column of each feature.
  var columns: [String] { get }
  /// What a person should know about how the model was made.
  var notes: [String] { get }
  /// The column that the model was trained to predict, or is judged by; nil where nobody said.
  var label: String? { get }
  var method: ExplainSpec.Method { get }
  /// What the values are in.
  var unit: String { get }
  /// Rows of the background; nil where there is none.
  var backgroundRows: Int? { get }
  /// Rows to explain at once.
  var batchRows: Int { get }

  /// A SELECT of what `explain` wants, over a relation, with other columns after it.
  func select(from relation: String, others: [String]) -> String
  /// What the model says, [rows][outputs], in the unit of the values where these are no losses.
  func predict(_ table: DataTable) throws -> [Double]
  /// What the outputs decide.
  var task: ModelTask { get }

  /// - Parameter table: rows of what `select` gives.
  func explain(_ table: DataTable, _ context: any JobContext) throws -> ExplainedBatch
}

extension ExplanationSubject {
  var columns: [String] { features }
  var notes: [String] { [] }

  /// True where each row takes so many predictions that nobody asks for all rows without saying so.
  var isSlow: Bool { method != .tree }
}

/// What the outputs of a model stand for.
enum ModelTask: Sendable, Equatable {
  /// Numbers of the label.
  case number
  /// One output, positive above the threshold; the names of the other class and of the positive one, where known.
  case binary(threshold: Double, isLogOdds: Bool, names: [String])
  /// An output for each class.
  case classes([String], isLogOdds: Bool)

  /// Above which the first output is positive; nil where it is no score.
  var threshold: Double? { if case .binary(let threshold, _, _) = self { threshold } else { nil } }

  /// What is decided; nil where outputs are numbers.
  func decision(_ outputs: ArraySlice<Double>) -> String? {
    let values = Array(outputs)
    switch self {
    case .number: return nil
    case .binary(let threshold, _, let names):
      let isPositive = values[0] > threshold
      return names.count == 2 ? names[isPositive ? 1 : 0] : isPositive ? "positive" : "negative"
    case .classes(let names, _): return names[values.indices.max { values[$0] < values[$1] } ?? 0]
    }
  }

  /// How far outputs are beyond the decision that another row got: above 0 where they decide otherwise.
  func distance(_ outputs: ArraySlice<Double>, from before: ArraySlice<Double>) -> Double {
    let (values, old) = (Array(outputs), Array(before))
    switch self {
    case .number: return -1
    case .binary(let threshold, _, _): return old[0] > threshold ? threshold - values[0] + 1e-12 : values[0] - threshold
    case .classes:
      let was = old.indices.max { old[$0] < old[$1] } ?? 0
      return (values.indices.filter { $0 != was }.map { values[$0] }.max() ?? -.infinity) - values[was]
    }
  }

  /// The loss of a row: squared error of numbers, log loss of classes; nil where the label is none of them.
  func loss(_ outputs: ArraySlice<Double>, label: String?) -> Double? {
    guard let label else { return nil }
    let values = Array(outputs)
    func bounded(_ share: Double) -> Double { min(max(share, 1e-12), 1 - 1e-12) }
    switch self {
    case .number: return Double(label).map { ($0 - values[0]) * ($0 - values[0]) }
    case .binary(_, let isLogOdds, let names):
      let isPositive: Bool
      if names.count == 2 {
        guard let place = names.firstIndex(of: label) else { return nil }
        isPositive = place == 1
      } else {
        guard let number = Double(label) ?? ["false": 0, "true": 1][label.lowercased()] else { return nil }
        isPositive = number > 0.5
      }
      let share = bounded(isLogOdds ? 1 / (1 + exp(-values[0])) : values[0])
      return -log(isPositive ? share : 1 - share)
    case .classes(let names, let isLogOdds):
      guard let place = names.firstIndex(of: label) else { return nil }
      let most = values.max() ?? 0
      let shares = isLogOdds ? values.map { exp($0 - most) } : values
      return -log(bounded(shares[place] / shares.reduce(0, +)))
    }
  }
}

/// Reads the rows that a subject needs.
struct SubjectRows {
  let nodes: NodeStore
  let relation: NodeRelation
  let context: any JobContext

  /// Rows drawn for clusters.
  static let clustered = 1_000

  func query(_ sql: String) throws -> DataTable { try nodes.database.query(sql, context: context) }

  /// Rows of a background, whole.
  /// - Parameter select: a SELECT of the wanted columns over a relation with a schema.
  func background(
    _ background: ExplainSpec.Background, seed: UInt64, select: (String, Schema) throws -> String
  ) throws -> DataTable {
    switch background {
    case .sample(let rows): return try sample(rows, seed: seed, select)
    case .clusters: return try sample(Self.clustered, seed: seed, select)
    case .zeros, .means: return try query(select(constant(isZero: background == .zeros), relation.schema))
    case .source(let source):
      let rows = try nodes.reading(NodeRequest(source: source), context) { other in
        try nodes.database.query(select(other.sql, other.schema), context: context)
      }
      if rows.rowCount == 0 { throw ExplainError.noBackground }
      return rows
    }
  }

  /// A SELECT of one row that stands for all.
  private func constant(isZero: Bool) -> String {
    let parts = relation.schema.map { column -> String in
      let name = SQL.identifier(column.name)
      let isNumber = column.kind.isNumeric
      // The mean of whole numbers is none.
      if isNumber, !isZero { return "avg(\(name)) AS \(name)" }
      return "CAST(\(isNumber ? "0" : "mode(\(name))") AS \(column.type)) AS \(name)"
    }
    return "SELECT \(parts.joined(separator: ", ")) FROM \(SQL.subquery(relation.sql)) LIMIT 1"
  }

  private func sample(_ rows: Int, seed: UInt64, _ select: (String, Schema) throws -> String) throws -> DataTable {
    // Another seed than that of the rows explained, so that they are not the same rows.
    try query(select(nodes.sample(relation, rows, seed: seed &+ 1), relation.schema))
  }
}
