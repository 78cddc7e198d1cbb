import Frame

/// The SQL of a vectoriser: from texts to terms, counts and numbers.
struct TermPlan {
  let column: Column
  let call: TransformCall

  private var parameters: Parameters { call.parameters }
  var isHashing: Bool { parameters.text("vectorizer") == "hashing" }
  var features: Int { parameters.integer("features") ?? 256 }

  /// - Throws: `FlowError` where the column holds neither texts nor lists of texts.
  init(_ call: TransformCall) throws {
    self.call = call
    column = try call.column(parameter: "column", .nested)
    guard column.kind == .text || column.type == "VARCHAR[]" else {
      throw call.invalid("column \"\(column.name)\": holds neither texts nor lists of texts")
    }
    if column.kind != .text, parameters.text("analyzer") == "character" {
      throw call.invalid("column \"\(column.name)\": holds lists of words; choose words as terms")
    }
  }

  /// A SELECT with all columns and the vector of numbers, and the columns that it adds.
  ///
  /// Terms become places by way of an enumeration, which finds them by a hash; the zeros between places are filled in, so
  /// that the work grows with the terms of a text and the length of the vector, not with their product.
  func vector(_ vocabulary: [String], idf: [Double]) -> (sql: String, columns: Schema, list: String) {
    let counts = call.freshName("counts")
    let list = call.freshName("vector")
    let size = call.freshName("size")
    let length = isHashing ? features : vocabulary.count
    // An enumeration needs a word.
    let words = (vocabulary.isEmpty ? [""] : vocabulary).map(SQL.text).joined(separator: ", ")
    let places =
      isHashing
      ? terms : "list_transform(TRY_CAST(\(terms) AS ENUM(\(words))[]), lambda term: enum_code(term))"
    let counted = """
      SELECT * EXCLUDE (\(terms)), len(\(terms)) AS \(size), \
      CASE WHEN len(\(terms)) > 0 THEN list_aggregate(\(places), 'histogram') END AS \(counts) FROM (\(termed))
      """
    let least = parameters.number("min_term_freq") ?? 1
    let bound = least < 1 ? "\(literal(least)) * \(size)" : literal(least)
    let count = parameters.flag("binary") ? "1::DOUBLE" : "CAST(item[3] AS DOUBLE)"
    let weight = idf.isEmpty ? "" : " * [\(idf.map(literal).joined(separator: ", "))][item[1] + 1]"
    let value = "CASE WHEN item[3] >= \(bound) THEN \(count)\(weight) ELSE 0::DOUBLE END"
    let keys = "coalesce(CAST(map_keys(\(counts)) AS BIGINT[]), [])"
    // Place, place before, occurrences.
    let items = "list_zip(\(keys), list_prepend(-1::BIGINT, \(keys)), coalesce(map_values(\(counts)), []), true)"
    let filled = """
      list_transform(\(items), lambda item: \
      list_append(list_resize([]::DOUBLE[], item[1] - item[2] - 1, 0::DOUBLE), \(value)))
      """
    // A missing text has no numbers, an empty one zeros.
    let vector = """
      CASE WHEN \(size) IS NOT NULL \
      THEN list_resize(coalesce(flatten(\(filled)), []::DOUBLE[]), \(length), 0::DOUBLE) END
      """
    let name = String(list.dropFirst().dropLast())
    var sql = "SELECT * EXCLUDE (\(size), \(counts)), \(vector) AS \(list) FROM (\(counted))"
    if let norm = norm(list) {
      let divisor = call.freshName("norm")
      sql = """
        SELECT * EXCLUDE (\(divisor)) REPLACE (CASE WHEN \(divisor) > 0 \
        THEN list_transform(\(list), lambda number: number / \(divisor)) ELSE \(list) END AS \(list)) \
        FROM (SELECT *, \(norm) AS \(divisor) FROM (\(sql)))
        """
    }
    return (sql, [Column(name: name, type: "DOUBLE[]")], name)
  }

  /// Texts with a value, and for each term: itself, texts that have it, occurrences, and texts where it counts. By falling
  /// number of occurrences.
  func frequencies(_ reader: FitReader) throws -> (documents: Int, table: DataTable) {
    let note = "counting words of \(column.name)"
    let total = try reader.query(
      "SELECT count(*) FROM \(call.table) WHERE \(SQL.identifier(column.name)) IS NOT NULL", note: note)
    let least = parameters.number("min_term_freq") ?? 1
    let bound = least < 1 ? "\(literal(least)) * size" : literal(least)
    let number = call.freshName("row")
    let single = """
      SELECT \(number), term, count(*) AS n, any_value(size) AS size FROM (
      SELECT \(number), unnest(\(terms)) AS term, len(\(terms)) AS size
      FROM (SELECT *, row_number() OVER () AS \(number) FROM (\(termed)))) GROUP BY ALL
      """
    let table = try reader.query(
      """
      SELECT CAST(term AS VARCHAR), count(*), sum(n), count(*) FILTER (n >= \(bound)) FROM (\(single))
      GROUP BY term ORDER BY sum(n) DESC, term
      """, note: note)
    return (Int(total.value(0, 0).number ?? 0), table)
  }

  // MARK: - Terms

  private var terms: String { call.freshName("terms") }

  /// All columns, and the list of terms or of their buckets.
  private var termed: String {
    let words = call.freshName("words")
    let isCharacter = parameters.text("analyzer") == "character"
    var base = SQL.identifier(column.name)
    if column.kind == .text {
      let text = TextColumns.sql(column)
      let isSmall = parameters.text("tokenizer") != "custom" || parameters["lowercase"]?.flag ?? true
      let spaces = SQL.text(UnicodeClass.space + "{2,}")
      base =
        isCharacter
        ? "regexp_extract_all(regexp_replace(\(isSmall ? "lower(\(text))" : text), \(spaces), ' ', 'g'), '(?s).')"
        : Tokens.sql(text, parameters)
    }
    let range = (parameters.integer("ngram_min") ?? 1)...max(1, parameters.integer("ngram_max") ?? 1)
    let grams = range.map { size -> String in
      guard size > 1 else { return words }
      // The list beside itself, shifted: neighbours stand in one row.
      let shifted = (2...size).map { "\(words)[\($0):]" }.joined(separator: ", ")
      let neighbours = (1...size).map { "item[\($0)]" }.joined(separator: isCharacter ? " || " : " || ' ' || ")
      return "list_transform(list_zip(\(words), \(shifted), true), lambda item: \(neighbours))"
    }
    var list = grams.count == 1 ? grams[0] : "flatten([\(grams.joined(separator: ", "))])"
    if isHashing { list = "list_transform(\(list), lambda term: md5_number_lower(term) % \(features)::UBIGINT)" }
    let present = "CASE WHEN \(words) IS NOT NULL THEN \(list) END"
    return """
      SELECT * EXCLUDE (\(words)), \(present) AS \(terms) FROM (SELECT *, \(base) AS \(words) FROM \(call.table))
      """
  }

  /// What each text's numbers are divided by; nil where they are not.
  private func norm(_ list: String) -> String? {
    switch parameters.text("norm") ?? "none" {
    case "l1": "list_sum(list_transform(\(list), lambda number: abs(number)))"
    case "l2": "sqrt(list_inner_product(\(list), \(list)))"
    default: nil
    }
  }

  private func literal(_ number: Double) -> String { SQL.literal(.real(number)) }
}
