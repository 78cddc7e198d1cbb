/// Import rules as SQL. Every rule keeps the order of the file, and gives the same rows for the same seed, however many
/// threads work: rows are picked by a hash of their number, which needs one narrow pass more over the source.
extension ImportRows {
  func applied(to sql: String) -> String {
    switch self {
    case .all: return sql
    case .first(let count): return "SELECT * FROM \(SQL.subquery(sql)) LIMIT \(max(0, count))"
    case .random(let count, let seed):
      return Self.picking(
        sql, "SELECT assay_row FROM numbered ORDER BY \(Self.shuffle(seed)), assay_row LIMIT \(max(0, count))")
    case .stratified(let count, let column, let seed):
      // Systematic sampling over rows sorted by stratum: exactly `count` rows, each stratum within one of its share.
      let key = SQL.identifier(column)
      let places = """
        SELECT assay_row, row_number() OVER (ORDER BY \(key), \(Self.shuffle(seed)), assay_row) AS place,
          count(*) OVER () AS total FROM numbered
        """
      let kept = max(0, count)
      return Self.picking(
        sql,
        """
        SELECT assay_row FROM (\(places))
        WHERE \(kept) >= total OR (place * \(kept)) // total > ((place - 1) * \(kept)) // total
        """)
    }
  }

  private static func shuffle(_ seed: UInt64) -> String { "hash(assay_row, \(seed)::UBIGINT)" }

  private static func picking(_ sql: String, _ picked: String) -> String {
    """
    WITH numbered AS NOT MATERIALIZED (SELECT *, row_number() OVER () AS assay_row FROM \(SQL.subquery(sql))),
      picked AS (\(picked))
    SELECT * EXCLUDE (assay_row) FROM numbered SEMI JOIN picked USING (assay_row) ORDER BY assay_row
    """
  }
}
