import Flow
import Foundation
import Frame
import Insight
import Plot
import Testing

@testable import Engine

/// What charts take, and what they refuse.
@Suite struct ChartSpecTests {
  private let schema = [
    Column(name: "age", type: "BIGINT"), Column(name: "sex", type: "VARCHAR"), Column(name: "day", type: "DATE"),
    Column(name: "is \"new\"", type: "BOOLEAN"), Column(name: "price", type: "DOUBLE"),
  ]

  @Test func everyKindSaysWhatItTakes() {
    for kind in ChartSpec.Kind.allCases {
      #expect(Set(kind.roles.map(\.role)).count == kind.roles.count && !kind.roles.isEmpty)
      #expect(Set(kind.options).count == kind.options.count)
      #expect(kind.roles.allSatisfy { !$0.summary.isEmpty })
    }
    #expect(ChartSpec.Kind.scatter.use(of: .y)?.isRequired == true)
    #expect(ChartSpec.Kind.line.use(of: .y)?.isRequired == false)
    #expect(ChartSpec.Kind.correlation.use(of: .x) == nil)
  }

  @Test func whatCanBeDrawnHasNoFault() {
    let fine = [
      ChartSpec(.histogram, x: "day", colorBy: "sex"), ChartSpec(.bars, x: "sex", y: "is \"new\"", aggregate: .mean),
      ChartSpec(.line, x: "day", y: "price"), ChartSpec(.box, x: "price", by: "sex", hasLogX: true),
      ChartSpec(.scatter, x: "age", y: "day", facetBy: "sex", hasLogX: true, trend: .linear),
      ChartSpec(.correlation), ChartSpec(.correlation, columns: ["age", "is \"new\""]),
      ChartSpec(.density, x: "age", y: "price", bins: 20),
    ]
    for spec in fine { #expect(spec.fault(schema: schema) == nil && spec.surplus == nil, "\(spec)") }
  }

  @Test func faultsSayWhatIsWrongWithWhat() {
    func fault(_ spec: ChartSpec) -> String { spec.fault(schema: schema) ?? "" }
    #expect(fault(ChartSpec(.violin)) == "A violin plot needs a column for x.")
    #expect(fault(ChartSpec(.bars, x: "nope")).hasPrefix("There is no column \"nope\". The columns are: age, sex"))
    #expect(
      fault(ChartSpec(.line, x: "sex"))
        == "The column \"sex\" cannot be x of a line chart: numbers, dates or times are needed, not texts.")
    #expect(fault(ChartSpec(.line, x: "day", y: "sex")).contains("numbers or truth values are needed, not texts"))
    #expect(
      fault(ChartSpec(.histogram, x: "day", hasLogX: true))
        == "The column \"day\" holds dates, and a logarithmic axis needs numbers.")
    #expect(fault(ChartSpec(.histogram, x: "age", bins: 0)) == "--bins takes a number from 1 to 1000, not 0.")
    #expect(fault(ChartSpec(.bars, x: "sex", aggregate: .sum)).contains("name it with --y"))
    #expect(fault(ChartSpec(.correlation, columns: ["age"])).contains("two columns"))
    // What a kind has no use for does not hurt, and is told apart.
    let spec = ChartSpec(.density, x: "age", y: "price", by: "nope")
    #expect(spec.fault(schema: schema) == nil)
    #expect(spec.surplus?.hasPrefix("--by is not for a density heatmap, which takes --x, --y,") == true)
  }

  @Test func aSpecComesBackFromJSONAsItWas() throws {
    let spec = ChartSpec(
      .scatter, x: "a", y: "b", colorBy: "c", facetBy: "d", hasLogX: true, hasLogY: true, sample: 50, trend: .loess)
    #expect(try JSONDecoder().decode(ChartSpec.self, from: JSONEncoder().encode(spec)) == spec)
    let plain = try JSONSerialization.jsonObject(
      with: JSONEncoder().encode(ChartSpec(.line, x: "a", aggregate: .median)))
    #expect(plain as? [String: String] == ["kind": "line", "x": "a", "aggregate": "median"])
  }

  @Test func allPartsOfASelectionHaveToHold() throws {
    let interval = ChartSelection.Interval(column: "age", lower: 20, upper: 30, includesUpper: false, kind: .integer)
    let selection = ChartSelection.equals(column: "sex", value: "it's").and(
      .range(column: "age", lower: 20, upper: 30, includesUpper: false, kind: .integer))
    let filter = RowFilter.mark(selection)
    #expect(filter.condition(over: schema) == "(text([sex]) = 'it''s') and ([age] >= 20.0 and [age] < 30.0)")
    let sql = try filter.condition(schema, id: "__row")
    let database = try Database()
    let rows = "SELECT * FROM (VALUES ('it''s', 20), ('it''s', 30), ('x', 25), (NULL, 25)) t(sex, age)"
    let found = try database.query("SELECT count(*) FROM (\(rows)) WHERE \(sql)")
    #expect(found.value(0, 0) == .integer(1) && interval.lower == 20)
    let data = try JSONEncoder().encode(selection)
    #expect(try JSONDecoder().decode(ChartSelection.self, from: data) == selection)
    #expect(ChartSelection.none.and(.none) == .none)
    #expect(RowFilter.mark(.all([.pair(row: "a", column: "b"), selection])).condition(over: schema) == nil)
  }

  @Test func everyKindIsDrawnWholeAndInFacets() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-charts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("t.csv").path
    try Data(Self.table.utf8).write(to: URL(fileURLWithPath: file))
    let engine = Engine(configuration: .init(locations: Locations(environment: ["HOME": folder.path]), threads: 1))
    defer { engine.close() }
    let source = Source(location: file)
    let specs = [
      ChartSpec(.histogram, x: "age"), ChartSpec(.bars, x: "sex", y: "price", aggregate: .sum),
      ChartSpec(.box, x: "price", by: "sex"), ChartSpec(.violin, x: "price", by: "sex"),
      ChartSpec(.scatter, x: "age", y: "price", trend: .linear), ChartSpec(.line, x: "day", y: "price"),
      ChartSpec(.density, x: "age", y: "price", bins: 10), ChartSpec(.correlation),
    ]
    for spec in specs {
      for facet in [nil, "say \"hi\""] {
        var spec = spec
        if facet != nil, spec.kind.use(of: .facetBy) == nil { continue }
        spec.facetBy = facet
        guard
          case .analysis(.chart(let chart), let provenance) = try engine.run(
            .analyze(NodeRequest(source: source), .chart(spec)))
        else {
          Issue.record("no chart of \(spec)")
          continue
        }
        #expect(provenance.rows == 60, "\(spec)")
        #expect((chart.kind.rawValue == "facets") == (facet != nil))
        #expect(try !chart.table().rows.isEmpty, "\(spec)")
      }
    }
    #expect(
      throws: EngineError.chart(
        "The column \"sex\" cannot be x of a box plot: numbers, dates or times are needed, not texts.")
    ) {
      try engine.run(.analyze(NodeRequest(source: source), .chart(ChartSpec(.box, x: "sex"))))
    }
  }

  private static let table: String =
    "age,price,sex,day,\"say \"\"hi\"\"\"\n"
    + (0..<60).map {
      "\($0 % 17),\($0).5,\($0 % 3 == 0 ? "m" : "f"),2024-\(1 + $0 % 12)-0\(1 + $0 % 9),\"g, \($0 % 4) 👋\"\n"
    }
    .joined()
}
