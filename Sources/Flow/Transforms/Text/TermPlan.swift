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
  func vector(_ vocabulary: [String], idf: [Double]) -> (sql: String, columns: Schema, list: String) {
    let counts = call.freshName("counts")
    let list = call.freshName("vector")
    let keys = isHashing ? "range(\(features))" : "[\(vocabulary.map(SQL.text).joined(separator: ", "))]::VARCHAR[]"
    let key = isHashing ? "CAST(term AS UBIGINT)" : "term"
    let count = "coalesce(\(counts)[\(key)], 0)"
    let least = parameters.number("min_term_freq") ?? 1
    let bound = least < 1 ? "\(literal(least)) * len(\(terms))" : literal(least)
    let value = parameters.flag("binary") ? "1" : count
    var vector = """
      list_transform(\(keys), lambda term: \
      CASE WHEN \(count) > 0 AND \(count) >= \(bound) THEN CAST(\(value) AS DOUBLE) ELSE 0::DOUBLE END)
      """
    if !idf.isEmpty {
      let weights = "[\(idf.map(literal).joined(separator: ", "))]"
      vector = "list_transform(\(vector), lambda number, place: number * \(weights)[place])"
    }
    let counted = """
      SELECT *, CASE WHEN len(\(terms)) > 0 THEN list_aggregate(\(terms), 'histogram') END AS \(counts) \
      FROM (\(termed))
      """
    // A missing text has no numbers, an empty one zeros.
    let present = "CASE WHEN \(terms) IS NOT NULL THEN \(vector) END"
    let name = String(list.dropFirst().dropLast())
    let sql = """
      SELECT * EXCLUDE (\(terms), \(counts), \(list)), \(norm(list)) AS \(list) \
      FROM (SELECT *, \(present) AS \(list) FROM (\(counted)))
      """
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
      let small = parameters.text("tokenizer") != "custom" || parameters["lowercase"]?.flag ?? true
      base =
        isCharacter
        ? "regexp_replace(\(small ? "lower(\(text))" : text), \(SQL.text(UnicodeClass.space + "{2,}")), ' ', 'g')"
        : Tokens.sql(text, parameters)
    }
    let range = (parameters.integer("ngram_min") ?? 1)...max(1, parameters.integer("ngram_max") ?? 1)
    let grams = range.map { size in
      isCharacter
        ? "list_transform(range(1, length(\(words)) - \(size) + 2), lambda i: substr(\(words), i, \(size)))"
        : size == 1
          ? words
          : "list_transform(range(1, len(\(words)) - \(size) + 2), "
            + "lambda i: array_to_string(\(words)[i:i + \(size - 1)], ' '))"
    }
    var list = grams.count == 1 ? grams[0] : "flatten([\(grams.joined(separator: ", "))])"
    if isHashing { list = "list_transform(\(list), lambda term: md5_number_lower(term) % \(features)::UBIGINT)" }
    let present = "CASE WHEN \(words) IS NOT NULL THEN \(list) END"
    return "SELECT * EXCLUDE (\(words)), \(present) AS \(terms) FROM (SELECT *, \(base) AS \(words) FROM \(call.table))"
  }

  private func norm(_ list: String) -> String {
    let size: String
    switch parameters.text("norm") ?? "none" {
    case "l1": size = "list_sum(list_transform(\(list), lambda number: abs(number)))"
    case "l2": size = "sqrt(list_sum(list_transform(\(list), lambda number: number * number)))"
    default: return list
    }
    return "CASE WHEN \(size) > 0 THEN list_transform(\(list), lambda number: number / \(size)) ELSE \(list) END"
  }

  private func literal(_ number: Double) -> String { SQL.literal(.real(number)) }
}
