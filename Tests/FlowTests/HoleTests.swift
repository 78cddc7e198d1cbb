import Flow
import Foundation
import Frame
import Testing

/// Parameters of a flow: `{{name}}` in paths, values and expressions.
@Suite struct HoleTests {
  private let database: Database
  private let people: OpenedSource
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("holes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appendingPathComponent("people.csv").path
    try "name,age,born\nAda,36,1815-12-10\nBob,70,1950-01-01\nO'Neil,20,2004-02-29\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    database = try Database()
    people = try database.open(Source(location: path))
  }

  /// The names that a graph's last step leaves.
  private func names(_ graph: FlowGraph) throws -> [String] {
    let last = try #require(graph.leaves.last)
    let sql = try Compiler(graph, sources: ["s1": people]).sql(for: last)
    let table = try database.query(sql)
    return (0..<table.rowCount).map { table.value($0, 0).description }
  }

  private func graph(_ operation: Flow.Operation, _ parameters: FlowParameter...) throws -> FlowGraph {
    var graph = FlowGraph()
    let source = graph.addSource(people.source)
    try graph.add(operation, after: source)
    for parameter in parameters { try graph.setParameter(parameter) }
    return graph
  }

  @Test func aParameterStandsForAValueOfItsKindInAnExpression() throws {
    #expect(try names(graph(.filter("age > {{limit}}"), FlowParameter("limit", .number, "30"))) == ["Ada", "Bob"])
    #expect(
      try names(graph(.filter("age > 0 - {{ limit }}"), FlowParameter("limit", .number, "-30"))) == ["Ada", "Bob"])
    #expect(try names(graph(.filter("name = {{who}}"), FlowParameter("who", .text, "Ada"))) == ["Ada"])
    #expect(
      try names(graph(.filter("born > {{day}}"), FlowParameter("day", .date, "1900-01-01"))) == ["Bob", "O'Neil"])
    #expect(try names(graph(.filter("(age > 30) = {{old}}"), FlowParameter("old", .flag, "no"))) == ["O'Neil"])
  }

  @Test func withinQuotesAParameterIsAPartOfTheText() throws {
    #expect(try names(graph(.filter("name = 'A{{rest}}'"), FlowParameter("rest", .text, "da"))) == ["Ada"])
    #expect(try names(graph(.filter("[{{what}}] = 70"), FlowParameter("what", .text, "age"))) == ["Bob"])
  }

  @Test(arguments: [
    "O'Neil", "x' or true or name = '", "'; DROP TABLE people; --", "\" or 1 = 1 or \"\"=\"", "]", "{{who}}", "a\\", "",
    "x') OR (1=1", "日本 '' \n --", "x'\u{301} OR true --", "x\"\u{301} OR true --", "x'\u{200D} OR true --",
  ])
  func noValueEverBecomesMoreThanAText(_ value: String) throws {
    let who = try FlowParameter("who", .text, value)
    let expected = value == "O'Neil" ? ["O'Neil"] : []
    for condition in ["name = {{who}}", "name = '{{who}}'"] {
      #expect(try names(graph(.filter(condition), who)) == expected, "\(condition)")
    }
    for query in [
      "SELECT * FROM data WHERE name = {{who}}", "SELECT * FROM data WHERE name = '{{who}}'",
      "SELECT * FROM data /* {{who}} */ WHERE name = {{who}} -- {{who}}",
      "SELECT * FROM data WHERE name = E'\\x' OR name = {{who}}",
    ] {
      var graph = try graph(.transform(TransformSpec("sql", ["query": .text(query)])), who)
      graph = try Fitter(database).fitted(graph, upTo: "s2", relations: ["s1": Relation(people)])
      #expect(try names(graph) == expected, "\(query)")
    }
  }

  @Test func aValueInAnEscapedTextStaysInIt() throws {
    let query = "SELECT * FROM data WHERE name = E'{{who}}'"
    let graph = try graph(
      .transform(TransformSpec("sql", ["query": .text(query)])), FlowParameter("who", .text, "\\' OR true --"))
    let fitted = try Fitter(database).fitted(graph, upTo: "s2", relations: ["s1": Relation(people)])
    #expect(try names(fitted) == [])
  }

  @Test func aTextInDollarsTakesNoParameter() throws {
    let query = "SELECT * FROM data WHERE name = $$ {{who}} $$"
    #expect(throws: FlowError.self) {
      try graph(.transform(TransformSpec("sql", ["query": .text(query)])), FlowParameter("who", .text, "$$"))
        .checkFilled(
          upTo: "s2")
    }
  }

  @Test func aValueNeverGrowsTogetherWithTheWordBesideIt() throws {
    let graph = try graph(.filter("age{{n}} > 3"), FlowParameter("n", .number, "1"))
    #expect(throws: FlowError.self) { try names(graph) }
  }

  @Test func aNumberTakesOnlyAParameterThatIsANumber() throws {
    let head = Flow.Operation.transform(TransformSpec("lag", [:]))
    #expect(head.holes.isEmpty)
    var graph = FlowGraph()
    let source = graph.addSource(people.source)
    try graph.add(
      .transform(TransformSpec("bin", ["columns": ["age"], "method": "width", "bins": "{{n}}"])), after: source)
    #expect(graph.undeclared == ["n"])
    #expect(graph.validate().isEmpty, "a step that waits for its value is no fault")
    #expect(throws: FlowError.self) { try graph.setParameter(FlowParameter("n", .text, "three")) }
    #expect(throws: FlowError.self) { try graph.setParameter(FlowParameter("n", .number, "-1")) }
    try graph.setParameter(FlowParameter("n", .number, "3"))
    #expect(graph.filled.steps[1].operation != graph.steps[1].operation)
  }

  @Test func pathsAndConstantsTakeParameters() throws {
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: "/data/{{month}}/{{name}}.csv", also: ["/old/{{name}}.csv"]))
    try graph.add(.impute([ImputeRule("age", .constant(.text("{{age}}")))]), after: source)
    try graph.give("month", "2024-05-01")
    try graph.give("name", "007")
    try graph.give("age", "5")
    guard case .source(let filled) = graph.filled.steps[0].operation else { return }
    #expect(filled.locations == ["/data/2024-05-01/007.csv", "/old/007.csv"])
    #expect(graph.filled.steps[1].operation == .impute([ImputeRule("age", .constant(.text("5")))]))
    #expect(graph.parameters.map(\.kind) == [.date, .text, .number])
  }

  @Test func aMissingValueIsNamedWithWhatToGive() throws {
    let graph = try graph(.filter("age > {{limt}}"), FlowParameter("limit", .number, "30"))
    #expect(throws: FlowError.noValue("limt", nearest: "limit")) { try graph.checkFilled(upTo: "s2") }
    #expect(throws: FlowError.noValue("limt", nearest: "limit")) { try names(graph) }
    try graph.checkFilled(upTo: "s1")
    let message = FlowError.noValue("limt", nearest: "limit").description
    #expect(message.contains("-D limt=VALUE") && message.contains("did you mean {{limit}}?"))
    let empty = try self.graph(.filter("age > {{limit}}"), FlowParameter("limit", .number))
    #expect(throws: FlowError.noValue("limit", nearest: nil)) { try empty.checkFilled(upTo: "s2") }
  }

  @Test func aValueOfAnotherKindOrAnUnknownNameIsRefused() throws {
    var graph = try graph(.filter("age > {{limit}}"), FlowParameter("limit", .number, "30"))
    #expect(throws: FlowError.self) { try graph.give("limit", "many") }
    #expect(throws: FlowError.self) { try graph.give("limit", "nan") }
    #expect(throws: FlowError.noSuchParameter("lmit", known: ["limit"])) { try graph.give("lmit", "3") }
    for name in ["", "1st", "a b", "a-b", "{{a}}"] {
      #expect(throws: FlowError.self, "\(name)") { try FlowParameter(name, .text, "x") }
    }
    #expect(graph.parameter("limit")?.value == "30")
  }

  @Test func theFileKeepsParametersAndRefusesTwoOfOneName() throws {
    var graph = try graph(
      .filter("age > {{limit}} and name = {{who}}"), FlowParameter("limit", .number, "2.5", note: "years"),
      FlowParameter("who", .text, "it's"), FlowParameter("day", .date), FlowParameter("all", .flag, "yes"))
    let data = try JSONEncoder().encode(graph)
    #expect(try JSONDecoder().decode(FlowGraph.self, from: data) == graph)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains(#""value":2.5"#) && text.contains(#""value":true"#))
    let twice = text.replacing(#""name":"who""#, with: #""name":"limit""#)
    #expect(throws: FlowError.parameter("limit", "is declared twice")) {
      try JSONDecoder().decode(FlowGraph.self, from: Data(twice.utf8))
    }
    try graph.deleteParameter("day")
    #expect(graph.parameters.count == 3)
    #expect(throws: FlowError.self) { try graph.deleteParameter("day") }
  }

  @Test func whatAStepHasLearntOfAnotherValueIsForgotten() throws {
    var graph = try graph(
      .transform(TransformSpec("sql", ["query": "SELECT {{n}} AS x FROM data"])), FlowParameter("n", .number, "1"))
    try graph.setLearned("s2", ["columns": []])
    try graph.setParameter(FlowParameter("n", .number, "1"))
    #expect(graph["s2"]?.learned != nil)
    try graph.setParameter(FlowParameter("n", .number, "2.5"))
    #expect(graph["s2"]?.learned == nil)
  }

  @Test func bracesAroundAnythingElseAreNoParameter() throws {
    #expect(Flow.Operation.filter("x ~ 'a{{2}}' or y = '{{ a b }}' or z = '{{}}' or '{{'").holes.isEmpty)
    #expect(Flow.Operation.filter("{{{a}}} = {{ b }}").holes == ["a", "b"])
  }
}
