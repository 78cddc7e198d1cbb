import Foundation
import Frame
import Testing

@testable import Flow

/// Columns of every kind, with names that SQL has to quote and names that lambdas might hide.
private let oddSQL = """
  SELECT * FROM (VALUES
  (1, 'Ann Lee', 'x', DATE '2024-01-31', TIMESTAMP '2024-01-31 10:11:12', TIME '10:11:12', [1, 2], '{"a": 1}', {'k': 1, 'q"': 'v'}),
  (2, 'bob', NULL, DATE '2023-12-31', TIMESTAMP '2020-02-29 00:00:00', TIME '00:00:00', [3], '[1, 2]', {'k': NULL, 'q"': ''}),
  (3, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL))
  t(i, term, "say ""hi"" 🎉", d, s, clock, l, j, st)
  """

private func transform(_ id: String, _ parameters: Parameters) -> Flow.Operation {
  .transform(TransformSpec(id, parameters))
}

@Suite struct TextTransformTests {
  private static let operations: [Flow.Operation] = [
    transform("format-text", ["columns": ["term", "say \"hi\" 🎉"], "method": "title"]),
    transform("format-text", ["columns": ["term"], "method": "swap-case", "suffix": "_2"]),
    transform("find-text", ["columns": ["term"], "pattern": "e"]),
    transform("find-text", ["columns": ["term"], "pattern": "e", "method": "all"]),
    transform("find-text", ["columns": ["term"], "pattern": "e", "method": "count"]),
    transform("extract-text", ["columns": ["say \"hi\" 🎉"], "pattern": "."]),
    transform("replace-text", ["columns": ["term"], "pattern": "n", "with": "'"]),
    transform("split-text", ["column": "term", "delimiter": " ", "extra": "error"]),
    transform("split-text", ["column": "term", "delimiter": " ", "output": "list", "max": 1]),
    transform("validate-text", ["columns": ["term"], "check": "title", "output": "number"]),
    transform("parse", ["columns": ["term"], "to": "time", "flag": "_bad"]),
    transform("parse", ["columns": ["term", "j"], "to": "integer"]),
    transform("date-parts", ["columns": ["d", "s"], "parts": ["hour", "ordinal", "is_weekend"]]),
    transform("date-parts", ["columns": ["d"], "embedding": "cyclic", "output": "list", "drop": true]),
    transform("date-difference", ["from": "d", "to": "s", "unit": "month"]),
    transform("date-difference", ["from": "clock", "to": "clock", "unit": "minute"]),
    transform("truncate-date", ["columns": ["d", "s"], "unit": "week"]),
    transform("truncate-date", ["columns": ["clock"], "unit": "hour", "suffix": "_h"]),
    transform("text-statistics", ["columns": ["term"]]),
    transform("tokenise", ["columns": ["term"]]),
    transform("vectorise", ["column": "term"]),
    transform(
      "vectorise", ["column": "term", "vectorizer": "hashing", "idf": "smooth", "output": "list", "drop": true]),
    transform("vectorise", ["column": "term", "analyzer": "character", "ngram_max": 3, "norm": "l2"]),
    transform("duplicate", ["column": "st"]),
    transform("move", ["columns": ["l", "d"], "to": "after", "anchor": "i"]),
    transform("combine-columns", ["columns": ["i", "d", "term"], "name": "all"]),
    transform("drop-duplicates", [:]), transform("shuffle", ["seed": 1]), transform("slice", ["skip": 1]),
    transform("assemble", ["columns": ["i"], "drop": true]), transform("flatten", ["column": "l"]),
    transform("unnest", ["column": "j"]), transform("unnest", ["column": "st", "keep": true]),
    transform("explode", ["column": "l", "position": "at"]), transform("explode", ["column": "j"]),
  ]

  private static let covered = Set(operations.map(\.kind.rawValue))

  @Test func everyTransformOfTheFamilyIsTriedHere() {
    // Its rows come from a model in a folder: EmbedTextTests of the engine try it.
    #expect(Set(TransformCatalogue.texts.map { $0.info.id }).subtracting(["embed-text"]) == Self.covered)
  }

  @Test(arguments: operations) func columnsAreAnnouncedAsTheDatabaseMakesThem(operation: Flow.Operation) throws {
    var bench = try Bench(oddSQL)
    let id = try bench.graph.add(operation, after: bench.source)
    #expect(bench.compiler.fault(of: operation, after: bench.source) == nil)
    bench.graph = try Fitter(bench.database).fitted(bench.graph, upTo: id, relations: [bench.source: bench.relation])
    let relation = try bench.compiler.relation(of: id)
    #expect(try bench.database.describe(relation.sql) == relation.schema)
    _ = try bench.database.query(relation.sql)
    let data = try JSONEncoder().encode(operation)
    #expect(try JSONDecoder().decode(Flow.Operation.self, from: data) == operation)
  }

  /// Steps that need a value to learn from say so; all others pass tables without rows or values.
  @Test(arguments: operations, ["WHERE false", "WHERE i = 3"])
  func aTableWithoutValuesPassesOrIsExplained(operation: Flow.Operation, which: String) throws {
    var bench = try Bench("SELECT * FROM (\(oddSQL)) \(which)")
    let id = try bench.graph.add(operation, after: bench.source)
    do {
      bench.graph = try Fitter(bench.database).fitted(bench.graph, upTo: id, relations: [bench.source: bench.relation])
      let relation = try bench.compiler.relation(of: id)
      #expect(try bench.database.describe(relation.sql) == relation.schema)
      _ = try bench.database.query(relation.sql)
    } catch let error as FlowError {
      let text = error.description
      #expect(["vectorise", "flatten", "unnest"].contains(operation.kind.rawValue), "\(text)")
      #expect(text.contains("\"term\"") || text.contains("\"l\"") || text.contains("\"j\""), "\(text)")
    }
  }

  @Test func everyParameterIsExplained() {
    for transform in TransformCatalogue.texts {
      #expect(transform.info.help.hasSuffix("."))
      for parameter in transform.info.parameters {
        #expect(parameter.help.hasSuffix("."), "\(transform.info.id): \(parameter.id)")
      }
      let ids = transform.info.parameters.map(\.id)
      #expect(Set(ids).count == ids.count, "\(transform.info.id)")
    }
  }

  // MARK: - Faults

  private func fault(_ id: String, _ parameters: Parameters) throws -> String? {
    let bench = try Bench(oddSQL)
    return bench.compiler.fault(of: transform(id, parameters), after: bench.source)?.description
  }

  @Test func parametersThatDoNotFitAreNamed() throws {
    #expect(try fault("format-text", [:]) == "choose a column")
    #expect(try fault("format-text", ["columns": ["i"]]) == "column \"i\": holds a whole number, not text")
    #expect(try fault("format-text", ["columns": ["trem"]]) == "no column \"trem\" – did you mean term?")
    #expect(
      try fault("format-text", ["columns": ["term"], "method": "center", "fill": "ab"])
        == "Fill: one character, such as * or 0")
    #expect(
      try fault("format-text", ["columns": ["term"], "method": "prefix"]) == "Text: write what is put before or after")
    #expect(try fault("find-text", ["columns": ["term"]]) == "Find: write what to look for")
    #expect(
      try fault("find-text", ["columns": ["term"], "pattern": "a", "start": 3, "end": 2])
        == "End: must not be before the start")
    #expect(
      try fault("extract-text", ["columns": ["term"], "method": "between", "left": "("])
        == "Right: write the delimiter after")
    #expect(try fault("extract-text", ["columns": ["term"]]) == "Expression: write a regular expression")
    #expect(try fault("replace-text", ["columns": ["term"]]) == "Find: write what to look for")
    #expect(
      try fault("split-text", ["column": "term", "delimiter": ""]) == "Delimiter: write what stands between the parts")
    #expect(
      try fault("validate-text", ["columns": ["term"], "check": "length", "min": 3, "max": 2])
        == "At most: must not be below the least length")
    #expect(
      try fault("validate-text", ["columns": ["term"], "check": "starts-with"]) == "Text: write what to look for")
  }

  @Test func namesThatAreTakenAreRefused() throws {
    #expect(
      try fault("duplicate", ["column": "i", "name": "TERM"])
        == "there is a column \"TERM\" already: choose another name or prefix")
    #expect(
      try fault("explode", ["column": "l", "position": "I"])
        == "there is a column \"I\" already: choose another name for the position")
  }

  @Test func formatsAndPartsAreChecked() throws {
    #expect(
      try fault("parse", ["columns": ["term"], "formats": ["dd.mm"]])
        == "Formats: \"dd.mm\" has no field: write such as %d.%m.%Y")
    #expect(
      try fault("parse", ["columns": ["term"], "formats": ["%Y %z"]])
        == "Formats: \"%Y %z\" has a time zone, which cannot be kept: leave it out")
    #expect(
      try fault("date-parts", ["columns": ["d"], "parts": ["yaer"]])
        == "Parts: there is no \"yaer\" – did you mean year?")
    #expect(
      try fault("date-parts", ["columns": ["clock"], "parts": ["hour", "day"]])
        == "\"clock\" holds times of day, which have no day")
    #expect(
      try fault("truncate-date", ["columns": ["clock"]])
        == "\"clock\" holds times of day: choose hour, minute or second")
    #expect(try fault("date-difference", ["from": "d"]) == "To: choose a column, or write a fixed date")
    #expect(
      try fault("date-difference", ["from": "d", "date": "2023-02-29"])
        == "Fixed date: \"2023-02-29\" is no date: write such as 2024-12-31")
    #expect(
      try fault("date-difference", ["from": "d", "to": "clock"])
        == "\"d\" and the other end must both be dates or both be times of day")
    #expect(
      try fault("text-statistics", ["columns": ["term"], "statistics": ["words"]])
        == "Statistics: there is no \"words\"")
  }

  @Test func placesAndListsAreChecked() throws {
    #expect(
      try fault("move", ["columns": ["i"], "to": "before", "anchor": "i"])
        == "\"i\" is moved itself: choose another column to stand beside")
    #expect(
      try fault("move", ["columns": ["i"], "to": "index", "index": 10])
        == "there is no place 10: the last one here is 9")
    #expect(try fault("slice", [:]) == "Skip: write how many rows to leave out, or how many to keep")
    #expect(try fault("flatten", ["column": "st"]) == "column \"st\": holds no lists")
    #expect(
      try fault("unnest", ["column": "l"]) == "column \"l\": holds no objects; lists are flattened or exploded")
    #expect(
      try fault("vectorise", ["column": "l"]) == "column \"l\": holds neither texts nor lists of texts")
    #expect(
      try fault("vectorise", ["column": "term", "ngram_min": 2])
        == "Longest n-gram: must not be below the shortest one")
    #expect(
      try fault("vectorise", ["column": "term", "vectorizer": "hashing", "features": 5000])
        == "Features: columns go up to 1000; make a list instead")
  }

  @Test(
    arguments: [
      ("(a", "Find: a ( is not closed: write \\( to find one"),
      ("a)", "Find: a ) closes nothing: write \\) to find one"),
      ("[a", "Find: a [ is not closed: write \\[ to find one"),
      ("a\\", "Find: a \\ at the end: write \\\\ to find one"),
      ("*a", "Find: nothing stands before a * to repeat: write \\* to find one"),
      ("a(?=b)", "Find: cannot look ahead or behind: RE2 has no such thing; use a group"),
      ("(a)\\1", "Find: \\1 cannot refer back to a group: RE2 has no such thing"),
    ]) func brokenExpressionsAreExplained(pattern: String, reason: String) throws
  {
    #expect(
      try fault("find-text", ["columns": ["term"], "method": "matches", "pattern": .text(pattern)]) == reason)
  }

  @Test(arguments: [
    "a|b", "(?i)a", "(?:a)+?", "[]a]", "[^]]x", "[\\]]", "\\(", "a{2,3}", "(?P<name>a)*", "\\p{Lu}", "^$", "(|a)",
    "[[:alpha:]]",
    "[(*]",
  ]) func expressionsOfTheDatabasePass(pattern: String) throws {
    #expect(Pattern.fault(pattern, "Find") == nil)
    _ = try Database().query("SELECT regexp_matches('a', \(SQL.text(pattern)))")
  }

  // MARK: - What is learnt

  private func learned(_ bench: inout Bench, _ operation: Flow.Operation) throws -> Parameters? {
    let id = try bench.graph.add(operation, after: bench.source)
    bench.graph = try Fitter(bench.database).fitted(bench.graph, upTo: id, relations: [bench.source: bench.relation])
    return try bench.graph.step(id).learned
  }

  @Test func parsingCountsWhatItCannotRead() throws {
    var bench = try Bench("SELECT unnest(['1', 'x', '', NULL, 'y', ' 2 ']) AS n")
    let operation = transform("parse", ["columns": ["n"], "to": "integer"])
    let known = try learned(&bench, operation)?["n"]?.record
    #expect(known?["texts"]?.number == 4)
    #expect(known?["unreadable"]?.number == 2)
    let error = #expect(throws: FlowError.self) {
      try learned(&bench, transform("parse", ["columns": ["n"], "to": "integer", "failure": "error"]))
    }
    #expect(
      error?.description
        == "2 of 4 texts of \"n\" cannot be read as integer, such as \"x\": change the format, or let them become missing"
    )
  }

  @Test func rowsThatComeLaterFailWhereThatIsAsked() throws {
    var bench = try Bench("SELECT '1' AS n")
    let id = try bench.graph.add(
      transform("parse", ["columns": ["n"], "to": "integer", "failure": "error"]), after: bench.source)
    bench.graph = try Fitter(bench.database).fitted(bench.graph, upTo: id, relations: [bench.source: bench.relation])
    let later = Relation(sql: "SELECT 'one' AS n", schema: bench.relation.schema)
    let relation = try Compiler(bench.graph, relations: [bench.source: later]).relation(of: id)
    let error = #expect(throws: FrameError.self) { try bench.database.query(relation.sql) }
    #expect(error.map { "\($0)".contains("\"n\": cannot read \"one\" as integer") } == true)
  }

  @Test func aVocabularyTooLargeForColumnsSaysWhatToDo() throws {
    var bench = try Bench("SELECT string_agg('w' || i, ' ') AS t FROM range(1001) r(i)")
    let error = #expect(throws: FlowError.self) {
      try learned(&bench, transform("vectorise", ["column": "t", "max_doc_freq": 10]))
    }
    #expect(
      error?.description
        == "the vocabulary of \"t\" has 1,001 terms and a table takes 1,000: lower the vocabulary, raise the least texts, or hash"
    )
    #expect(
      try learned(&bench, transform("vectorise", ["column": "t", "max_doc_freq": 10, "output": "list"]))?
        .texts("terms").count == 1001)
  }

  @Test func textsWithoutJSONAreCounted() throws {
    var bench = try Bench("SELECT unnest(['{\"a\": 1}', 'oops', '[1]', '', NULL, 'null']) AS j")
    #expect(try learned(&bench, transform("unnest", ["column": "j"]))?.integer("unreadable") == 2)
    #expect(try learned(&bench, transform("explode", ["column": "j"]))?.integer("unreadable") == 2)
  }

  @Test func shufflingIsReproducibleAndLosesNoRow() throws {
    var bench = try Bench("SELECT i FROM range(1000) t(i)")
    let first = try bench.column("i", after: transform("shuffle", ["seed": 1]))
    #expect(try bench.column("i", after: transform("shuffle", ["seed": 1])) == first)
    #expect(try bench.column("i", after: transform("shuffle", ["seed": 2])) != first)
    #expect(first != (0..<1000).map(String.init))
    #expect(Set(first).count == 1000)
  }

  @Test func explodingManyRowsKeepsTheirOrder() throws {
    var bench = try Bench("SELECT i, [i * 2, i * 2 + 1] AS l FROM range(200000) t(i)")
    let id = try bench.graph.add(transform("explode", ["column": "l"]), after: bench.source)
    bench.graph = try Fitter(bench.database).fitted(bench.graph, upTo: id, relations: [bench.source: bench.relation])
    let sql = try bench.compiler.sql(for: id)
    let wrong = try bench.database.query(
      "SELECT count(*), count(*) FILTER (l <> n - 1) FROM (SELECT l, row_number() OVER () AS n FROM (\(sql)))")
    #expect(wrong.text(0, 0) == "400000")
    #expect(wrong.text(0, 1) == "0")
  }

  @Test func marksBetweenDigitsGoOnlyWhereTheyGroupThem() throws {
    var bench = try Bench("SELECT unnest(['1,234', '1,5', '-12,345,678.5', '1 000', '1''000', '12,34']) AS n")
    let point = transform("parse", ["columns": ["n"], "to": "real"])
    #expect(try bench.column("n", after: point) == ["1234.0", "-", "-12345678.5", "1000.0", "1000.0", "-"])
    var other = try Bench("SELECT unnest(['1.234', '1,5', '1.5', '1.234,5']) AS n")
    let comma = transform("parse", ["columns": ["n"], "to": "real", "decimal": "comma"])
    #expect(try other.column("n", after: comma) == ["1234.0", "1.5", "-", "1234.5"])
  }

  @Test func wholeNumbersBeyondTheirTypeStayTexts() throws {
    var bench = try Bench("SELECT '{\"a\": 18446744073709551615, \"b\": 9223372036854775807}' AS j")
    #expect(try bench.column("j_a", after: transform("unnest", ["column": "j"])) == ["18446744073709551615"])
    #expect(try bench.column("j_b", after: transform("unnest", ["column": "j"])) == ["9223372036854775807"])
    var list = try Bench("SELECT '[1, 18446744073709551615]' AS j")
    #expect(try list.column("j", after: transform("explode", ["column": "j"])) == ["1", "18446744073709551615"])
  }

  @Test func arraysAreListsToo() throws {
    var bench = try Bench("SELECT CAST([1.5, 2] AS DOUBLE[2]) AS v")
    #expect(try bench.column("v_2", after: transform("flatten", ["column": "v"])) == ["2.0"])
    #expect(try bench.column("v", after: transform("explode", ["column": "v"])) == ["1.5", "2.0"])
  }

  @Test func enumerationsAreReadAsTexts() throws {
    var bench = try Bench("SELECT CAST(unnest(['b', 'a', NULL]) AS ENUM('a', 'b')) AS e")
    #expect(
      try bench.column("e", after: transform("format-text", ["columns": ["e"], "method": "upper"])) == ["B", "A", "-"])
    #expect(
      try bench.column("e_is_lower", after: transform("validate-text", ["columns": ["e"], "check": "lower"]))
        == ["true", "true", "-"])
  }
}
