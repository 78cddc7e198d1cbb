// Turns a table into numbers for a forest. `fit` looks at the rows to learn from and nothing else; what it learnt is a value
// that can be kept; `transform` applies it to any table with these columns.

import Frame
import Jobs

/// A fitted way from a table to a matrix.
public struct FeaturePipeline: Codable, Hashable, Sendable {
  /// A column that is used, and how.
  public struct EncodedColumn: Codable, Hashable, Sendable {
    public let column: String
    public let encoding: ColumnEncoding
  }

  /// The columns that are used, in the order of the table.
  public let columns: [EncodedColumn]
  /// The columns that are not, and why.
  public let excluded: [ExcludedColumn]
  /// What a reader should know about how columns are treated.
  public let notes: [String]

  /// The features, in the order of the matrix.
  public var features: [Feature] {
    columns.flatMap { column -> [Feature] in
      let name = column.column
      return switch column.encoding {
      case .number: [Feature(name: name, column: name, isCategorical: false)]
      case .category: [Feature(name: name, column: name, isCategorical: true)]
      case .calendar(let parts):
        parts.map { Feature(name: "\(name).\($0.rawValue)", column: name, isCategorical: false) }
      case .text(let statistics):
        statistics.map { Feature(name: "\(name).\($0.rawValue)", column: name, isCategorical: false) }
      }
    }
  }

  /// For each feature the position of its column in `columns`.
  public var columnOfFeature: [Int] {
    columns.enumerated().flatMap { position, column in Array(repeating: position, count: column.encoding.width) }
  }

  /// Decides for each column but `target` how it becomes features, or why it does not.
  ///
  /// - Parameter rows: the rows to learn from, by number.
  public static func fit(
    _ table: DataTable, rows: [Int], target: String, context: any JobContext = SilentContext()
  ) throws -> FeaturePipeline {
    var columns: [EncodedColumn] = []
    var excluded: [ExcludedColumn] = []
    var notes: [String] = []
    var seen: Set<String> = [target]
    for column in table.columns {
      try context.checkCancelled()
      let name = column.column.name
      guard seen.insert(name).inserted else {
        if name != target { excluded.append(ExcludedColumn(column: name, reason: "has the name of an earlier column")) }
        continue
      }
      switch ColumnReview(column, rows: rows).decision {
      case .use(let encoding, let note):
        columns.append(EncodedColumn(column: name, encoding: encoding))
        if let note { notes.append("\(quoted(name)) \(note).") }
      case .leaveOut(let reason): excluded.append(ExcludedColumn(column: name, reason: reason))
      }
    }
    return FeaturePipeline(columns: columns, excluded: excluded, notes: notes)
  }

  /// The matrix of some rows of a table.
  ///
  /// A column that is not in the table, or of another kind than it was, counts as missing everywhere.
  public func transform(
    _ table: DataTable, rows: [Int], context: any JobContext = SilentContext()
  ) throws -> FeatureMatrix {
    // A table may have two columns of the same name; the first counts.
    let byName = Dictionary(
      table.columns.enumerated().map { ($1.column.name, $0) }, uniquingKeysWith: { first, _ in first })
    var values: [Double] = []
    values.reserveCapacity(columnOfFeature.count * rows.count)
    for column in columns {
      try context.checkCancelled()
      if let position = byName[column.column] {
        table.columns[position].append(column.encoding, of: rows, to: &values)
      } else {
        values.append(contentsOf: repeatElement(.nan, count: column.encoding.width * rows.count))
      }
    }
    return FeatureMatrix(rows: rows.count, features: columnOfFeature.count, values: values)
  }
}
