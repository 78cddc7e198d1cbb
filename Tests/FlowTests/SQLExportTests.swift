import Foundation
import Frame
import Testing

@testable import Flow

struct SQLExportTests {
  /// A flow of many steps over the nine people and their cities.
  private func flow() throws -> (Bench, StepID, [StepID: Relation]) {
    var bench = try Bench()
    let sql = "SELECT * FROM (VALUES ('F', 'Rome'), ('M', 'it''s')) t(sex, city)"
    let cities = bench.graph.addSource(Source(location: "/data/my cities.parquet"))
    let relations = [
      bench.source: bench.relation, cities: Relation(sql: sql, schema: try bench.database.describe(sql)),
    ]
    let filled = try bench.graph.add(.impute([ImputeRule("age", .mean)]), after: bench.source)
    let derived = try bench.graph.add(
      .derive(name: "years \"left\"", expression: "if(age > 40, 67 - age, 0) / 2"), after: filled)
    try bench.graph.annotate(derived, "By law.\nDROP TABLE people;")
    let off = try bench.graph.add(.filter("age > 1000"), after: derived)
    try bench.graph.setEnabled(off, false)
    let joined = try bench.graph.add(
      .transform(TransformSpec("join", ["how": "left", "keys": [["left": "sex", "right": "sex"]]])), after: off,
      and: [cities])
    let groups: Parameters = [
      "keys": ["city"], "aggregates": [["function": "count"], ["function": "mean", "column": "age"]],
    ]
    let grouped = try bench.graph.add(.transform(TransformSpec("group-by", groups)), after: joined)
    bench.graph = try Fitter(bench.database).fitted(bench.graph, upTo: grouped, relations: relations)
    return (bench, grouped, relations)
  }

  /// Cells as text, for a number that is none equals nothing.
  private func cells(_ table: DataTable) -> [[String?]] {
    table.columns.map { column in [column.column.name] + (0..<table.rowCount).map { column.text($0) } }
  }

  @Test func aScriptGivesTheRowsOfTheStep() throws {
    let (bench, step, relations) = try flow()
    for id in try bench.graph.path(to: step) {
      let compiler = Compiler(bench.graph, relations: relations)
      let script = try compiler.script(for: id)
      #expect(try cells(bench.database.query(script)) == cells(bench.database.query(compiler.sql(for: id))), "\(id)")
    }
  }

  @Test func everyStepStandsUnderACommentAndDisabledOnesDoNot() throws {
    let (bench, step, relations) = try flow()
    let script = try Compiler(bench.graph, relations: relations).script(for: step)
    let comments = script.split(separator: "\n").filter { $0.hasPrefix("--") }
    #expect(
      comments == [
        "-- Group by (s7), in the SQL of DuckDB", "-- s1 Source: people.csv", "-- s3 Impute: age: mean",
        "-- s4 Derive column: years \"left\" = if(age > 40, 67 - age, 0) / 2", "--   By law.",
        "--   DROP TABLE people;",
        "-- s2 Source: /data/my cities.parquet", "-- s6 Join: left on sex", "-- s7 Group by: city: count, mean of age",
      ])
  }

  @Test func tablesOfTheSessionAreNotNamed() throws {
    let (bench, step, relations) = try flow()
    var cached = relations
    let parent = try #require(bench.graph.parent(of: step))
    let compiler = Compiler(bench.graph, relations: relations)
    cached[parent] = .table("cache_17", schema: try compiler.schema(of: parent))
    let script = try Compiler(bench.graph, relations: cached).script(for: step)
    #expect(try script == compiler.script(for: step))
  }

  @Test func placeholdersStandForTables() throws {
    let (bench, step, relations) = try flow()
    let script = try Compiler(bench.graph, relations: relations).script(for: step, sources: .placeholders)
    #expect(script.contains("-- Put the names of tables in place of {{my_cities}}, {{people}}.\n"))
    #expect(script.contains("FROM {{my_cities}}\n"))
    let filled = script.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n")
      .replacing("{{people}}", with: SQL.subquery(bench.relation.sql))
      .replacing("{{my_cities}}", with: SQL.subquery(try #require(relations["s2"]).sql))
    let compiler = Compiler(bench.graph, relations: relations)
    #expect(try bench.database.query(filled) == bench.database.query(compiler.sql(for: step)))
  }

  @Test func aBreakOfLinesInATextStaysAsItIs() throws {
    var bench = try Bench()
    let step = try bench.graph.add(.derive(name: "two", expression: "'a\n\n''b\"\nc'"), after: bench.source)
    let script = try bench.compiler.script(for: step)
    #expect(try cells(bench.database.query(script)) == cells(bench.rows(step)))
  }

  @Test func aFlowOfFilesReadsThem() throws {
    let path = NSTemporaryDirectory() + "export-\(UUID().uuidString).csv"
    try "id,name\n1,\"Ann, \"\"A\"\"\"\n2,\n".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let database = try Database()
    var graph = FlowGraph()
    let source = Source(location: path)
    let id = graph.addSource(source)
    let step = try graph.add(.filter("id > 0"), after: id)
    let compiler = Compiler(graph, sources: [id: try database.open(source)])
    let script = try compiler.script(for: step)
    #expect(script.contains("read_csv('\(path)'"))
    #expect(try Database().query(script).rowCount == 2)
  }

  @Test func stepsWithFaultsGiveNoScript() throws {
    var bench = try Bench()
    let step = try bench.graph.add(.impute([ImputeRule("age", .mean)]), after: bench.source)
    #expect(throws: FlowError.notFitted(step: step, column: "age")) { try bench.compiler.script(for: step) }
    #expect(throws: FlowError.noSuchStep("s9")) { try bench.compiler.script(for: "s9") }
  }

  @Test func sparkAndTrinoHaveTheirOwnWords() throws {
    let (bench, step, relations) = try flow()
    let compiler = Compiler(bench.graph, relations: relations)
    let trino = try compiler.script(for: step, dialect: .trino)
    #expect(
      trino == #"""
        -- Group by (s7), in the SQL of Trino and Athena
        -- Put the names of tables in place of {{my_cities}}, {{people}}.
        WITH
        -- s1 Source: people.csv
        "s1" AS (
          SELECT "id", "age", "name", "sex", "gain", "hired", "active", "code" FROM {{people}}
        ),

        -- s3 Impute: age: mean
        "s3" AS (
          SELECT "id", coalesce("age", CAST(41 AS BIGINT)) AS "age", "name", "sex", "gain", "hired", "active", "code" FROM "s1"
        ),

        -- s4 Derive column: years "left" = if(age > 40, 67 - age, 0) / 2
        --   By law.
        --   DROP TABLE people;
        "s4" AS (
          SELECT "id", "age", "name", "sex", "gain", "hired", "active", "code", CAST((CAST(CASE WHEN ("age" > 40) THEN (67 - "age") ELSE 0 END AS DOUBLE) / nullif(2, 0)) AS DOUBLE) AS "years ""left""" FROM "s3"
        ),

        -- s2 Source: /data/my cities.parquet
        "s2" AS (
          SELECT "sex", "city" FROM {{my_cities}}
        ),

        -- s6 Join: left on sex
        "s6" AS (
          SELECT l."id" AS "id", l."age" AS "age", l."name" AS "name", l."sex" AS "sex", l."gain" AS "gain", l."hired" AS "hired", l."active" AS "active", l."code" AS "code", l."years ""left""" AS "years ""left""", r."city" AS "city"
          FROM "s4" AS l LEFT JOIN "s2" AS r
          ON l."sex" = r."sex"
        )

        -- s7 Group by: city: count, mean of age
        SELECT "city" AS "city", count(*) AS "count", avg(CAST("age" AS DOUBLE)) AS "age_mean" FROM "s6"
        GROUP BY "city";

        """#)
    let spark = try compiler.script(for: step, dialect: .spark)
    #expect(spark.contains("AS `years \"left\"` FROM `s3`"))
  }

  @Test func expressionsAndStepsAreSaidInBothDialects() throws {
    var bench = try Bench()
    let groups: Parameters = [
      "keys": ["sex"],
      "aggregates": .list(
        ["distinct", "sum", "min", "max", "std", "var"].map { ["function": .text($0), "column": "gain"] }),
    ]
    let operations: [Flow.Operation] = [
      .cast([Cast("code", to: .real), Cast("id", to: .text)]), .drop(["active"]),
      .rename([Renaming("code", to: "c`d\"e")]),
      .filter("age between 20 and 60 and (name like '%a%' or sex in ('F', 'it''s \\\\')) and not (hired is null)"),
      .derive(name: "a", expression: "round(ln(gain) ^ 2 % 7) - -abs(age)"),
      .derive(name: "b", expression: "concat(upper(name), '-', year(hired))"),
      .derive(name: "name", expression: "coalesce(substr(name, 2), 'x\ny')"),
      .derive(name: "d", expression: "case when starts_with(name, 'a') then 1.5 when contains(name, 'b') then 2 end"),
      .derive(name: "e", expression: "if(ends_with(sex, 'F'), date('2024-01-31'), hired)"),
      .sort([SortKey("age", descending: true)]), .sample(.first(5)),
      .impute([ImputeRule("gain", .constant(.real(0.5))), ImputeRule("b", .constant(.text("none")))]),
      .transform(TransformSpec("group-by", groups)),
    ]
    var step = bench.source
    for operation in operations { step = try bench.graph.add(operation, after: step) }
    for dialect in [SQLDialect.spark, .trino] {
      let script = try bench.compiler.script(for: step, dialect: dialect)
      // The break within the text is not moved in.
      #expect(script.contains("'x\ny'"))
    }
    let spark = try bench.compiler.script(for: step, dialect: .spark)
    #expect(spark.contains("`c``d\"e`"))
    // The first rows are those of the sort.
    #expect(spark.contains("FROM `s11`\n  ORDER BY `age` DESC NULLS LAST\n  LIMIT 5"))
    let whole = try bench.compiler.script(for: step)
    #expect(try cells(bench.database.query(whole)) == cells(bench.rows(step)))
  }

  @Test func firstRowsThatAnEarlierSortDecidesAreRefusedElsewhere() throws {
    var bench = try Bench()
    let sorted = try bench.graph.add(.sort([SortKey("age")]), after: bench.source)
    let kept = try bench.graph.add(.filter("age > 30"), after: sorted)
    let first = try bench.graph.add(.sample(.first(2)), after: kept)
    #expect(throws: FlowError.self) { try bench.compiler.script(for: first, dialect: .trino) }
    try bench.graph.setEnabled(sorted, false)
    #expect(try bench.compiler.script(for: first, dialect: .trino).hasSuffix("FROM \"s3\"\nLIMIT 2;\n"))
  }

  @Test func aScriptForSparkSaysInWhichOrderRowsMustNotTie() throws {
    var bench = try Bench()
    let columns: Parameter = .list([["function": "lag", "column": "gain"]])
    let window: Parameters = ["order": .list([["column": "age"]]), "columns": columns]
    let step = try bench.graph.add(.transform(TransformSpec("window", window)), after: bench.source)
    let script = try bench.compiler.script(for: step, dialect: .spark)
    #expect(script.contains("\n--   Rows that differ must not tie in its order (age): they would come in any.\n"))
  }

  @Test func whatOtherProgramsCannotSayNamesTheStep() throws {
    var bench = try Bench()
    let pivot: Parameters = ["columns": ["age", "gain"]]
    // What Trino has no words for, and Spark where it has none either.
    let refused: [(Flow.Operation, String, String?)] = [
      (.sort([SortKey("name")]), "it sorts text by the numbers in it", "it sorts text by the numbers in it"),
      (
        .sample(.random(3, seed: 1)), "its random rows follow from DuckDB's hash",
        "its random rows follow from DuckDB's hash"
      ),
      (.derive(name: "n", expression: "dayofweek(hired)"), "it has no dayofweek", nil),
      (.derive(name: "n", expression: "age // 2"), "there is no //", nil),
      (.filter("name ~ 'a.'"), "regular expressions differ there", nil),
      (.derive(name: "n", expression: "text(gain)"), "", "numbers are written in another way there"),
      (.transform(TransformSpec("unpivot", pivot)), "only DuckDB can say unpivot", nil),
    ]
    for (operation, trino, spark) in refused {
      let step = try bench.graph.add(operation, after: bench.source)
      for (dialect, reason) in [(SQLDialect.trino, trino), (.spark, spark ?? "")] {
        let action = "write in the SQL of \(dialect.title)"
        guard !reason.isEmpty else {
          #expect(throws: Never.self) { try bench.compiler.script(for: step, dialect: dialect) }
          continue
        }
        #expect(throws: FlowError.cannot(action, step: step, because: reason)) {
          try bench.compiler.script(for: step, dialect: dialect)
        }
      }
      #expect(throws: Never.self) { try bench.compiler.script(for: step) }
    }
  }
}
