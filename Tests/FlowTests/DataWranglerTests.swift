import Foundation
import Frame
import Testing

@testable import Flow

/// A flow of Data Wrangler among the tests' resources. Account numbers in addresses are zeros, and what an insights report
/// had found is left out.
func dataWranglerFlow(_ name: String) throws -> DataWranglerDocument {
  let url = try #require(Bundle.module.resourceURL).appendingPathComponent("DataWrangler/\(name).flow")
  return try JSONDecoder().decode(DataWranglerDocument.self, from: Data(contentsOf: url))
}

/// The file as a person would hand it on: written and read again.
func rewritten(_ document: DataWranglerDocument) throws -> DataWranglerDocument {
  try JSONDecoder().decode(DataWranglerDocument.self, from: JSONEncoder().encode(document))
}

struct DataWranglerTests {
  static let names = [
    "01_music_dataprep", "Hotel-Bookings-Classification", "claims", "dw_example", "join",
    "restate-athena-california", "timeseries",
  ]

  private func kinds(_ graph: FlowGraph) -> [String] { graph.steps.map(\.operation.kind.rawValue) }

  @Test(arguments: names) func everyNodeOfARealFlowIsAccountedFor(name: String) throws {
    let document = try dataWranglerFlow(name)
    let imported = try DataWranglerImport(document)
    #expect(imported.graph.validate().isEmpty)
    let transforms = document.nodes.filter { $0.type == "TRANSFORM" }
    // Types that Data Wrangler has not found yet are no step; everything else is one, or several.
    let untyped = transforms.filter { $0.kind == "infer_and_cast_type" && $0.trained?["schema"] == nil }.count
    let parts = transforms.reduce(0) { $0 + max(0, $1.outputs.count - 1) }
    let sources = document.nodes.filter { $0.type == "SOURCE" }.count
    // A scaled number becomes text before it is a category.
    let casts = name.hasPrefix("Hotel") ? 1 : 0
    #expect(imported.graph.steps.count == sources + transforms.count - untyped + parts + casts)
    #expect(imported.visualizations.count == document.nodes.filter { $0.type == "VISUALIZATION" }.count)
    #expect(imported.destinations.count == document.nodes.filter { $0.type == "DESTINATION" }.count)
    // What does not run is named.
    let foreign = imported.graph.steps.filter { $0.operation.kind.rawValue == "foreign" }
    let named = Set(imported.notes.filter { $0.weight == .missing }.compactMap(\.step))
    #expect(Set(foreign.map(\.id)) == named)
    for step in foreign { #expect(step.note?.contains("is not run") == true, "\(step.id)") }
  }

  @Test(arguments: [
    ("01_music_dataprep", 3), ("Hotel-Bookings-Classification", 1), ("claims", 2), ("dw_example", 0), ("join", 1),
    ("restate-athena-california", 0), ("timeseries", 4),
  ]) func onlyCodeInPythonIsNotRun(name: String, count: Int) throws {
    let imported = try DataWranglerImport(dataWranglerFlow(name))
    let missing = imported.notes.filter { $0.weight == .missing }
    #expect(missing.count == count)
    #expect(missing.allSatisfy { $0.why.contains("code, which assay does not run") })
  }

  @Test(arguments: names) func exportedAndImportedAgainItIsTheSameFlow(name: String) throws {
    let first = try DataWranglerImport(dataWranglerFlow(name))
    let export = DataWranglerExport(
      first.graph, visualizations: first.visualizations, destinations: first.destinations)
    let second = try DataWranglerImport(rewritten(export.document))
    #expect(second.graph == first.graph)
    #expect(second.visualizations == first.visualizations)
    #expect(second.destinations == first.destinations)
    #expect(export.notes.filter { $0.weight == .missing }.isEmpty)
    // And once more: nothing grows.
    let again = DataWranglerExport(
      second.graph, visualizations: second.visualizations, destinations: second.destinations)
    #expect(again.document == export.document)
  }

  @Test(arguments: names) func withoutItsOriginsItIsStillWrittenInTheSameOperators(name: String) throws {
    let document = try dataWranglerFlow(name)
    var graph = try DataWranglerImport(document).graph
    for step in graph.steps where step.operation.kind != .source && !step.isInferredCast {
      try graph.setOrigin(step.id, nil)
    }
    let export = DataWranglerExport(graph)
    func operators(_ document: DataWranglerDocument) -> [String: Int] {
      let kinds = document.nodes.filter { $0.type == "TRANSFORM" || $0.type == "SOURCE" }.map(\.operatorID)
      return Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +)
    }
    var expected = operators(document)
    if name.hasPrefix("Hotel") { expected["sagemaker.spark.cast_single_data_type_0.1"] = 1 }
    #expect(operators(export.document) == expected)
    #expect(kinds(try DataWranglerImport(rewritten(export.document)).graph) == kinds(graph))
  }

  @Test func theFileHasTheFormOfDataWrangler() throws {
    let imported = try DataWranglerImport(dataWranglerFlow("join"))
    let document = DataWranglerExport(imported.graph).document
    #expect(document.metadata.number("version") == 1)
    let ids = document.nodes.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { UUID(uuidString: $0) != nil })
    let split = try #require(document.nodes.first { $0.kind == "split" })
    #expect(split.outputs.map(\.name) == ["Train", "Test"])
    let identities = document.nodes.filter { $0.kind == "identity" }
    #expect(identities.map(\.type) == ["DATASET", "DATASET"])
    #expect(identities.map { $0.inputs[0].outputName } == ["Train", "Test"])
    let join = try #require(document.nodes.first { $0.kind == "join_tables" })
    #expect(join.inputs.map(\.name) == ["df", "df"])
    #expect(join.name == "jointrackid.csv")
    let typed = try #require(document.nodes.first { $0.kind == "infer_and_cast_type" })
    #expect(typed.inputs.map(\.name) == ["default"])
    #expect(typed.trained?["schema"]?.record?["trackId"] == "string")
  }

  @Test func sourcesKeepTheirAddresses() throws {
    let music = try DataWranglerImport(dataWranglerFlow("join")).graph.sources
    guard case .source(let tracks) = music[0].operation else { throw FlowError.noSuchStep(music[0].id) }
    #expect(tracks.location.hasPrefix("s3://"))
    #expect(tracks.name == "tracks.csv")
    #expect(tracks.format == .csv)
    #expect(tracks.options.delimiter == ",")
    #expect(tracks.options.hasHeader == true)
    let athena = try DataWranglerImport(dataWranglerFlow("restate-athena-california"))
    #expect(athena.graph.sources[0].operation.summary == "athena://AwsDataCatalog/restate/restate-california")
    #expect(athena.notes.contains { $0.what.contains("SELECT * FROM \"restate\".\"california_10\"") })
  }

  @Test func theHotelFlowRunsToItsEnd() throws {
    let database = try Database()
    var imported = try DataWranglerImport(dataWranglerFlow("Hotel-Bookings-Classification"))
    guard case .cast(let casts) = imported.graph.steps[1].operation else { throw FlowError.noSuchStep("s2") }
    let columns = casts.map { cast -> String in
      let name = SQL.identifier(cast.column)
      switch cast.column {
      case "is_canceled": return "CASE WHEN i % 3 = 0 THEN '1' ELSE '0' END AS \(name)"
      case "children": return "CASE WHEN i % 10 = 0 THEN NULL ELSE '1' END AS \(name)"
      case "lead_time": return "CASE WHEN i = 7 THEN '100000' ELSE i::VARCHAR END AS \(name)"
      case "meal": return "['BB', 'HB', 'Undefined'][i % 3 + 1] AS \(name)"
      default: return cast.to.isNumeric ? "(i % 4)::VARCHAR AS \(name)" : "'v' || (i % 2) AS \(name)"
      }
    }
    let sql = "SELECT \(columns.joined(separator: ", ")) FROM range(60) t(i)"
    let source = imported.graph.steps[0].id
    let relations = [source: Relation(sql: sql, schema: try database.describe(sql))]
    let end = try #require(imported.graph.leaves.last)
    imported.graph = try Fitter(database).fitted(imported.graph, upTo: end, relations: relations)
    // Balancing is computed in Swift.
    let rows =
      try Fitter(database).computed(end, in: imported.graph, relations: relations)
      ?? Compiler(imported.graph, relations: relations).relation(of: end)
    let table = try database.query(
      "SELECT is_canceled, count(*) AS n FROM \(SQL.subquery(rows.sql)) GROUP BY ALL ORDER BY 1")
    // 60 rows without the one that lies far out, its classes brought to the same number.
    #expect(table.rowCount == 2)
    #expect(table.value(0, 1) == table.value(1, 1))
    let names = rows.schema.map(\.name)
    #expect(names.contains("meal_BB"))
    #expect(!names.contains("meal"))
    #expect(!names.contains("hotel"))
  }

  @Test func theJoinFlowRunsOnceItsPythonIsReplaced() throws {
    let database = try Database()
    var graph = try DataWranglerImport(dataWranglerFlow("join")).graph
    let tracks = """
      SELECT 't' || i AS "trackId", i AS length, i / 10 AS energy, 0.1 AS acousticness, 0.2 AS valence,
      0.3 AS speechiness, 0.4 AS instrumentalness, 0.5 AS liveness, 90 AS tempo, ['Rap', 'Jazz'][i % 2 + 1] AS genre
      FROM range(10) t(i)
      """
    let ratings = """
      SELECT 'r' || i AS "ratingEventId", i AS ts, i % 5 AS "userId", 't' || (i % 12) AS "trackId", i AS "sessionId",
      i AS "itemInSession", i % 6 AS "Rating" FROM range(60) t(i)
      """
    var relations: [StepID: Relation] = [:]
    for (step, sql) in zip(graph.sources, [tracks, ratings]) {
      relations[step.id] = Relation(sql: sql, schema: try database.describe(sql))
    }
    let code = try #require(graph.steps.first { $0.operation.kind.rawValue == "foreign" })
    #expect(code.name == "calculate 5-star ratings")
    try graph.replace(
      code.id,
      with: .transform(
        TransformSpec(
          "sql", ["query": "SELECT userId, avg(energy) AS energy_5star FROM data WHERE Rating = 5 GROUP BY userId"])))
    let parts = graph.steps.filter { $0.operation.kind.rawValue == "split" }.map(\.id)
    var counts: [String: Int] = [:]
    for part in parts {
      graph = try Fitter(database).fitted(graph, upTo: part, relations: relations)
      let compiler = Compiler(graph, relations: relations)
      let table = try database.query(compiler.sql(for: part))
      #expect(table.columns.first?.column.name == "Rating")
      #expect(table["danceability"] != nil)
      #expect(table["trackId_0"] == nil)
      counts[graph[part]?.title ?? ""] = table.rowCount
    }
    // 50 of 60 ratings are of known tracks; 4 in 5 of them are for training.
    #expect(counts == ["Train": 40, "Test": 10])
  }

  @Test func aFileThatDoesNotHangTogetherIsRefused() throws {
    var document = try dataWranglerFlow("join")
    document.nodes[3].inputs[0].nodeID = "none"
    #expect(throws: FlowError.self) { try DataWranglerImport(document) }
    document = try dataWranglerFlow("join")
    document.nodes.append(document.nodes[0])
    #expect(throws: FlowError.self) { try DataWranglerImport(document) }
    document = try dataWranglerFlow("dw_example")
    document.nodes[1].inputs[0].nodeID = document.nodes[2].id
    #expect(throws: FlowError.self) { try DataWranglerImport(document) }
  }
}
