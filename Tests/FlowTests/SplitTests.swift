import Frame
import Testing

@testable import Flow

private let half: Parameters = ["parts": [["name": "Train", "share": 0.8], ["name": "Test", "share": 0.2]]]

private func parameters(_ method: Parameter, _ more: [String: Parameter] = [:]) -> Parameters {
  var parameters = half
  parameters["method"] = method
  for (name, value) in more { parameters[name] = value }
  return parameters
}

private func split(_ parameters: Parameters, part: String) -> Flow.Operation {
  var own = parameters
  own["part"] = .text(part)
  return .transform(TransformSpec("split", own))
}

/// 1,003 rows with a key of 1 to 9 rows each and four classes of very different sizes.
private let rowsSQL = """
  SELECT i, CAST(i * i % 211 AS BIGINT) AS key, CASE WHEN i % 100 = 0 THEN 'rare' WHEN i % 10 < 6 THEN 'most'
  WHEN i % 3 = 0 THEN NULL ELSE 'some' END AS class FROM range(1003) t(i)
  """

/// The numbers of the rows in each part.
private func parts(
  _ parameters: Parameters, sql: String = rowsSQL, column: String = "i"
) throws -> [[Int]] {
  let database = try Database()
  var graph = FlowGraph()
  let source = graph.addSource(Source(location: "rows.csv"))
  let relations = [source: Relation(sql: sql, schema: try database.describe(sql))]
  return try graph.addSplit(parameters, after: source).map { id in
    graph = try Fitter(database).fitted(graph, upTo: id, relations: relations)
    let table = try database.query(Compiler(graph, relations: relations).sql(for: id))
    return (0..<table.rowCount).compactMap { table[column]?.text($0).flatMap(Int.init) }
  }
}

struct SplitTests {
  @Test(arguments: [
    parameters("random"), parameters("random", ["seed": 7]), parameters("ordered"),
    parameters("ordered", ["column": "key"]),
    parameters("stratified", ["stratify": "class"]), parameters("key", ["keys": ["key"]]),
  ]) func partsAreDisjointAndTogetherAllRowsInTheirOrder(parameters: Parameters) throws {
    let parts = try parts(parameters)
    #expect(parts.allSatisfy { $0 == $0.sorted() })
    #expect(parts.flatMap(\.self).sorted() == Array(0..<1003))
  }

  @Test func sizesAreExactByTheLargestRemainder() throws {
    #expect(try parts(parameters("random")).map(\.count) == [802, 201])
    #expect(try parts(parameters("stratified", ["stratify": "class"])).map(\.count) == [802, 201])
    var thirds = parameters("random")
    thirds["parts"] = [
      ["name": "a", "share": 0.3333], ["name": "b", "share": 0.3333], ["name": "c", "share": 0.3334],
    ]
    #expect(try parts(thirds).map(\.count) == [334, 334, 335])
  }

  @Test func partsAreTheSameForAnyNumberOfThreadsAndOthersForAnotherSeed() throws {
    func part(_ parameters: Parameters, threads: Int) throws -> DataTable {
      let database = try Database(options: DatabaseOptions(threads: threads))
      try database.execute("CREATE TABLE large AS SELECT i, i % 1000 AS key FROM range(150000) t(i)")
      var graph = FlowGraph()
      let source = graph.addSource(Source(location: "rows.csv"))
      let schema = try database.describe("SELECT * FROM large")
      let steps = try graph.addSplit(parameters, after: source)
      let compiler = Compiler(graph, relations: [source: .table("large", schema: schema)])
      return try database.query("SELECT i FROM (\(compiler.sql(for: steps[1])))")
    }
    for parameters in [parameters("random"), parameters("key", ["keys": ["key"]])] {
      let one = try part(parameters, threads: 1)
      #expect(one.rowCount > 29_000)
      #expect(try part(parameters, threads: 8) == one)
      var other = parameters
      other["seed"] = 1
      #expect(try part(other, threads: 8) != one)
    }
  }

  @Test func noKeyIsInTwoParts() throws {
    let parts = try parts(parameters("key", ["keys": ["key"]]), column: "key")
    #expect(Set(parts[0]).isDisjoint(with: Set(parts[1])))
    // Blocks of rows do not fit exactly.
    #expect(abs(parts[0].count - 802) < 15)
  }

  @Test func everyClassKeepsItsShareInEachPart() throws {
    let kept = try parts(parameters("stratified", ["stratify": "class"]))[0]
    func kind(_ i: Int) -> Int { i % 100 == 0 ? 0 : i % 10 < 6 ? 1 : i % 3 == 0 ? 2 : 3 }
    for group in 0..<4 {
      let all = (0..<1003).count { kind($0) == group }
      #expect(abs(Double(kept.count { kind($0) == group }) - 0.8 * Double(all)) <= 1)
    }
  }

  @Test func aColumnOfManyValuesCannotBeStratified() throws {
    let sql = "SELECT i, i AS class FROM range(101) t(i)"
    #expect {
      try parts(parameters("stratified", ["stratify": "class"]), sql: sql)
    } throws: {
      "\($0)".hasPrefix("\"class\" has more than 100 different values")
    }
  }

  @Test(
    arguments: [
      (["parts": [["name": "a", "share": 0.5], ["name": "b", "share": 0.4]]], "the shares add up to 0.9, not to 1"),
      (["parts": [["name": "a", "share": 0.5], ["name": "A ", "share": 0.5]]], "two parts are called \"A\""),
      (["parts": [["name": "a", "share": 1], ["name": "b", "share": 0]]], "the share of \"b\" must be above 0"),
      (["parts": [["name": "b", "share": 1]]], "there is no part \"a\""),
    ] as [(Parameters, String)]) func faultsSayWhatIsWrong(parameters: Parameters, fault: String)
  {
    #expect(split(parameters, part: "a").parameterFault == fault)
  }
}

struct SplitGraphTests {
  private func bench() throws -> (Bench, [StepID]) {
    var bench = try Bench()
    let steps = try bench.graph.addSplit(parameters("random"), after: bench.source)
    return (bench, steps)
  }

  private func part(_ id: StepID, _ graph: FlowGraph) -> String? { graph[id]?.splitPart }

  @Test func aSplitAddsAStepForEachPartNamedAfterIt() throws {
    let (bench, steps) = try bench()
    #expect(steps.map { bench.graph[$0]?.title } == ["Train", "Test"])
    #expect(steps.map { bench.graph[$0]?.inputs } == [[bench.source], [bench.source]])
    #expect(bench.graph.splitSteps(of: steps[1]) == steps)
    #expect(bench.graph.validate().isEmpty)
  }

  @Test func editingOnePartChangesTheOthers() throws {
    var (bench, steps) = try bench()
    try bench.graph.replace(steps[1], with: split(parameters("random", ["seed": 5]), part: "Test"))
    #expect(steps.map { part($0, bench.graph) } == ["Train", "Test"])
    for id in steps {
      guard case .transform(let spec) = try bench.graph.step(id).operation else { continue }
      #expect(spec.parameters.integer("seed") == 5)
    }
  }

  @Test func aRenamedPartKeepsItsStepAndWhatFollowsIt() throws {
    var (bench, steps) = try bench()
    let below = try bench.graph.add(.filter("age > 30"), after: steps[0])
    var renamed = parameters("random")
    renamed["parts"] = [["name": "Learn", "share": 0.8], ["name": "Test", "share": 0.2]]
    try bench.graph.replace(steps[1], with: split(renamed, part: "Test"))
    #expect(bench.graph[steps[0]]?.title == "Learn")
    #expect(part(steps[0], bench.graph) == "Learn")
    #expect(bench.graph.parent(of: below) == steps[0])
  }

  @Test func aNewPartGetsAStepAndALostOneLosesIt() throws {
    var (bench, steps) = try bench()
    var three = parameters("random")
    three["parts"] = [
      ["name": "Train", "share": 0.6], ["name": "Test", "share": 0.2], ["name": "Check", "share": 0.2],
    ]
    try bench.graph.replace(steps[0], with: split(three, part: "Train"))
    let grown = bench.graph.splitSteps(of: steps[0])
    #expect(grown.map { part($0, bench.graph) } == ["Train", "Test", "Check"])
    try bench.graph.replace(steps[0], with: split(parameters("random"), part: "Train"))
    #expect(bench.graph.splitSteps(of: steps[0]) == steps)
    #expect(bench.graph[grown[2]] == nil)
  }

  @Test func aPartThatIsReadCannotBeTakenAway() throws {
    var (bench, steps) = try bench()
    let below = try bench.graph.add(.filter("age > 30"), after: steps[1])
    let before = bench.graph
    var one = parameters("random")
    one["parts"] = [["name": "Train", "share": 1]]
    #expect(throws: FlowError.cannot("change", step: steps[0], because: "step \(below) reads its part \"Test\"")) {
      try bench.graph.replace(steps[0], with: split(one, part: "Train"))
    }
    #expect(bench.graph == before)
  }

  @Test func aSplitThatCannotBeIsNotAdded() throws {
    var (bench, _) = try bench()
    let before = bench.graph
    #expect(throws: FlowError.self) {
      try bench.graph.addSplit(["parts": [["name": "a", "share": 0.4]]], after: bench.source)
    }
    #expect(throws: FlowError.self) { try bench.graph.addSplit(["parts": []], after: bench.source) }
    #expect(throws: FlowError.noSuchStep("s99")) { try bench.graph.addSplit(half, after: "s99") }
    #expect(bench.graph == before)
  }

  @Test func anotherSplitOfTheSameRowsIsLeftAlone() throws {
    var (bench, steps) = try bench()
    let other = try bench.graph.addSplit(parameters("random", ["seed": 9]), after: bench.source)
    try bench.graph.replace(steps[0], with: split(parameters("ordered"), part: "Train"))
    #expect(bench.graph.splitSteps(of: other[0]) == other)
    #expect(bench.graph[other[0]]?.operation == split(parameters("random", ["seed": 9]), part: "Train"))
  }
}
