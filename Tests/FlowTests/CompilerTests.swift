import Frame
import Testing

@testable import Flow

@Suite struct CompilerTests {
  @Test func theInferredColumnsAreThoseOfTheDatabase() throws {
    var bench = try Bench()
    let operations: [Flow.Operation] = [
      .cast([Cast("age", to: .real), Cast("code", to: .real), Cast("id", to: .text), Cast("hired", to: .timestamp)]),
      .derive(name: "twice", expression: "age * 2"), .derive(name: "Gain", expression: "gain > 3"),
      .derive(name: "adult", expression: "age >= 18"), .derive(name: "nothing", expression: "null"),
      .derive(name: "ratio", expression: "age / 3"), .filter("age > 0"), .sort([SortKey("name")]),
      .sample(.stratified(4, column: "sex", seed: 1)), .impute([ImputeRule("sex", .mode), ImputeRule("age", .median)]),
      .select(["twice", "sex", "adult", "age", "hired"]), .drop(["adult"]),
    ]
    var last = bench.source
    for operation in operations {
      #expect(bench.compiler.fault(of: operation, after: last) == nil)
      last = try bench.graph.add(operation, after: last)
    }
    bench.graph = try Fitter(bench.database).fitted(bench.graph, upTo: last, relations: [bench.source: bench.relation])
    for step in bench.graph.steps {
      let relation = try bench.compiler.relation(of: step.id)
      #expect(try bench.database.describe(relation.sql) == relation.schema, "\(step.operation)")
      _ = try bench.database.query(relation.sql)
    }
  }

  @Test func stepsRunInTheirOrder() throws {
    var bench = try Bench()
    let filter = try bench.graph.add(.filter("sex == 'M'"), after: bench.source)
    let derive = try bench.graph.add(.derive(name: "rank", expression: "id * 10"), after: filter)
    let sort = try bench.graph.add(.sort([SortKey("age", descending: true)]), after: derive)
    #expect(try bench.column("rank", sort) == ["80", "20", "90", "50"])
    #expect(try bench.column("id", filter) == ["2", "5", "8", "9"])
    try bench.graph.toggle(filter)
    #expect(try bench.column("rank", sort) == ["80", "20", "70", "10", "30", "60", "90", "50", "40"])
    #expect(try bench.compiler.sql(for: filter) == bench.compiler.sql(for: bench.source))
  }

  @Test func sortingIsStableAndPutsMissingLast() throws {
    var bench = try Bench()
    #expect(try bench.column("id", after: .sort([SortKey("sex")])) == ["1", "3", "4", "6", "2", "5", "8", "9", "7"])
    #expect(
      try bench.column("id", after: .sort([SortKey("sex", descending: true), SortKey("hired")]))
        == ["5", "9", "2", "8", "3", "1", "6", "4", "7"])
    let many = "SELECT i, i % 3 AS g FROM range(300000) t(i)"
    var large = try Bench(many)
    let sorted = try large.graph.add(.sort([SortKey("g")]), after: large.source)
    let sql = try large.compiler.sql(for: sorted)
    let breaks = try large.database.query(
      "SELECT count(*) FROM (SELECT i, g, lag(i) OVER () p, lag(g) OVER () q FROM (\(sql))) WHERE g = q AND i < p")
    #expect(breaks.text(0, 0) == "0")
  }

  @Test func samplesAreReproducibleAndKeepTheOrder() throws {
    var bench = try Bench("SELECT i, i % 10 = 0 AS rare FROM range(100000) t(i)")
    func ids(_ sampling: Sampling) throws -> [String] { try bench.column("i", after: .sample(sampling)) }
    #expect(try ids(.first(3)) == ["0", "1", "2"])
    let random = try ids(.random(1000, seed: 5))
    #expect(random.count == 1000 && Set(random).count == 1000)
    #expect(random.compactMap { Int($0) } == random.compactMap { Int($0) }.sorted())
    #expect(try ids(.random(1000, seed: 5)) == random)
    #expect(try ids(.random(1000, seed: 6)) != random)
    #expect(try ids(.random(1_000_000, seed: 6)).count == 100_000)
    // Binomial: 10,000 expected, standard deviation 95.
    let share = try ids(.fraction(0.1, seed: 3)).count
    #expect(abs(share - 10_000) < 400)
    #expect(try ids(.fraction(1, seed: 3)).count == 100_000)
    let strata = try ids(.stratified(500, column: "rare", seed: 1)).compactMap { Int($0) }
    #expect(strata.count == 500 && strata.filter { $0 % 10 == 0 }.count == 50)
    let single = try Database(options: DatabaseOptions(threads: 1))
    let id = try bench.graph.add(.sample(.random(1000, seed: 5)), after: bench.source)
    let table = try single.query(bench.compiler.sql(for: id))
    #expect((0..<table.rowCount).map { table.text($0, 0) ?? "" } == random)
  }

  @Test func castingMakesMissingWhatItCannotRead() throws {
    var bench = try Bench()
    #expect(
      try bench.column("code", after: .cast([Cast("code", to: .real)]))
        == ["10.0", "-", "7.5", "3.0", "-", "100.0", "-", "0.0", "-4.0"])
    #expect(
      try bench.column("active", after: .cast([Cast("active", to: .integer)]))
        == ["1", "0", "1", "-", "0", "1", "1", "0", "-"])
    let id = try bench.graph.add(.cast([Cast("hired", to: .integer)]), after: bench.source)
    #expect(
      bench.compiler.problems(upTo: id).map(\.description)
        == ["column \"hired\": a date cannot be read as a whole number"])
  }

  @Test func imputingUsesTheStatisticsOfItsInput() throws {
    var bench = try Bench()
    #expect(try bench.column("age", after: .impute([ImputeRule("age", .median)]))[3] == "39")
    // (39+50+38+28+37+49+52+31)/8 = 40.5
    #expect(try bench.column("age", after: .impute([ImputeRule("age", .mean)]))[3] == "41")
    // Not-a-number is filled too, and counts for nothing: (2174.5+10+5178+14084.25+1.5)/7 = 3064.035714…
    let gain = try bench.column("gain", after: .impute([ImputeRule("gain", .mean)]))
    #expect(gain[2] == gain[5] && gain[2].hasPrefix("3064.0357142857"))
    #expect(try bench.column("sex", after: .impute([ImputeRule("sex", .mode)]))[6] == "F")
    #expect(try bench.column("hired", after: .impute([ImputeRule("hired", .median)]))[3] == "2023-12-31")
    #expect(try bench.column("name", after: .impute([ImputeRule("name", .constant(.text("it's")))]))[4] == "it's")
    #expect(try bench.column("gain", after: .impute([ImputeRule("gain", .constant(.integer(7)))]))[2] == "7.0")
  }

  @Test func statisticsStayUntilRefit() throws {
    var bench = try Bench()
    let filter = try bench.graph.add(.filter("id < 100"), after: bench.source)
    let impute = try bench.graph.add(.impute([ImputeRule("age", .median)]), after: filter)
    #expect(throws: FlowError.notFitted(step: impute, column: "age")) { try bench.compiler.sql(for: impute) }
    let fitter = Fitter(bench.database)
    let relations = [bench.source: bench.relation]
    bench.graph = try fitter.fitted(bench.graph, upTo: impute, relations: relations)
    #expect(bench.graph[impute]?.fitted == ["age": .integer(39)])
    try bench.graph.replace(filter, with: .filter("id < 100 and (age is null or age < 35)"))
    bench.graph = try fitter.fitted(bench.graph, upTo: impute, relations: relations)
    #expect(try bench.column("age", impute) == ["39", "28", "31"])
    bench.graph = try fitter.fitted(bench.graph, upTo: impute, relations: relations, refit: true)
    #expect(try bench.column("age", impute) == ["30", "28", "31"])
  }

  @Test func imputingAColumnWithoutValuesLeavesItMissing() throws {
    var bench = try Bench("SELECT i, NULL::DOUBLE AS gone FROM range(3) t(i)")
    #expect(try bench.column("gone", after: .impute([ImputeRule("gone", .mean)])) == ["-", "-", "-"])
  }

  @Test func aGivenResultCutsThePathToTheSource() throws {
    var bench = try Bench()
    let filter = try bench.graph.add(.filter("age > 38"), after: bench.source)
    let sort = try bench.graph.add(.sort([SortKey("age")]), after: filter)
    try bench.database.execute("CREATE TABLE kept AS \(bench.compiler.sql(for: filter))")
    let table = Relation.table("kept", schema: try bench.compiler.schema(of: filter))
    let compiler = Compiler(bench.graph, relations: [filter: table])
    #expect(try bench.database.query(compiler.sql(for: sort)) == bench.rows(sort))
    #expect(throws: FlowError.sourceNotOpen(bench.source)) {
      try Compiler(bench.graph, relations: [:]).sql(for: sort)
    }
  }

  @Test func columnsWithStrangeNamesGoThroughEveryStep() throws {
    let name = "a \"b\"; DROP TABLE t; -- 😀"
    var bench = try Bench("SELECT i AS \(SQL.identifier(name)), i AS __row FROM range(5) t(i)")
    let written = "[" + name + "]"
    #expect(try bench.column(name, after: .filter("\(written) > 3")) == ["4"])
    #expect(try bench.column(name, after: .sort([SortKey(name, descending: true)]))[0] == "4")
    #expect(try bench.column(name, after: .sample(.random(5, seed: 0))).count == 5)
    #expect(try bench.column(name, after: .derive(name: name, expression: "\(written) + 1"))[0] == "1")
    #expect(try bench.column(name, after: .impute([ImputeRule(name, .mode)])).count == 5)
    #expect(try bench.column(name, after: .select([name])).count == 5)
  }

  @Test func faultsNameTheStepAndTheNearestColumn() throws {
    var bench = try Bench()
    let drop = try bench.graph.add(.drop(["age"]), after: bench.source)
    let filter = try bench.graph.add(.filter("agee > 3"), after: bench.source)
    let gone = try bench.graph.add(.filter("age > 3"), after: drop)
    let select = try bench.graph.add(.select(["nmae"]), after: bench.source)
    #expect(bench.compiler.problems(upTo: filter).first?.step == filter)
    #expect(bench.compiler.problems(upTo: gone).map(\.description) == ["no column \"age\" (at character 1)"])
    #expect(bench.compiler.problems(upTo: select).map(\.description) == ["no column \"nmae\" – did you mean name?"])
    #expect(
      bench.compiler.fault(of: .impute([ImputeRule("name", .mean)]), after: bench.source)?.description
        == "column \"name\" holds text, which has no mean: choose mode or a constant")
    #expect(
      bench.compiler.fault(of: .impute([ImputeRule("age", .constant(.text("x")))]), after: bench.source)?.description
        == "'x' is not a whole number, as column \"age\" needs")
    #expect(bench.compiler.fault(of: .filter("age > 3"), after: bench.source) == nil)
    #expect(
      bench.compiler.fault(of: .drop(bench.relation.schema.map(\.name)), after: bench.source)?.description
        == "a table needs a column: leave one undropped")
  }

  @Test func anEffectCountsRowsColumnsAndMissingCells() throws {
    var bench = try Bench()
    let cast = try bench.graph.add(.cast([Cast("code", to: .real), Cast("age", to: .text)]), after: bench.source)
    let filter = try bench.graph.add(.filter("age > 38"), after: bench.source)
    let effect = try bench.compiler.effect(of: cast, in: bench.database)
    #expect(effect.before == .init(rows: 9, columns: 8, missing: 8))
    #expect(effect.after == .init(rows: 9, columns: 8, missing: 10))
    #expect(effect.uncastable == ["code": 2])
    #expect(effect.description == "9 rows, 8 columns, 8 → 10 missing, 2 of code not readable")
    let kept = try bench.compiler.effect(of: filter, in: bench.database, head: 3)
    #expect(kept.before.rows == 3 && kept.after.rows == 2 && kept.examined == 3)
    #expect(try bench.compiler.effect(of: filter, in: bench.database, head: 100).examined == nil)
  }

  @Test func wideTablesCompileAndRun() throws {
    let columns = (0..<5000).map { "i AS c\($0)" }.joined(separator: ", ")
    var bench = try Bench("SELECT \(columns) FROM range(3) t(i)")
    let id = try bench.graph.add(.filter("c4999 > 0"), after: bench.source)
    let effect = try bench.compiler.effect(of: id, in: bench.database)
    #expect(effect.after == .init(rows: 2, columns: 5000, missing: 0))
  }
}
