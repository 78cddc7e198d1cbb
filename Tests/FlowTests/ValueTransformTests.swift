import Frame
import Testing

@testable import Flow

/// A class of twelve rows and one of three, with names that SQL of our own uses too.
private let classesSQL = """
  SELECT i AS id, i >= 12 AS target, CASE WHEN i >= 12 THEN i * 1.5 ELSE -i END AS weight, 100 - i AS base,
  'word ' || i AS "partner", CASE WHEN i = 13 THEN NULL ELSE i % 4 END AS "say ""i\"\"\" FROM range(15) t(i)
  """

struct ValueTransformTests {
  private func operation(_ id: String, _ parameters: Parameters) -> Flow.Operation {
    .transform(TransformSpec(id, parameters))
  }

  /// The result of one transform of `sql`.
  private func rows(_ sql: String, _ id: String, _ parameters: Parameters) throws -> DataTable {
    var bench = try Bench(sql)
    let step = try bench.graph.add(operation(id, parameters), after: bench.source)
    bench.graph = try Fitter(bench.database).fitted(
      bench.graph, upTo: step, relations: [bench.source: bench.relation])
    return try bench.rows(step)
  }

  private func message(_ id: String, _ parameters: Parameters, _ sql: String = peopleSQL) -> String {
    do {
      let table = try rows(sql, id, parameters)
      return "\(table.rowCount) rows"
    } catch {
      return "\(error)"
    }
  }

  private func texts(_ table: DataTable, _ name: String) throws -> [String] {
    let column = try #require(table[name])
    return (0..<table.rowCount).map { column.text($0) ?? "-" }
  }

  // MARK: - Balance

  @Test func oversamplingRepeatsRowsOfTheSmallerClassAtTheEnd() throws {
    let table = try rows(classesSQL, "balance", ["target": "target"])
    let ids = try texts(table, "id")
    #expect(ids.prefix(15) == ArraySlice((0..<15).map(String.init)))
    #expect(ids.count == 24)
    #expect(Set(ids.dropFirst(15)).isSubset(of: ["12", "13", "14"]))
    #expect(Set(ids.dropFirst(15)).count > 1)
    let other = try texts(rows(classesSQL, "balance", ["target": "target", "seed": 5]), "id")
    #expect(other != ids)
    #expect(try texts(rows(classesSQL, "balance", ["target": "target"]), "id") == ids)
  }

  @Test func undersamplingKeepsTheOrderOfTheRows() throws {
    let table = try rows(classesSQL, "balance", ["target": "target", "method": "undersample", "ratio": 0.5])
    let ids = try texts(table, "id").compactMap(Int.init)
    #expect(ids.count == 9)
    #expect(ids == ids.sorted())
    #expect(ids.suffix(3) == [12, 13, 14])
  }

  @Test func newRowsLieBetweenTwoOfTheSmallerClass() throws {
    let table = try rows(classesSQL, "balance", ["target": "target", "method": "smote", "neighbors": 2])
    #expect(table.rowCount == 24)
    let weights = try #require(table["weight"]?.numbers)
    let ids = try #require(table["id"]?.numbers)
    let words = try texts(table, "partner")
    #expect(try texts(table, "target").dropFirst(15).allSatisfy { $0 == "true" })
    for row in 15..<24 {
      #expect((18...21).contains(weights[row]))
      #expect((12...14).contains(ids[row]))
      #expect(["word 12", "word 13", "word 14"].contains(words[row]))
    }
    #expect(Set(weights.dropFirst(15)).count > 5)
    #expect(try #require(table["say \"i\""]).missingCount < 9)
  }

  @Test func aNewRowComesFromTheNearestRowsOnly() throws {
    // Two pairs far from each other: with one neighbour nothing lies between the pairs.
    let sql =
      "SELECT x, x >= 100 AS big FROM (VALUES (1), (2), (3), (4), (5), (6), (7), (100), (101), (900), (901)) t(x)"
    let table = try rows(sql, "balance", ["target": "big", "method": "smote", "neighbors": 1, "ratio": 1])
    let values = try #require(table["x"]?.numbers).dropFirst(11)
    #expect(values.count == 3)
    #expect(values.allSatisfy { (100...101).contains($0) || (900...901).contains($0) })
  }

  @Test func aRatioThatIsReachedChangesNothing() throws {
    for method in ["oversample", "undersample", "smote"] {
      let table = try rows(
        classesSQL, "balance", ["target": "target", "method": .text(method), "ratio": 0.25])
      #expect(try texts(table, "id") == (0..<15).map(String.init))
    }
  }

  @Test func rowsWithoutAClassStay() throws {
    let sql = "SELECT * FROM (VALUES ('a', 1), (NULL, 2), ('b', 3), ('a', 4), ('a', 5)) t(k, id)"
    #expect(try texts(rows(sql, "balance", ["target": "k"]), "id") == ["1", "2", "3", "4", "5", "3", "3"])
    let fewer = try texts(rows(sql, "balance", ["target": "k", "method": "undersample"]), "id")
    #expect(fewer.count == 3)
    #expect(fewer.contains("2") && fewer.contains("3"))
  }

  @Test func balancingSaysWhatItCannotDo() {
    #expect(message("balance", ["target": "sex"], "SELECT 'a' AS sex").contains("has 1 class,"))
    #expect(message("balance", ["target": "name"]).contains("has 8 classes"))
    #expect(message("balance", ["target": "hired"]).contains("holds a date"))
    #expect(
      message("balance", ["target": "k", "method": "smote"], "SELECT unnest([1, 0, 0]) AS k").contains(
        "class \"1\" has one row"))
    #expect(message("balance", ["target": "sexx"]).contains("did you mean sex?"))
  }

  // MARK: - Faults

  @Test func parametersThatMakeNoSenseAreRefusedInWords() {
    #expect(message("fill-missing", ["columns": ["age"], "value": "x"]).contains("\"x\" is not"))
    #expect(message("fill-missing", ["columns": ["age"]]).contains("Value: write something"))
    #expect(message("fill-missing", ["columns": ["agee"], "value": 1]).contains("did you mean age?"))
    #expect(message("outliers", ["columns": ["name"]]).contains("holds text, not numbers"))
    #expect(message("outliers", ["columns": ["age"], "method": "limits"]).contains("a minimum, a maximum or both"))
    #expect(
      message("outliers", ["columns": ["age"], "method": "quantile", "lower": 0.9, "upper": 0.1]).contains(
        "below the upper one"))
    #expect(
      message("adjust", ["columns": ["age"], "method": "clip", "min": 3, "max": 1]).contains("must not be above"))
    #expect(message("bin", ["columns": ["age"], "method": "edges", "edges": [3, 1]]).contains("ascend"))
    #expect(message("bin", ["columns": ["age"], "method": "edges", "edges": [1]]).contains("two edges"))
    #expect(message("bin", ["columns": ["age"], "method": "edges", "edges": ["1", "x"]]).contains("a number"))
    #expect(message("log", ["columns": ["age"], "base": "other", "number": 1]).contains("base 1"))
    #expect(message("power", ["columns": ["gain"], "method": "box-cox"]).contains("choose yeo-johnson"))
    #expect(message("missing-indicator", ["columns": ["age", "AGE"]]).contains("chosen twice"))
    #expect(
      message("missing-indicator", ["columns": ["a"]], "SELECT 1 AS a, 2 AS A_missing").contains(
        "there is a column \"a_missing\" already"))
    #expect(message("drop-missing-columns", [:], "SELECT NULL::INT AS a").contains("every column is above"))
    #expect(message("pca", ["columns": ["x"]], "SELECT NULL::DOUBLE AS x").contains("fill missing values first"))
    #expect(message("pca", ["columns": ["x"], "prefix": "y", "count": 1], "SELECT 1.5 AS x, 2 AS y_1").contains("y_1"))
  }

  @Test func encodersRefuseTargetsThatTheyCannotUse() {
    #expect(message("encode-target", ["columns": ["sex"], "target": "sex"]).contains("is the target itself"))
    #expect(
      message("encode-target", ["columns": ["sex"], "target": "name", "kind": "regression"]).contains("not numbers"))
    #expect(
      message("encode-target", ["columns": ["sex"], "target": "name", "kind": "binary"]).contains("has 8 values"))
    #expect(
      message("encode-target", ["columns": ["a"], "target": "b"], "SELECT 'x' AS a, 1 AS b").contains("only one value"))
    #expect(message("encode-one-hot", ["columns": ["name"], "limit": 3]).contains("8 categories, more than 3"))
    #expect(message("encode-one-hot", ["columns": ["name"], "ordinal": true]).contains("not whole numbers"))
    #expect(message("encode-one-hot", ["columns": ["a"], "ordinal": true], "SELECT -1 AS a").contains("below 0"))
    #expect(message("encode-ordinal", ["columns": ["gain"]]).contains("not categories"))
  }

  @Test func anUnseenCategoryStopsTheQueryWithItsName() throws {
    var bench = try Bench("SELECT 'it''s \"a\"' AS c")
    for id in ["encode-ordinal", "encode-one-hot"] {
      var graph = bench.graph
      let step = try graph.add(operation(id, ["columns": ["c"], "unseen": "error"]), after: bench.source)
      bench.graph = try Fitter(bench.database).fitted(graph, upTo: step, relations: [bench.source: bench.relation])
      #expect(try bench.rows(step).rowCount == 1)
      let other = Relation(sql: "SELECT 'new' AS c", schema: bench.relation.schema)
      let sql = try Compiler(bench.graph, relations: [bench.source: other]).sql(for: step)
      let error = #expect(throws: FrameError.self) { try bench.database.query(sql) }
      #expect("\(try #require(error))".contains("column \"c\": the category \"new\" was not there"))
      bench.graph = FlowGraph()
      bench = try Bench("SELECT 'it''s \"a\"' AS c")
    }
  }

  // MARK: - Edges

  @Test(arguments: [
    ("SELECT NULL::DOUBLE AS x, NULL::VARCHAR AS c WHERE false", 0), ("SELECT 1.5::DOUBLE AS x, 'a' AS c", 1),
    ("SELECT NULL::DOUBLE AS x, NULL::VARCHAR AS c FROM range(3)", 3),
    ("SELECT 1e300 * (i - 1) AS x, '🙂 \"' || i AS c FROM range(3) t(i)", 3),
    ("SELECT 'nan'::DOUBLE AS x, '' AS c", 1),
  ]) func everyTransformOfValuesTakesOddTables(sql: String, count: Int) throws {
    let numeric: [(String, Parameters)] = [
      ("outliers", [:]), ("outliers", ["method": "quantile", "fix": "invalidate"]), ("scale", [:]),
      ("scale", ["method": "robust"]), ("log", [:]), ("log", ["base": "one-plus"]), ("quantile-transform", [:]),
      ("quantile-transform", ["output": "normal"]), ("power", [:]), ("bin", [:]), ("bin", ["method": "quantile"]),
      ("adjust", ["digits": 2]), ("missing-indicator", [:]), ("fill-missing", ["value": 0]),
    ]
    let words: [(String, Parameters)] = [
      ("replace-rare", [:]), ("encode-ordinal", [:]), ("encode-one-hot", ["keep": true]), ("encode-frequency", [:]),
      ("encode-similarity", ["dimension": 3]), ("encode-target", ["target": "x", "kind": "regression"]),
    ]
    for (column, list) in [("x", numeric), ("c", words)] {
      for (id, parameters) in list {
        var parameters = parameters
        parameters["columns"] = [.text(column)]
        let outcome = message(id, parameters, sql)
        // Numbers whose squares leave the range are refused in words.
        let isHuge = sql.contains("1e300") && outcome.contains("too large to square")
        #expect(outcome == "\(count) rows" || isHuge, "\(id): \(outcome)")
      }
    }
  }

  @Test func aConstantStaysInItsPlaceUnderAPower() throws {
    let table = try rows("SELECT unnest([5, 5, NULL])::DOUBLE AS x", "power", ["columns": ["x"]])
    #expect(try texts(table, "x") == ["0.0", "0.0", "-"])
  }

  @Test func anEnumerationBecomesTextWhereItGetsAnotherWord() throws {
    let sql = "SELECT unnest(['a', NULL])::ENUM('a', 'b') AS e"
    #expect(try texts(rows(sql, "fill-missing", ["columns": ["e"], "value": "z"]), "e") == ["a", "z"])
    #expect(try texts(rows(sql, "encode-ordinal", ["columns": ["e"]]), "e") == ["0", "-"])
  }

  @Test func columnsAreKnownBeforeAStepIsFitted() throws {
    var bench = try Bench()
    for (id, parameters, names) in [
      ("pca", ["columns": ["age", "gain"], "choose": "count", "count": 1], ["pc_1"]),
      ("pca", ["columns": ["age", "gain"], "output": "vector"], ["pc"]),
      ("encode-target", ["columns": ["sex"], "target": "gain"], ["sex_mean"]),
      ("encode-ordinal", ["columns": ["sex"], "suffix": "_code"], ["sex_code"]),
    ] as [(String, Parameters, [String])] {
      let step = try bench.graph.add(operation(id, parameters), after: bench.source)
      let schema = try bench.compiler.schema(of: step)
      #expect(schema.map(\.name).suffix(names.count) == ArraySlice(names), "\(id)")
    }
  }
}
