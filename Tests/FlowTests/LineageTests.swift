import Foundation
import Frame
import Testing

@testable import Flow

struct LineageTests {
  /// The clauses of a column's lineage, and its sources.
  private func story(_ bench: Bench, _ column: String, _ id: StepID) throws -> (sources: [String], changes: [String]) {
    let graph = try Fitter(bench.database).fitted(bench.graph, upTo: id, relations: [bench.source: bench.relation])
    let lineage = try Compiler(graph, relations: [bench.source: bench.relation])
      .lineage(of: column, at: id, in: bench.database)
    return (lineage.sources.map(\.name), lineage.changes.map { "\($0.step) \($0.column) \($0.clause)" })
  }

  @Test func aColumnThatNoStepTouchesComesStraightFromItsSource() throws {
    var bench = try Bench()
    let filter = try bench.graph.add(.filter("age > 30"), after: bench.source)
    let sort = try bench.graph.add(.sort([SortKey("gain")]), after: filter)
    let (sources, changes) = try story(bench, "name", sort)
    #expect(sources == ["name"])
    #expect(changes.isEmpty)
  }

  @Test func theWayGoesThroughFormulasAndNewNames() throws {
    var bench = try Bench()
    let weekly = try bench.graph.add(.derive(name: "weekly", expression: "gain / 52 + age"), after: bench.source)
    let renamed = try bench.graph.add(.rename([Renaming("weekly", to: "per week")]), after: weekly)
    let changed = try bench.graph.add(.derive(name: "per week", expression: "[per week] * 2"), after: renamed)
    let (sources, changes) = try story(bench, "per week", changed)
    #expect(sources == ["age", "gain"])
    #expect(
      changes == ["s2 weekly made from gain and age", "s3 per week renamed from weekly", "s4 per week changed"])
  }

  @Test func groupsSayByWhichColumnsRowsAreTakenTogether() throws {
    var bench = try Bench()
    let operation = Operation.transform(
      TransformSpec(
        "group-by",
        [
          "keys": ["sex"], "aggregates": [["column": "gain", "function": "mean", "name": "mean gain"]],
        ]))
    let group = try bench.graph.add(operation, after: bench.source)
    let mean = try story(bench, "mean gain", group)
    #expect(mean.sources == ["gain"])
    #expect(mean.changes == ["s2 mean gain made from gain, by sex"])
    #expect(try story(bench, "sex", group).changes.isEmpty)
  }

  @Test func eachCategoryOfAnEncoderComesFromTheEncodedColumnAlone() throws {
    var bench = try Bench()
    let encode = try bench.graph.add(
      .transform(TransformSpec("encode-one-hot", ["columns": ["sex", "name"]])), after: bench.source)
    let schema = try Compiler(
      Fitter(bench.database).fitted(bench.graph, upTo: encode, relations: [bench.source: bench.relation]),
      relations: [bench.source: bench.relation]
    ).schema(of: encode)
    let made = try #require(schema.first { $0.name.hasPrefix("sex_") }?.name)
    #expect(try story(bench, made, encode).changes == ["s2 \(made) made from sex"])
  }

  @Test func anEncoderByATargetSaysThatItLearntFromIt() throws {
    var bench = try Bench()
    let encode = try bench.graph.add(
      .transform(TransformSpec("encode-target", ["columns": ["sex"], "target": "gain"])), after: bench.source)
    let changes = try story(bench, "sex_mean", encode).changes
    #expect(changes.count == 1)
    #expect(changes.first?.hasPrefix("s2 sex_mean made from sex") == true)
    #expect(changes.first?.contains("gain") == true)
  }

  @Test func aColumnOfTheOtherSideOfAJoinIsFollowedIntoItsOwnBranch() throws {
    var bench = try Bench()
    let right = try bench.graph.add(.derive(name: "bonus", expression: "gain * 0.1"), after: bench.source)
    let right2 = try bench.graph.add(.select(["id", "bonus"]), after: right)
    let join = try bench.graph.add(
      .transform(TransformSpec("join", ["how": "left", "keys": [["left": "id", "right": "id"]]])), after: bench.source,
      and: [right2])
    let (sources, changes) = try story(bench, "bonus", join)
    #expect(sources == ["gain"])
    #expect(changes == ["s2 bonus made from gain", "s4 bonus taken over from bonus of s3"])
    let rows = try Compiler(bench.graph, relations: [bench.source: bench.relation])
      .lineage(of: "bonus", at: join, in: bench.database).rows
    #expect(rows == [join])
  }

  @Test func aStepThatIsOffIsNotOnTheWay() throws {
    var bench = try Bench()
    let change = try bench.graph.add(.derive(name: "age", expression: "age + 1"), after: bench.source)
    let more = try bench.graph.add(.derive(name: "age", expression: "age * 2"), after: change)
    try bench.graph.toggle(change)
    #expect(try story(bench, "age", more).changes == ["s3 age changed"])
  }

  @Test func theQueryOfAUserIsReadLikeAnyStep() throws {
    var bench = try Bench()
    let query =
      "WITH t AS (SELECT *, gain + 1 AS more FROM data) SELECT id, upper(name) AS loud, (SELECT max(age) FROM data) - t.age"
      + " AS gap, list_sum(list_transform([more], lambda x: x * id)) AS folded FROM t WHERE sex = 'F'"
    let sql = try bench.graph.add(.transform(TransformSpec("sql", ["query": .text(query)])), after: bench.source)
    #expect(try story(bench, "id", sql).changes.isEmpty)
    #expect(try story(bench, "loud", sql).changes == ["s2 loud made from name"])
    #expect(try story(bench, "gap", sql).changes == ["s2 gap made from age"])
    #expect(try story(bench, "folded", sql).sources == ["id", "gain"])
  }

  @Test func aQueryThatCannotBeReadCountsAsMadeOfAll() throws {
    var bench = try Bench()
    let query = "PIVOT (SELECT sex, gain FROM data WHERE sex IS NOT NULL) ON sex IN ('F', 'M') USING sum(gain)"
    let sql = try bench.graph.add(.transform(TransformSpec("sql", ["query": .text(query)])), after: bench.source)
    let changes = try story(bench, "F", sql).changes
    #expect(changes.first?.contains("made from some of id, age") == true)
  }

  @Test func aColumnThatIsNotThereIsAnsweredWithTheNearestName() throws {
    let bench = try Bench()
    #expect(throws: FlowError.noSuchColumn("agee", step: bench.source, nearest: "age")) {
      try bench.compiler.lineage(of: "agee", at: bench.source, in: bench.database)
    }
  }

  /// Values of one column of the input move by a row: what the step makes of other columns has to stay as it was. Run for
  /// recorded cases of every kind of step, eight of each in a file.
  @Test(arguments: RecordedCasesTests.files) func noStepReadsMoreThanItsOriginsSay(file: String) throws {
    let cases = try CaseFile(named: file)
    let tables = try ProbeTables(cases)
    var seen: [String: Int] = [:]
    for item in cases.cases {
      seen[item.operation.kind.rawValue, default: 0] += 1
      guard seen[item.operation.kind.rawValue, default: 0] <= 8 else { continue }
      do {
        try Probe(item, tables).check("\(file): \(item.name)")
      } catch {
        Issue.record("\(file): \(item.name): \(error)")
      }
    }
  }
}

/// The inputs of recorded cases as tables of one database, with the places of their rows.
private struct ProbeTables {
  let database: Database
  private var inputs: [String: (table: String, schema: Schema)] = [:]

  init(_ file: CaseFile) throws {
    database = try Database(options: DatabaseOptions(threads: 1))
    for (number, (name, table)) in file.inputs.enumerated() {
      let sql = try RecordedCasesTests.sql(table)
      try database.execute("CREATE TABLE t\(number) AS SELECT *, row_number() OVER () AS __place FROM (\(sql))")
      inputs[name] = ("t\(number)", try database.describe(sql))
    }
  }

  func schema(_ input: String) throws -> Schema { try #require(inputs[input]).schema }

  /// The rows of an input, the values of one column moved up by a row.
  func relation(_ input: String, moving column: String? = nil) throws -> Relation {
    let (table, schema) = try #require(inputs[input])
    var items = "* EXCLUDE (__place)"
    if let column {
      let name = SQL.identifier(column)
      items += """
         REPLACE (CASE WHEN __place = count(*) OVER () THEN first_value(\(name)) OVER (ORDER BY __place)
        ELSE lead(\(name)) OVER (ORDER BY __place) END AS \(name))
        """
    }
    return Relation(sql: "SELECT \(items) FROM \(table) ORDER BY __place", schema: schema)
  }
}

/// One recorded case, and what becomes of its result when a column of its inputs is changed.
private struct Probe {
  let tables: ProbeTables
  var database: Database { tables.database }
  var graph = FlowGraph()
  var step = StepID("s1")
  var inputs: [(id: StepID, name: String)] = []

  init(_ item: CaseFile.Case, _ tables: ProbeTables) throws {
    self.tables = tables
    for name in [item.input] + (item.others ?? []) {
      inputs.append((graph.addSource(Source(location: name), name: name), name))
    }
    step = try graph.add(item.operation, after: inputs[0].id, and: inputs.dropFirst().map(\.id))
  }

  private func relations(moving input: Int? = nil, _ column: String? = nil) throws -> [StepID: Relation] {
    var relations: [StepID: Relation] = [:]
    for (place, source) in inputs.enumerated() {
      relations[source.id] = try tables.relation(source.name, moving: place == input ? column : nil)
    }
    return relations
  }

  private func result(_ graph: FlowGraph, _ relations: [StepID: Relation]) throws -> DataTable {
    try database.query(try Compiler(graph, relations: relations).relation(of: step).sql)
  }

  func check(_ name: String) throws {
    let given = try relations()
    let fitted = try Fitter(database).fitted(graph, upTo: step, relations: given)
    let origins = try Compiler(fitted, relations: given).origins(of: step, in: database)
    let table = try result(fitted, given)
    #expect(origins.isCertain, "\(name): cannot be read")
    #expect(origins.columns.map(\.name) == table.columns.map(\.column.name), "\(name)")
    if !origins.changesRows { #expect(table.rowCount == given[inputs[0].id].map(count) ?? -1, "\(name): rows") }
    try checkPassed(origins, table, given, name)
    for (place, input) in inputs.enumerated() {
      for column in try tables.schema(input.name) {
        let reference = ColumnOrigin.Reference(place, column.name)
        let isRead = origins.columns.allSatisfy {
          $0.origin.from.contains(reference) || $0.origin.by.contains(reference)
        }
        guard !origins.rows.contains(reference), !isRead || !origins.changesRows else { continue }
        let moved = try relations(moving: place, column.name)
        // As it was learnt before, and learnt anew.
        for refits in fitted == graph ? [false] : [false, true] {
          guard let again = refits ? try? Fitter(database).fitted(graph, upTo: step, relations: moved) : fitted,
            let other = try? result(again, moved),
            other.columns.map(\.column.name) == table.columns.map(\.column.name)
          else { continue }
          compare(table, other, origins, reference, "\(name)\(refits ? ", refitted" : "")")
        }
      }
    }
  }

  private func count(_ relation: Relation) -> Int {
    (try? database.query("SELECT 1 FROM \(SQL.subquery(relation.sql))").rowCount) ?? -2
  }

  /// Values that are said to be passed on stand in one of the columns that they come from.
  private func checkPassed(
    _ origins: StepOrigins, _ table: DataTable, _ given: [StepID: Relation], _ name: String
  ) throws {
    for (place, column) in origins.columns.enumerated() where column.origin.isPassed {
      var known: Set<String> = []
      for source in column.origin.from {
        let relation = try #require(given[inputs[source.input].id])
        let values = try database.query("SELECT \(SQL.identifier(source.column)) FROM \(SQL.subquery(relation.sql))")
        known.formUnion((0..<values.rowCount).compactMap { values.text($0, 0) })
      }
      let found = Set((0..<table.rowCount).compactMap { table.text($0, place) })
      #expect(found.isSubset(of: known), "\(name): \(column.name) is not passed on")
    }
  }

  private func compare(
    _ table: DataTable, _ other: DataTable, _ origins: StepOrigins, _ moved: ColumnOrigin.Reference, _ name: String
  ) {
    guard table.rowCount == other.rowCount else {
      Issue.record("\(name): \(moved.column) decides which rows there are")
      return
    }
    for (place, column) in origins.columns.enumerated() {
      if column.origin.from.contains(moved) || column.origin.by.contains(moved) { continue }
      let same = (0..<table.rowCount).allSatisfy { table.text($0, place) == other.text($0, place) }
      if !same { Issue.record("\(name): \(column.name) follows from \(moved.column)") }
    }
  }
}
