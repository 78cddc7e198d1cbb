// What the columns of a table are to a model. Looks at values and how often they occur, never at the label: what depends on
// the label, or on the distribution of values, is learnt by a recipe on the rows of one fold.

import Frame
import Jobs

/// What a column is to a model.
public enum FeatureKind: String, Codable, Sendable, CaseIterable {
  case number, category, moment, text
}

/// The columns that models may use.
public struct FeatureSchema: Codable, Hashable, Sendable {
  /// One column, and what its cells are turned into before a recipe sees them.
  public struct FeatureColumn: Codable, Hashable, Sendable {
    public let name: String
    public let content: Content

    public var kind: FeatureKind {
      switch content {
      case .number: .number
      case .levels: .category
      case .calendar: .moment
      case .text: .text
      }
    }
  }

  /// The common ground of all recipes.
  public enum Content: Codable, Hashable, Sendable {
    case number
    /// Texts that repeat, the most frequent first.
    case levels([String])
    case calendar([CalendarPart])
    /// Free text: figures about its characters, and the terms that occur in it.
    case text([TextStatistic], terms: [String])
  }

  /// In the order of the table.
  public let columns: [FeatureColumn]
  public let excluded: [ExcludedColumn]
  /// What makes vectors of texts beside what is learnt from them; nil without one, or without texts.
  public var encoder: EncoderReference?

  /// Levels kept at most; a recipe merges more of them.
  static let levelLimit = 10_000
  /// Terms of a text column at most.
  static let termLimit = 4_000

  /// Decides about each column but `target`.
  static func fit(
    _ table: DataTable, rows: [Int], target: String, context: any JobContext
  ) throws -> FeatureSchema {
    let pipeline = try FeaturePipeline.fit(table, rows: rows, target: target, context: context)
    let byName = Dictionary(table.columns.map { ($0.column.name, $0) }, uniquingKeysWith: { first, _ in first })
    var columns: [FeatureColumn] = []
    for column in pipeline.columns {
      try context.checkCancelled()
      guard let cells = byName[column.column] else { continue }
      let content: Content =
        switch column.encoding {
        case .number: .number
        case .calendar(let parts): .calendar(parts)
        case .category: .levels(frequentLevels(cells, rows))
        case .text(let statistics): .text(statistics, terms: TextTerms.vocabulary(cells, rows, limit: termLimit))
        }
      columns.append(FeatureColumn(name: column.column, content: content))
    }
    return FeatureSchema(columns: columns, excluded: pipeline.excluded)
  }

  private static func frequentLevels(_ column: TypedColumn, _ rows: [Int]) -> [String] {
    var counts: [String: Int] = [:]
    for row in rows {
      if let text = column.text(row) { counts[text, default: 0] += 1 }
    }
    let isWide = counts.count > ColumnReview.Limit.levels
    let kept = counts.filter { !isWide || $0.value > 1 }
    let ordered = kept.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    return ordered.prefix(levelLimit).map(\.key)
  }
}

/// The cells of a table as a schema sees them: numbers, codes of levels and counts of terms. Made once for each table.
struct PreparedTable: Sendable {
  enum Cells: Sendable {
    /// `[features][rows]`, NaN for missing.
    case numbers([[Double]])
    /// The level of each row; -1 for missing, the number of levels for one that is not known.
    case codes([Int32], levels: Int)
    /// `[features][rows]`, and the texts of each row.
    case text([[Double]], PreparedTexts)
  }

  let rows: Int
  /// One for each column of the schema.
  let columns: [Cells]

  init(rows: Int, columns: [Cells]) {
    self.rows = rows
    self.columns = columns
  }

  /// A column that is not in the table counts as missing everywhere.
  ///
  /// - Parameter encoder: the one that the schema names; nil where no recipe asks for it.
  init(
    _ table: DataTable, schema: FeatureSchema, encoder: OpenEncoder? = nil, threads: Int = 1, context: any JobContext
  ) throws {
    let byName = Dictionary(table.columns.map { ($0.column.name, $0) }, uniquingKeysWith: { first, _ in first })
    let all = Array(0..<table.rowCount)
    rows = table.rowCount
    columns = try schema.columns.map { column in
      try context.checkCancelled()
      let cells = byName[column.name]
      switch column.content {
      case .number: return .numbers([Self.features(cells, .number, all)[0]])
      case .calendar(let parts): return .numbers(Self.features(cells, .calendar(parts), all))
      case .levels(let levels): return .codes(Self.codes(cells, levels, rows: all.count), levels: levels.count)
      case .text(let statistics, let terms):
        let vectors = try encoder?.vectors(cells, rows: all.count, threads: threads, context: context)
        return .text(
          Self.features(cells, .text(statistics), all),
          PreparedTexts(
            cells, counts: TextTerms.count(cells, terms: terms, rows: all.count), rows: all.count,
            vectors: vectors ?? [], dimensions: encoder?.reference.dimensions ?? 0))
      }
    }
  }

  private static func features(_ column: TypedColumn?, _ encoding: ColumnEncoding, _ rows: [Int]) -> [[Double]] {
    var values: [Double] = []
    values.reserveCapacity(rows.count * encoding.width)
    if let column {
      column.append(encoding, of: rows, to: &values)
    } else {
      values = Array(repeating: .nan, count: rows.count * encoding.width)
    }
    // Infinity is no number that a model can use.
    for index in values.indices where values[index].isInfinite { values[index] = .nan }
    return (0..<encoding.width).map { Array(values[$0 * rows.count..<($0 + 1) * rows.count]) }
  }

  private static func codes(_ column: TypedColumn?, _ levels: [String], rows: Int) -> [Int32] {
    guard let column else { return Array(repeating: -1, count: rows) }
    let codes = Dictionary(levels.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    let unknown = Int32(levels.count)
    if case .texts(let cells) = column.data {
      return (0..<rows).map { column.isValid($0) ? codes[cells[$0]] ?? unknown : -1 }
    }
    return (0..<rows).map { column.text($0).map { codes[$0] ?? unknown } ?? -1 }
  }
}

extension PreparedTable {
  /// The rows of this table and, after them, those of one that was prepared by the same schema.
  func appending(_ other: PreparedTable) -> PreparedTable {
    func joined(_ left: [[Double]], _ right: [[Double]]) -> [[Double]] { zip(left, right).map { $0 + $1 } }
    let columns = zip(columns, other.columns).map { left, right -> Cells in
      switch (left, right) {
      case (.numbers(let a), .numbers(let b)): return .numbers(joined(a, b))
      case (.codes(let a, let levels), .codes(let b, _)): return .codes(a + b, levels: levels)
      case (.text(let a, let texts), .text(let b, let more)): return .text(joined(a, b), texts.appending(more))
      // One schema prepares one kind of cells.
      case (.numbers, _), (.codes, _), (.text, _): return left
      }
    }
    return PreparedTable(rows: rows + other.rows, columns: columns)
  }

  /// 16 hexadecimal digits that change with columns, cells and labels (FNV-1a over 64-bit words). Tells runs apart; guards
  /// nothing.
  func fingerprint(_ schema: FeatureSchema, _ labels: Labels) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func take(_ word: UInt64) { hash = (hash ^ word) &* 0x0000_0100_0000_01B3 }
    for column in schema.columns { for byte in column.name.utf8 { take(UInt64(byte)) } }
    for byte in (schema.encoder?.sha256 ?? "").utf8 { take(UInt64(byte)) }
    for cells in columns {
      switch cells {
      case .numbers(let features): for feature in features { for value in feature { take(value.bitPattern) } }
      case .codes(let codes, _): for code in codes { take(UInt64(bitPattern: Int64(code))) }
      case .text(let features, let texts):
        for feature in features { for value in feature { take(value.bitPattern) } }
        for term in texts.counts.terms { take(UInt64(bitPattern: Int64(term))) }
      }
    }
    switch labels {
    case .classes(let codes, _): for code in codes { take(UInt64(bitPattern: Int64(code))) }
    case .numbers(let numbers): for number in numbers { take(number.bitPattern) }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
