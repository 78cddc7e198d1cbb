import Frame

/// Draws rows of two classes in SQL. All draws are hashes of the seed and a row's number, so that any number of threads
/// draws the same.
struct ClassSampler {
  let call: TransformCall
  let target: Column
  let small: String
  let large: String
  let ratio: Double
  let seed: Int
  /// Names of columns on the way.
  private let row: String
  private let draw: String

  init(_ call: TransformCall, _ target: Column, small: String, large: String, ratio: Double, seed: Int) {
    (self.call, self.target, self.small, self.large) = (call, target, small, large)
    (self.ratio, self.seed) = (ratio, seed)
    (row, draw) = (call.freshName("row"), call.freshName("draw"))
  }

  private var isSmall: String { "\(target.words) IS NOT DISTINCT FROM \(SQL.text(small))" }
  private var isLarge: String { "\(target.words) IS NOT DISTINCT FROM \(SQL.text(large))" }
  private var names: String { SQL.identifiers(call.schema.map(\.name)) }

  /// A random 64-bit number of a numbered row: `salt` tells draws apart.
  private func lot(_ number: String, _ salt: Int = 0) -> String { "hash(\(number), \(seed)::UBIGINT, \(salt))" }

  /// The same in 0 ..< 1.
  private func unit(_ number: String, _ salt: Int) -> String {
    "(CAST(\(lot(number, salt)) >> 11 AS DOUBLE) * \(SQL.number(0x1p-53)))"
  }

  private var numbered: String { "SELECT *, row_number() OVER () AS \(row) FROM \(call.table)" }

  /// Rows of the larger class drop out, the others keep their order.
  var undersampled: String {
    """
    SELECT \(names) FROM (SELECT *, CASE WHEN \(isLarge) THEN
    row_number() OVER (PARTITION BY \(isLarge) ORDER BY \(lot(row)), \(row)) END AS \(draw) FROM (\(numbered)))
    WHERE \(draw) IS NULL OR \(draw) <=
    (SELECT round(count(*) / \(SQL.number(ratio))) FROM \(call.table) WHERE \(isSmall)) ORDER BY \(row)
    """
  }

  /// Tables that all new rows need: the numbered rows, those of the smaller class numbered from 0, and one line for each
  /// new row with the number of the row that it comes from.
  private var draws: String {
    """
    WITH __everyone AS MATERIALIZED (\(numbered)),
    __few AS MATERIALIZED (SELECT *, row_number() OVER (ORDER BY \(row)) - 1 AS \(draw) FROM __everyone WHERE \(isSmall)),
    __sizes AS (SELECT count(*) FILTER (WHERE \(isSmall)) AS s, count(*) FILTER (WHERE \(isLarge)) AS l FROM __everyone),
    __lines AS (SELECT s, unnest(range(CASE WHEN s = 0 THEN 0 ELSE CAST(round(l * \(SQL.number(ratio))) AS BIGINT) - s END))
    AS i FROM __sizes),
    __drawn AS (SELECT i, CAST(\(lot("i", 1)) % s AS BIGINT) AS base FROM __lines)
    """
  }

  /// Rows of the smaller class come again after all others.
  var oversampled: String {
    """
    SELECT \(names) FROM (\(draws)
    SELECT *, 0 AS \(draw) FROM __everyone
    UNION ALL SELECT \(prefixed("__few")), __few.\(row), __drawn.i + 1 FROM __drawn
    JOIN __few ON __few.\(draw) = __drawn.base)
    ORDER BY \(draw), \(row)
    """
  }

  private func prefixed(_ table: String) -> String {
    call.schema.map { "\(table).\(SQL.identifier($0.name))" }.joined(separator: ", ")
  }

  /// How many distances are measured at most; above, partners are drawn among a random part of the class.
  private static let mostPairs = 20_000_000

  /// New rows come after all others.
  func synthesized(neighbors: Int) -> String {
    let numeric = call.schema.filter { $0.kind.isNumeric && $0.name != target.name }
    // A difference with a missing value counts as none.
    let squares = numeric.map { column -> String in
      let name = SQL.identifier(column.name)
      let isFinite = "isfinite(CAST(a.\(name) AS DOUBLE)) AND isfinite(CAST(b.\(name) AS DOUBLE))"
      return "CASE WHEN \(isFinite) THEN pow(CAST(a.\(name) AS DOUBLE) - CAST(b.\(name) AS DOUBLE), 2) ELSE 0 END"
    }
    let distance = squares.isEmpty ? "0::DOUBLE" : squares.joined(separator: " + ")
    let values = call.schema.enumerated().map { place, column in value(column, place, numeric) }
    return """
      SELECT \(names) FROM (\(draws),
      __bases AS (SELECT DISTINCT base FROM __drawn),
      __known AS (SELECT * FROM __few ORDER BY \(lot(draw, 0)), \(draw)
      LIMIT (SELECT greatest(200, \(Self.mostPairs) // greatest(count(*), 1)) FROM __bases)),
      __near AS (SELECT __bases.base, arg_min(b.\(draw), {'d': \(distance), 'i': b.\(draw)}, \(neighbors)) AS partners
      FROM __bases JOIN __few AS a ON a.\(draw) = __bases.base
      JOIN __known AS b ON b.\(draw) <> a.\(draw) GROUP BY __bases.base),
      __pairs AS (SELECT i, __near.base, partners[CAST(\(lot("i", 2)) % len(partners) AS BIGINT) + 1] AS partner,
      \(unit("i", 3)) AS weight FROM __drawn JOIN __near ON __near.base = __drawn.base)
      SELECT *, 0 AS \(draw) FROM __everyone
      UNION ALL SELECT \(values.joined(separator: ", ")), a.\(row), __pairs.i + 1 FROM __pairs
      JOIN __few AS a ON a.\(draw) = __pairs.base JOIN __few AS b ON b.\(draw) = __pairs.partner)
      ORDER BY \(draw), \(row)
      """
  }

  private func value(_ column: Column, _ place: Int, _ numeric: [Column]) -> String {
    let name = SQL.identifier(column.name)
    guard numeric.contains(column) else {
      return column.name == target.name
        ? "a.\(name)" : "CASE WHEN \(lot("__pairs.i", 4 + place)) % 2 = 0 THEN a.\(name) ELSE b.\(name) END"
    }
    let (a, b) = ("CAST(a.\(name) AS DOUBLE)", "CAST(b.\(name) AS DOUBLE)")
    let mixed = "\(a) + __pairs.weight * (\(b) - \(a))"
    let sql = column.kind == .integer ? "round(\(mixed))" : mixed
    // Where one of the two is missing, the other stands.
    return
      "CASE WHEN isfinite(\(a)) AND isfinite(\(b)) THEN CAST(\(sql) AS \(column.type)) "
      + "ELSE coalesce(a.\(name), b.\(name)) END"
  }
}
