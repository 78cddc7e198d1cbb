import Frame
import Testing

@testable import Flow

/// What a step of these parameters says of a table, once it is fitted; nil where it runs.
private func fault(_ id: String, _ parameters: Parameters, sql: String = peopleSQL, others: [String] = []) throws
  -> String?
{
  let database = try Database()
  var graph = FlowGraph()
  var relations: [StepID: Relation] = [:]
  let sources = try ([sql] + others).map { sql in
    let source = graph.addSource(Source(location: "rows.csv"))
    relations[source] = Relation(sql: sql, schema: try database.describe(sql))
    return source
  }
  do {
    let step = try graph.add(
      .transform(TransformSpec(id, parameters)), after: sources[0], and: Array(sources.dropFirst()))
    if let fault = graph.validate().first { return "\(fault)" }
    graph = try Fitter(database).fitted(graph, upTo: step, relations: relations)
    _ = try database.query(Compiler(graph, relations: relations).sql(for: step))
    return nil
  } catch let error as FlowError {
    return "\(error)"
  } catch let error as FrameError {
    return error.what
  }
}

/// The rows of a step over a table that several threads can read side by side.
private func rows(_ sql: String, _ operation: Flow.Operation, threads: Int) throws -> DataTable {
  let database = try Database(options: DatabaseOptions(threads: threads))
  try database.execute("CREATE TABLE large AS \(sql)")
  let sql = "SELECT * FROM large"
  var graph = FlowGraph()
  let source = graph.addSource(Source(location: "rows.csv"))
  let relations = [source: Relation(sql: sql, schema: try database.describe(sql))]
  let step = try graph.add(operation, after: source)
  graph = try Fitter(database).fitted(graph, upTo: step, relations: relations)
  return try database.query(Compiler(graph, relations: relations).sql(for: step))
}

struct CombiningTests {
  private let other = "SELECT 'F' AS sex, 1 AS age, 'x' AS id_0, 2 AS id"

  @Test func keysOfDifferentTypesAreAFault() throws {
    #expect(
      try fault("join", ["how": "inner", "keys": [["left": "age", "right": "sex"]]], others: [other])
        == "\"age\" holds a whole number and \"sex\" text: give them the same type first")
  }

  @Test func aJoinNeedsKeysUnlessItIsCross() throws {
    #expect(try fault("join", ["how": "left", "keys": []], others: [other]) != nil)
    #expect(try fault("join", ["how": "semi"], others: [other]) != nil)
    #expect(
      try fault("join", ["how": "inner", "keys": [["left": "agee", "right": "age"]]], others: [other])
        == "no column \"agee\" – did you mean age?")
  }

  @Test func aNameThatBothSidesGiveIsAFault() throws {
    #expect(
      try fault("join", ["how": "cross"], others: [other])
        == "two columns would be called \"id_0\": rename one of them first")
  }

  @Test func concatenatedColumnsNeedTypesThatGoTogether() throws {
    #expect(
      try fault("concatenate", [:], others: ["SELECT 'x' AS age"])
        == "\"age\" holds a whole number in one and text in another: give them the same type first")
    #expect(
      try fault("concatenate", ["origin": "AGE"], others: [other])
        == "there is a column \"AGE\" already: choose another name for the origin")
  }
}

struct GroupingTests {
  @Test func statisticsNeedColumnsThatSuitThem() throws {
    #expect(
      try fault("group-by", ["keys": ["sex"], "aggregates": [["function": "mean", "column": "name"]]])
        == "column \"name\": holds text: it has no mean")
    #expect(
      try fault("group-by", ["keys": ["sex"], "aggregates": [["function": "sum"]]]) == "choose the column for sum")
    #expect(try fault("group-by", ["keys": ["sex"], "aggregates": []]) != nil)
    #expect(
      try fault("group-by", ["keys": ["sex"], "aggregates": [["function": "count", "name": "Sex"]]])
        == "two columns would be called \"Sex\": choose another name or prefix")
  }

  @Test func sumsAreTheSameToTheLastBitForAnyNumberOfThreads() throws {
    let sql = "SELECT i % 7 AS k, sin(i) * pow(10, i % 9) AS x FROM range(400000) t(i)"
    let operation = Flow.Operation.transform(
      TransformSpec(
        "group-by",
        [
          "keys": ["k"],
          "aggregates": .list(
            ["sum", "mean", "std", "first", "last", "median"].map { ["function": .text($0), "column": "x"] }),
        ]))
    #expect(try rows(sql, operation, threads: 1) == rows(sql, operation, threads: 8))
  }

  @Test func sumsAreExactWhateverTheSizesOfTheNumbers() throws {
    func sum(_ numbers: [String]) throws -> [String] {
      var bench = try Bench("SELECT 1 AS k, CAST(unnest([\(numbers.joined(separator: ", "))]) AS DOUBLE) AS x")
      let aggregates: Parameters = ["aggregates": [["function": "sum", "column": "x"]]]
      return try bench.column("x_sum", after: .transform(TransformSpec("group-by", aggregates)))
    }
    #expect(try sum(["'1e16'", "'1'", "'-1e16'"]) == ["1.0"])
    #expect(try sum(["'1e300'", "'1e-300'", "'-1e300'", "'2e-300'"]) == ["3e-300"])
    #expect(try sum(["'1e308'", "'-1e308'"]) == ["0.0"])
    #expect(try sum(["'5e-324'", "'5e-324'"]) == ["1e-323"])
    #expect(try sum(["'0'", "'0'", "NULL", "'nan'"]) == ["0.0"])
    #expect(try sum(["NULL", "'nan'"]) == ["-"])
    #expect(try sum(["'inf'", "'1'"]) == ["inf"])
    #expect(try sum(Array(repeating: "'0.1'", count: 10)) == ["1.0"])
  }

  @Test func aPivotStopsAtTooManyColumns() throws {
    let many: Parameters = ["index": ["sex"], "column": "id", "function": "count", "limit": 5]
    #expect(
      try fault("pivot", many)
        == "\"id\" has more than 5 different values: raise the limit or group its values first")
    #expect(
      try fault(
        "pivot", ["index": ["id"], "column": "m", "function": "count"], sql: "SELECT 1 AS id, NULL::VARCHAR AS m")
        == "\"m\" has no value to make a column of")
    #expect(
      try fault("pivot", ["index": ["sex"], "column": "sex", "function": "count"])
        == "a column cannot give both rows and columns")
    #expect(
      try fault("pivot", ["index": ["sex"], "column": "active", "function": "mean", "values": "age", "fill": "none"])
        == "the cells hold numbers: what fills empty ones must do so too")
  }

  @Test func aValueThatIsNamedLikeARowKeyIsAFault() throws {
    #expect(
      try fault("pivot", ["index": ["k"], "column": "c", "function": "count"], sql: "SELECT 1 AS k, 'K' AS c")
        == "two columns would be called \"K\": choose another name or prefix")
  }

  @Test func ranksNeedAnOrderAndRollingStatisticsNumbers() throws {
    #expect(try fault("window", ["columns": [["function": "rank"]]]) == "rank: say by which order")
    #expect(
      try fault("window", ["columns": [["function": "rolling-mean", "column": "name"]]])
        == "column \"name\": holds text, rolling-mean needs numbers")
    #expect(
      try fault("window", ["columns": [["function": "rolling-mean", "column": "age", "size": 2, "least": 3]]])
        == "at least 3 of 2 rows can never be")
    #expect(
      try fault(
        "window",
        [
          "order": [["column": "id"]],
          "columns": [["function": "rolling-mean", "column": "age", "size": 2, "unit": "day"]],
        ]) == "a span of time needs a column of dates or timestamps as the order")
    #expect(
      try fault("window", ["columns": [["function": "row-number", "name": "Age"]]])
        == "there is a column \"Age\" already: choose another name or prefix")
  }

  @Test func meltedColumnsNeedNamesOfTheirOwn() throws {
    #expect(
      try fault("unpivot", ["columns": ["age", "gain"], "value": "name"])
        == "two columns would be called \"name\": choose another name or prefix")
  }
}

struct SeriesTests {
  @Test func aGridOfTimeNeedsDatesOrTimestamps() throws {
    #expect(
      try fault("resample", ["time": "age"]) == "column \"age\": holds a whole number, not dates or times")
    #expect(
      try fault("calendar", ["time": "hired", "unit": "hour"])
        == "\"hired\" holds dates: steps shorter than a day need timestamps")
    #expect(
      try fault("calendar", ["time": "hired", "start": "soon"])
        == "start: \"soon\" is no date: write it as 2024-12-31 or 2024-12-31 23:59:59")
    #expect(
      try fault("calendar", ["time": "hired", "start": "2024-02-01", "end": "2024-01-01"])
        == "the start must be before the end")
  }

  @Test func aGridOfTooManyRowsIsRefused() throws {
    #expect(
      try fault("resample", ["time": "hired", "unit": "second"])
        == "a step of 1 second makes more than 10,000,000 rows: choose a longer one")
  }

  @Test func onlyNumbersAreInterpolated() throws {
    #expect(
      try fault("fill-series", ["columns": ["name"], "method": "interpolate"])
        == "column \"name\": holds text, interpolation needs numbers")
    #expect(
      try fault("fill-series", ["columns": ["age"], "method": "constant", "value": 1.5])
        == "the constant does not suit \"age\", which holds a whole number")
    #expect(
      try fault("fill-series", ["columns": ["sex"], "ids": ["sex"], "method": "forward"])
        == "\"sex\" orders or names the series: it cannot be filled")
  }

  @Test func timesThatAreNotValidStopTheFit() throws {
    #expect(
      try fault("validate-timestamps", ["column": "code", "policy": "error"])
        == "\"code\" has 9 rows without a valid time, the first is row 1 (\"10\"): drop or flag them")
    #expect(
      try fault("validate-timestamps", ["column": "hired", "policy": "error"])
        == "\"hired\" has 1 row without a valid time, the first is row 4 (missing): drop or flag them")
    #expect(
      try fault("validate-timestamps", ["column": "age", "policy": "drop"])
        == "column \"age\": holds a whole number, not dates or times")
  }

  @Test func seriesOfNothingHaveNoLength() throws {
    #expect(
      try fault("standardise-length", ["ids": ["id"]], sql: "SELECT 1 AS id WHERE false")
        == "there is no series to measure")
    #expect(try fault("standardise-length", ["ids": []]) == "choose a column")
    #expect(
      try fault("rolling-features", ["columns": ["age"], "statistics": ["mean", "mood"]])
        == "unknown statistic \"mood\": mean, sum, std, var, min, max, median, count")
    #expect(
      try fault("group-series", ["ids": ["sex"], "columns": ["age"], "bounds": true])
        == "start and end need a column for time")
  }
}

struct CustomSQLTests {
  @Test(
    arguments: [
      ("DROP TABLE data", "the query must be one SELECT; DROP is not allowed here"),
      ("insert into data values (1)", "the query must be one SELECT; INSERT is not allowed here"),
      ("COPY (SELECT 1) TO '/tmp/x'", "the query must be one SELECT; COPY is not allowed here"),
      ("SELECT 1; DROP TABLE data", "the query must be one statement"),
      ("SELECT 1) ; DROP TABLE x; SELECT * FROM (SELECT 1", "there is a ) too many"),
      ("SELECT date'\\'); DROP TABLE x; --'", "there is a ) too many"),
      ("SELECT E'\\'); DROP TABLE x; --'", nil),
      ("SELECT 'it''s ); --' AS t", nil), ("SELECT 1 -- ) ; DROP", nil),
      ("SELECT $$ ) ; $$, $a$ ) $$ ; $a$ FROM data", nil),
      ("SELECT 'open", "a text in quotes ' is not closed"), ("SELECT \"open", "a name in quotes \" is not closed"),
      ("SELECT /* open", "a comment /* is not closed"), ("SELECT (1", "a ( is not closed"),
      ("  -- nothing\n", "write a SELECT"), ("(SELECT 1) UNION ALL (SELECT 2);", nil), ("", "Query: write something"),
    ] as [(String, String?)]) func onlyOneStatementThatReadsIsTaken(query: String, fault: String?)
  {
    let found = TransformSpec("sql", ["query": .text(query)]).fault
    if let fault { #expect(found?.hasPrefix(fault) == true, "\(found ?? "nil")") } else { #expect(found == nil) }
  }

  @Test func faultsHaveTheWordsOfDuckDB() throws {
    let unknown = try fault("sql", ["query": "SELECT agee FROM data"])
    #expect(unknown?.contains("Referenced column \"agee\" not found") == true)
    #expect(try fault("sql", ["query": "SELECT * FROM data_2"])?.contains("data_2") == true)
    // A statement that changes rows cannot hide in a WITH.
    #expect(try fault("sql", ["query": "WITH x AS (SELECT 1) DELETE FROM data"]) != nil)
  }
}
