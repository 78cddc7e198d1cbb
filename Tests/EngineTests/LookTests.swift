import Flow
import Foundation
import Frame
import Plot
import Testing

@testable import Engine

/// Looks against the same in plain SQL, through the session's tables and straight from the file.
struct LookTests {
  private static let text = """
    id,name,age,price,day,ok
    1,file10,31,$1.50,2024-01-02,true
    2,file2,,"$1,200.00",2024-03-01,false
    3,File1,45,(3.00),2023-12-31,
    4,,30,n/a,,true
    5,file2,62,€ 7,2024-01-02,false
    6,b 7 x 12,31,9,2022-05-05,true
    7,b 7 x 2,18,"8,25",2024-01-01,false

    """

  private final class Bench {
    let engine: Engine
    let folder: URL
    let plain: NodeRequest

    init(_ text: String = LookTests.text, keepsTables: Bool = true, patience: Double = 1) throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-look-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let file = folder.appendingPathComponent("t.csv")
      try Data(text.utf8).write(to: file)
      var configuration = Engine.Configuration(
        locations: Locations(environment: ["HOME": folder.path]), threads: 2, keepsTables: keepsTables)
      configuration.patience = patience
      engine = Engine(configuration: configuration)
      plain = NodeRequest(source: Source(location: file.path))
    }

    deinit {
      engine.close()
      try? FileManager.default.removeItem(at: folder)
    }

    func request(_ look: Look) -> NodeRequest {
      var request = plain
      request.look = look
      return request
    }

    /// The first column of the rows, in order.
    func ids(_ look: Look) throws -> [Int] {
      var ids: [Int] = []
      try engine.stream(request(look), begin: { _ in }, rows: { ids += ($0.columns[0].numbers ?? []).map { Int($0) } })
      return ids
    }

    func open(_ look: Look) throws -> Int {
      guard case .opened(let node) = try engine.run(.open(request(look))), case .exact(let rows) = node.count else {
        return -1
      }
      return rows
    }

    func page(_ look: Look, _ range: Range<Int>) throws -> RowPage {
      _ = try open(look)
      guard case .rows(let page) = try engine.run(.rows(request(look), range)) else { throw EngineError.notReady }
      return page
    }

    func find(_ look: Look, _ search: Search) throws -> Found? {
      if case .found(let found) = try engine.run(.find(request(look), search)) { found } else { nil }
    }
  }

  static let filters: [(RowFilter, [Int])] = [
    (.matches(TextMatch("file", in: ["name"])), [1, 2, 3, 5]),
    (.matches(TextMatch("File", in: ["name"])), [3]),
    (.matches(TextMatch("^2024")), [1, 2, 5, 7]),
    (.matches(TextMatch("\\S12", in: ["name"])), []),
    (.expression("age > 30 and name = \"file2\""), [5]),
    (.expression("age > 30 & ok"), [1, 6]),
    (.equals(column: "age", .integer(31)), [1, 6]),
    (.equals(column: "age", .null), [2]),
    (.equals(column: "name", .text("file2")), [2, 5]),
    (.mark(.range(column: "age", lower: 30, upper: 45, includesUpper: false, kind: .number)), [1, 4, 6]),
    (.mark(.equals(column: "name", value: nil)), [4]),
  ]

  @Test(arguments: [true, false])
  func everyFilterChoosesItsRowsAndItsInverseTheOthers(keepsTables: Bool) throws {
    let bench = try Bench(keepsTables: keepsTables)
    for (filter, expected) in Self.filters {
      #expect(try bench.ids(Look(filters: [filter])) == expected, "\(filter)")
      let others = (1...7).filter { !expected.contains($0) }
      #expect(try bench.ids(Look(filters: [filter.inverse])) == others, "not \(filter)")
      #expect(filter.inverse.inverse == filter)
    }
  }

  @Test func aFilterKeptAsAnExpressionChoosesTheSameRows() throws {
    let bench = try Bench()
    guard case .opened(let node) = try bench.engine.run(.open(bench.plain)) else { return }
    for (filter, _) in Self.filters {
      for filter in [filter, filter.inverse] {
        let condition = try #require(filter.condition(over: node.schema))
        #expect(
          try bench.ids(Look(filters: [.expression(condition)])) == bench.ids(Look(filters: [filter])), "\(condition)")
      }
    }
  }

  @Test(arguments: [true, false]) func textsSortNaturallyAndMissingOnesStandLast(keepsTables: Bool) throws {
    let bench = try Bench(keepsTables: keepsTables)
    #expect(try bench.ids(Look(sort: [SortKey("name")])) == [3, 7, 6, 2, 5, 1, 4])
    #expect(try bench.ids(Look(sort: [SortKey("name", descending: true)])) == [1, 2, 5, 6, 7, 3, 4])
    #expect(try bench.ids(Look(sort: [SortKey("age"), SortKey("name", descending: true)])) == [7, 4, 1, 6, 3, 5, 2])
  }

  @Test func aSortKeptAsAStepHasTheSameOrder() throws {
    let bench = try Bench()
    var stepped = bench.plain
    stepped.node = try stepped.graph.add(.sort([SortKey("name")]), after: stepped.node)
    var ids: [Int] = []
    try bench.engine.stream(
      stepped, begin: { _ in }, rows: { ids += ($0.columns[0].numbers ?? []).map { Int($0) } })
    #expect(ids == [3, 7, 6, 2, 5, 1, 4])
  }

  @Test func rankedAndComparedTextsHaveOneOrder() throws {
    let rows = 250_000
    let names = (0..<rows).map { "\($0),v\($0 &* 7919 % 997) \($0 % 2 == 0 ? "" : "x12y")" }
    let bench = try Bench("id,name\n" + names.joined(separator: "\n") + "\n")
    for descending in [false, true] {
      let keys = [SortKey("name", descending: descending)]
      let ranked = try bench.ids(Look(sort: keys))
      // A second key takes the other road through the same ranks; a filter makes the table small and compares.
      #expect(try ranked == bench.ids(Look(sort: keys + [SortKey("id")])))
      let few = try bench.ids(Look(filters: [.expression("id < 1000")], sort: keys))
      #expect(ranked.filter { $0 < 1000 } == few)
    }
  }

  @Test func manyTextsHaveTheOrderOfFewWhetherShortOrLong() throws {
    // Every eighth name is missing, some are empty, and each stands twice.
    func name(_ row: Int, _ tail: String) -> String {
      let number = row / 2 &* 7919 % 125_003
      return row % 8 == 7 ? "" : row % 1000 == 0 ? "\"\"" : "\(number % 3 == 0 ? "é" : "B")\(number)\(tail)"
    }
    for tail in ["", " and a text that is longer than a number holds"] {
      let rows = (0..<250_000).map { "\($0),\(name($0, tail))" }
      let bench = try Bench("id,name\n" + rows.joined(separator: "\n") + "\n")
      for descending in [false, true] {
        let keys = [SortKey("name", descending: descending)]
        let all = try bench.ids(Look(sort: keys))
        #expect(all.count == 250_000)
        // A filter makes the table small, and so compares texts.
        let few = try bench.ids(Look(filters: [.expression("id % 50 = 7 or id < 2000")], sort: keys))
        let chosen = Set(few)
        #expect(all.filter(chosen.contains) == few)
        #expect(all.suffix(20).allSatisfy { $0 % 8 == 7 })
      }
    }
  }

  @Test(arguments: [0.0, 60.0]) func aSlowFilterShowsItsFirstRowsBeforeTheRest(patience: Double) throws {
    let rows = 1_200_000
    var text = "id,kind\n"
    for row in 0..<rows { text += "\(row),\(row % 3)\n" }
    let bench = try Bench(text, patience: patience)
    _ = try bench.open(Look())
    let look = Look(filters: [.equals(column: "kind", .integer(1))])
    let context = Partials()
    guard case .opened(let node) = try bench.engine.run(.open(bench.request(look)), context: context) else { return }
    #expect(node.count == .exact(rows / 3))
    #expect(context.counts.first == (patience == 0 ? .atLeast(NodeStore.firstPart / 3) : nil))
    let page = try bench.page(look, 300_000..<300_002)
    #expect(page.ids == [900_001, 900_004])
    #expect(page.rows.text(0, 0) == "900001")
  }

  @Test func aPageOfAViewNamesTheRowsOfTheTableBelow() throws {
    let bench = try Bench()
    let page = try bench.page(Look(sort: [SortKey("age", descending: true)]), 1..<4)
    #expect(page.ids == [2, 0, 5])
    #expect(page.rows.columns.count == 6)
    guard
      case .position(let place) = try bench.engine.run(
        .locate(bench.request(Look(sort: [SortKey("age", descending: true)])), row: 2))
    else { return }
    #expect(place == 1)
    let filtered = Look(filters: [.equals(column: "age", .integer(31))])
    guard case .position(let next) = try bench.engine.run(.locate(bench.request(filtered), row: 2)) else { return }
    #expect(next == 1)
  }

  @Test func newColumnsCanBeFilteredSortedAndFound() throws {
    let bench = try Bench()
    let columns: [ColumnChange] = [
      .type(column: "price", .currency), .derive(name: "double", expression: "price * 2"),
    ]
    let page = try bench.page(Look(columns: columns), 0..<7)
    #expect(page.rows["price"]?.numbers?.map { $0.isNaN ? -1 : $0 } == [1.5, 1200, -3, -1, 7, 9, 8.25])
    #expect(page.rows["double"]?.text(1) == "2400.0")
    #expect(try bench.ids(Look(columns: columns, filters: [.expression("double > 15")])) == [2, 6, 7])
    #expect(try bench.ids(Look(columns: columns, sort: [SortKey("double")])) == [3, 1, 5, 7, 6, 2, 4])
    let found = try bench.find(Look(columns: columns), Search(TextMatch("2400", in: ["double"]), from: 0))
    #expect(found == Found(row: 1, column: "double", ordinal: 1, total: 1))
  }

  @Test func cellsThatATypeCannotHoldAreCounted() throws {
    let bench = try Bench()
    func losses(_ column: String, _ type: ShownType) throws -> [String: Int] {
      let look = Look(columns: [.type(column: column, type)])
      if case .losses(let losses) = try bench.engine.run(.losses(bench.request(look))) { return losses }
      return ["?": -1]
    }
    #expect(try losses("name", .integer) == ["name": 6])
    #expect(try losses("price", .currency) == ["price": 1])
    #expect(try losses("age", .text).isEmpty)
    #expect(throws: (any Error).self) { try losses("age", .date) }
  }

  @Test func aSearchGoesRoundAndCountsRows() throws {
    let bench = try Bench()
    let match = TextMatch("file", in: ["name"])
    #expect(try bench.find(Look(), Search(match, from: 3)) == Found(row: 4, column: "name", ordinal: 4, total: 4))
    #expect(
      try bench.find(Look(), Search(match, from: 5))
        == Found(row: 0, column: "name", ordinal: 1, total: 4, isWrapped: true))
    #expect(
      try bench.find(Look(), Search(match, from: 3, isBackward: true))
        == Found(row: 2, column: "name", ordinal: 3, total: 4))
    #expect(try bench.find(Look(), Search(TextMatch("nowhere"), from: 0)) == Found(row: nil, total: 0))
    #expect(try bench.find(Look(), Search(TextMatch("2022"), from: 0))?.column == "day")
    let sorted = Look(sort: [SortKey("age")])
    #expect(try bench.find(sorted, Search(match, from: 0)) == Found(row: 2, column: "name", ordinal: 1, total: 4))
  }

  @Test func marksAreRowsAndRulesInTheOrderTheyWereMade() throws {
    let bench = try Bench()
    var marks = MarkedRows()
    marks.append(.add([0...0]))
    marks.append(.add([1...1, 5...6]))
    marks.append(.remove([6...6]))
    marks.append(.addWhere(.equals(column: "age", .integer(30))))
    #expect(try bench.ids(Look(filters: [.marked(marks)])) == [1, 2, 4, 6])
    guard case .count(let count) = try bench.engine.run(.count(bench.request(Look(filters: [.marked(marks)]))))
    else { return }
    #expect(count == 4)
    let sorted = bench.request(Look(sort: [SortKey("age")]))
    guard case .rowIDs(let ids) = try bench.engine.run(.rowIDs(sorted, 0..<3)) else { return }
    #expect(ids == [0...0, 3...3, 6...6])
  }

  @Test func whatCannotBeUnderstoodIsSaidClearly() throws {
    let bench = try Bench()
    func fault(_ look: Look) -> String {
      do {
        _ = try bench.open(look)
        return "no fault"
      } catch {
        return "\(error)"
      }
    }
    #expect(fault(Look(filters: [.matches(TextMatch("("))])).contains("/(/ is no regular expression"))
    #expect(fault(Look(filters: [.expression("agee > 3")])).contains("did you mean age"))
    #expect(fault(Look(sort: [SortKey("nme")])).contains("no column \"nme\""))
    #expect(fault(Look(filters: [.equals(column: "x", .null)])).contains("no column \"x\""))
    #expect(throws: EngineError.self) { try bench.find(Look(), Search(TextMatch("[a"), from: 0)) }
  }

  @Test func oddNamesAndEmptyTablesAreNothingSpecial() throws {
    let bench = try Bench("\"a \"\"q\"\" 😀\",__row\nx,1\ny,2\n")
    let name = "a \"q\" 😀"
    let look = Look(filters: [.matches(TextMatch("Y|y", in: [name]))], sort: [SortKey(name)])
    #expect(try bench.page(look, 0..<5).ids == [1])
    let empty = try Bench("a,b\n")
    #expect(try empty.open(Look(filters: [.matches(TextMatch("x"))], sort: [SortKey("a")])) == 0)
    #expect(try empty.find(Look(), Search(TextMatch("x"), from: 0)) == Found(row: nil, total: 0))
  }

  @Test func aPlainLookIsWrittenAsEver() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(Look()), as: UTF8.self) == #"{"filters":[],"sort":[]}"#)
  }
}
