// What is missing where, and what is missing together.

import Frame
import Jobs
import Plot

/// The missing cells of a table. A cell is absent where it is null, a text that is empty or white space alone, or not a number.
public struct Missingness: AnalysisReport {
  /// One column.
  public struct ColumnCount: Codable, Sendable, Equatable {
    public var column: String
    public var kind: ColumnKind
    /// Null cells.
    public var missing: Int
    /// Texts without a character, and texts of white space alone.
    public var empty, whitespace: Int
    /// Cells that are not a number (NaN).
    public var notANumber: Int

    public var absent: Int { missing + empty + whitespace + notANumber }
  }

  /// Rows in which exactly these columns are absent.
  public struct Pattern: Codable, Sendable, Equatable {
    /// In the order of the table; none for complete rows.
    public var absent: [String]
    public var rows: Int
  }

  public var rows: Int
  /// Rows without an absent cell.
  public var completeRows: Int
  /// All columns, in the order of the table.
  public var columns: [ColumnCount]
  /// The most frequent patterns, the most frequent first.
  public var patterns: [Pattern]
  /// Different patterns, those listed included.
  public var patternCount: Int
  /// The columns of `correlations`: those absent in some rows and present in others, the most absent of them.
  public var correlated: [String]
  /// Phi coefficients of absence, [correlated][correlated].
  public var correlations: [[Double]]
  /// Columns with absent cells that have no place in `correlations` for their number.
  public var uncorrelated: Int
}

/// Counts absent cells and which of them come together, exactly.
/// - Parameters:
///   - columns: the columns to look at; all where nil.
///   - most: how many patterns are listed.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func missingness(
  of columns: [String]? = nil, most: Int = 20, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> Missingness {
  let chosen = try columns.map { try $0.map(schema.required) } ?? schema
  return try MissingnessCounter(columns: chosen, most: most, database: database, context: context)
    .run(SQL.subquery(relation))
}

/// How a cell can be absent, as SQL.
struct Absence {
  private let name: String
  /// ENUM and the like as plain text; nil of all other kinds.
  private let text: String?
  private let canBeNoNumber: Bool

  init(column: Column) {
    name = SQL.identifier(column.name)
    text = column.kind == .text ? column.type == "VARCHAR" ? name : "CAST(\(name) AS VARCHAR)" : nil
    canBeNoNumber = column.kind == .real && !column.type.hasPrefix("DECIMAL")
  }

  /// - Parameter text: an expression of type VARCHAR.
  init(text: String) { (name, self.text, canBeNoNumber) = (text, text, false) }

  /// Beside what `trim` takes for blank: every white space of Unicode, as regular expressions know it.
  static let blanks =
    "' \t\n\r' || chr(11) || chr(12) || chr(133) || chr(160) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || "
    + "chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8199) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || "
    + "chr(8233) || chr(8239) || chr(8287) || chr(12288)"

  var empty: String { text.map { "\($0) = ''" } ?? "FALSE" }

  /// Most texts begin with a character that no white space sorts with; CASE trims the others alone.
  var whitespace: String {
    guard let text else { return "FALSE" }
    return """
      CASE WHEN \(text) <> '' AND (\(text) < '!' OR \(text) >= chr(128)) THEN trim(\(text), \(Self.blanks)) = '' ELSE FALSE END
      """
  }

  var notANumber: String { canBeNoNumber ? "isnan(\(name))" : "FALSE" }

  /// True or false of every cell.
  var isAbsent: String {
    var parts = ["\(name) IS NULL"]
    if text != nil { parts += [empty, whitespace] }
    if notANumber != "FALSE" { parts.append(notANumber) }
    return parts.count == 1 ? parts[0] : "coalesce(\(parts.joined(separator: " OR ")), FALSE)"
  }

  /// Cells of each sort: null, empty, white space, not a number.
  var counts: [String] {
    [
      "count(*) - count(\(name))", empty == "FALSE" ? "0" : "count(*) FILTER (\(empty))",
      whitespace == "FALSE" ? "0" : "count(*) FILTER (\(whitespace))",
      notANumber == "FALSE" ? "0" : "count(*) FILTER (\(notANumber))",
    ]
  }
}

private struct MissingnessCounter {
  let columns: Schema
  let most: Int
  let database: Database
  let context: any JobContext

  /// Columns that are correlated at most.
  private static let mostCorrelated = 60
  /// Flags in a number.
  private static let bits = 60

  func run(_ source: String) throws -> Missingness {
    var found = Missingness(
      rows: 0, completeRows: 0, columns: [], patterns: [], patternCount: 0, correlated: [], correlations: [],
      uncorrelated: 0)
    for batch in columns.batches(of: 200) {
      let items = (["count(*)"] + batch.flatMap { Absence(column: $0).counts }).joined(separator: ", ")
      let table = try database.query("SELECT \(items) FROM \(source)", context: context, note: "counting missing cells")
      found.rows = table.value(0, 0).whole
      for (index, column) in batch.enumerated() {
        let counts = (1...4).map { table.value(0, 4 * index + $0).whole }
        found.columns.append(
          .init(
            column: column.name, kind: column.kind, missing: counts[0], empty: counts[1], whitespace: counts[2],
            notANumber: counts[3]))
      }
    }
    let holed = columns.indices.filter { found.columns[$0].absent > 0 }
    guard !holed.isEmpty else {
      found.completeRows = found.rows
      if found.rows > 0 {
        found.patterns = [.init(absent: [], rows: found.rows)]
        found.patternCount = 1
      }
      return found
    }
    let groups = holed.batches(of: Self.bits)
    let masks = groups.enumerated().map { index, group in
      let flags = group.enumerated().map { bit, column in
        "CASE WHEN \(Absence(column: columns[column]).isAbsent) THEN \(1 << bit) ELSE 0 END"
      }
      return "CAST(\(flags.joined(separator: " + ")) AS BIGINT) AS m\(index)"
    }
    let keys = groups.indices.map { "m\($0)" }.joined(separator: ", ")
    let select = """
      SELECT \(keys), count(*) AS n FROM (SELECT \(masks.joined(separator: ", ")) FROM \(source)) GROUP BY \(keys)
      """
    try withCopy(select, in: database, context: context, note: "finding patterns") { patterns in
      try list(patterns, keys, groups, &found)
      try correlate(patterns, keys, groups, &found)
    }
    return found
  }

  private func list(_ patterns: String, _ keys: String, _ groups: [[Int]], _ found: inout Missingness) throws {
    let none = groups.indices.map { "m\($0) = 0" }.joined(separator: " AND ")
    let sizes = try database.query(
      "SELECT count(*), CAST(coalesce(sum(n) FILTER (\(none)), 0) AS BIGINT) FROM \(patterns)", context: context)
    found.patternCount = sizes.value(0, 0).whole
    found.completeRows = sizes.value(0, 1).whole
    let table = try database.query(
      "SELECT n, \(keys) FROM \(patterns) ORDER BY n DESC, \(keys) LIMIT \(max(0, most))", context: context)
    found.patterns = (0..<table.rowCount).map { row in
      let masks = groups.indices.map { table.value(row, $0 + 1).whole }
      return .init(
        absent: Self.members(masks, groups).map { columns[$0].name }, rows: table.value(row, 0).whole)
    }
  }

  private static func members(_ masks: [Int], _ groups: [[Int]]) -> [Int] {
    zip(masks, groups).flatMap { mask, group in
      group.enumerated().compactMap { mask >> $0.offset & 1 == 1 ? $0.element : nil }
    }
  }

  private func correlate(_ patterns: String, _ keys: String, _ groups: [[Int]], _ found: inout Missingness) throws {
    let varying = groups.joined().filter { found.columns[$0].absent < found.rows }
    let ranked = varying.sorted { (found.columns[$1].absent, $0) < (found.columns[$0].absent, $1) }
    let chosen = ranked.prefix(Self.mostCorrelated).sorted()
    found.uncorrelated = varying.count - chosen.count
    let places = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { ($0.element, $0.offset) })
    var together = [[Int]](repeating: [Int](repeating: 0, count: chosen.count), count: chosen.count)
    try database.stream("SELECT n, \(keys) FROM \(patterns)", context: context, note: "correlating patterns") { table in
      for row in 0..<table.rowCount {
        let count = table.value(row, 0).whole
        let masks = groups.indices.map { table.value(row, $0 + 1).whole }
        let members = Self.members(masks, groups).compactMap { places[$0] }
        for first in members {
          for second in members { together[first][second] += count }
        }
      }
    }
    found.correlated = chosen.map { columns[$0].name }
    let n = Double(found.rows)
    found.correlations = chosen.indices.map { first in
      chosen.indices.map { second in
        guard first != second else { return 1 }
        let (x, y) = (Double(together[first][first]), Double(together[second][second]))
        let phi =
          (n * Double(together[first][second]) - x * y) / (x * (n - x)).squareRoot() / (y * (n - y)).squareRoot()
        return max(-1, min(1, phi))
      }
    }
  }
}

extension Missingness {
  public var blocks: [AnalysisBlock] {
    var blocks: [AnalysisBlock] = [
      .heading("Missing cells"),
      .sentence(
        "\(AnalysisBlock.counted(rows, "row")), \(Numbers.grouped(completeRows)) of them complete "
          + "(\(Numbers.percent(Double(completeRows), of: Double(rows))))."),
    ]
    let holed = columns.filter { $0.absent > 0 }
    guard !holed.isEmpty else { return blocks + [.sentence("No cell is missing.")] }
    blocks.append(
      .table(
        headings: ["column", "absent", "share", "missing", "empty", "white space", "not a number"],
        rows: holed.sorted { $1.absent < $0.absent }.map { column in
          [column.column, Numbers.grouped(column.absent), Numbers.percent(Double(column.absent), of: Double(rows))]
            + [column.missing, column.empty, column.whitespace, column.notANumber].map(Numbers.grouped)
        }))
    let shown = patterns.count < patternCount ? "the \(patterns.count) most frequent of " : ""
    blocks += [
      .heading("Missing together"), .sentence("Patterns: \(shown)\(Numbers.grouped(patternCount))."),
      .table(
        headings: ["rows", "share", "absent columns"],
        rows: patterns.map { pattern in
          [
            Numbers.grouped(pattern.rows), Numbers.percent(Double(pattern.rows), of: Double(rows)),
            pattern.absent.isEmpty ? "none" : pattern.absent.joined(separator: ", "),
          ]
        }),
    ]
    return blocks
  }

  public var charts: [(title: String, chart: Chart)] {
    var charts: [(title: String, chart: Chart)] = []
    let holed = columns.filter { $0.absent > 0 }.sorted { $1.absent < $0.absent }
    if !holed.isEmpty {
      let items = holed.map { Bars.Item(label: $0.column, count: $0.absent) }
      charts.append(
        (
          "Missing cells",
          .bars(Bars(title: "Missing cells by column", column: "", items: items, missing: 0, total: rows))
        ))
    }
    if correlated.count > 1 {
      charts.append(
        (
          "Missing together",
          .heatmap(
            Heatmap(
              title: "Correlation of missing cells", rows: correlated, columns: correlated, values: correlations,
              total: rows))
        ))
    }
    return charts
  }
}
