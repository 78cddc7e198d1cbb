import Engine
import Flow
import Foundation
import Frame
import ProgramDriver
import Testing

/// The real flows of Data Wrangler through the command line, with small files in place of their sources.
@Suite(.serialized) struct DataWranglerCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func flow(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("FlowTests/DataWrangler/\(name).flow").path
  }

  private func tracks() throws -> String {
    var text = "trackId,length,energy,acousticness,valence,speechiness,instrumentalness,liveness,tempo,genre\n"
    for row in 0..<10 { text += "t\(row),\(row).5,0.\(row),0.1,0.2,0.3,0.4,0.5,90,\(["Rap", "Jazz"][row % 2])\n" }
    return try folder.file("my tracks.csv", text)
  }

  private func ratings() throws -> String {
    var text = "ratingEventId,ts,userId,trackId,sessionId,itemInSession,Rating\n"
    for row in 0..<60 { text += "r\(row),\(row),\(row % 5),t\(row % 12),\(row),\(row),\(row % 6)\n" }
    return try folder.file("ratings.csv", text)
  }

  @Test func showNamesTheStepsThatAreNotRun() throws {
    defer { folder.remove() }
    let answer = try assay("flow", "show", flow("Hotel-Bookings-Classification"))
    #expect(answer.exitCode == 0, "\(answer.error)")
    #expect(answer.output.contains("custom_code: Python (PySpark) – it is Python (PySpark) code"))
    #expect(answer.output.contains("MealsTranform"))
    // Its analyses are there by their names.
    #expect(answer.output.contains("== Table Summary on"))
    #expect(answer.output.contains("== Model (Post Transform) on"))
    #expect(answer.output.contains("== Target Leakage (Pre Transform) on"))
    #expect(answer.output.contains("== VIF on") && answer.output.contains("== Lasso on"))
    #expect(answer.error.contains("s6 Handle outliers"))
  }

  @Test func filesThatAreMissingAreAskedFor() throws {
    defer { folder.remove() }
    let answer = try assay("flow", "run", flow("join"), "--node", "jointrackid.csv", "-o", "-")
    #expect(answer.exitCode == 2)
    #expect(answer.error.contains("--input tracks.csv=FILE --input ratings.csv=FILE"))
    let half = try assay("flow", "run", flow("join"), "--input", "tracks.csv=\(tracks())", "-o", "-")
    #expect(half.error.contains("Give files with --input ratings.csv=FILE."))
    let folderOfFiles = try assay("flow", "run", flow("timeseries"), "-o", "-")
    #expect(folderOfFiles.error.contains("--input trip_data=FILE"))
  }

  @Test func theJoinRunsWithOtherFiles() throws {
    defer { folder.remove() }
    let answer = try assay(
      "flow", "run", flow("join"), "--input", "tracks.csv=\(tracks())", "--input", "ratings=\(ratings())", "--node",
      "jointrackid.csv", "-o", "-")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let lines = answer.output.split(separator: "\n")
    #expect(lines.count == 51)
    #expect(lines[0].hasPrefix("trackId_0,length,energy"))
    #expect(lines[0].contains("genre_Jazz,genre_Rap,danceability"))
    #expect(lines[0].contains("trackId_1"))
    #expect(!answer.error.contains("NOT RUN"))
  }

  @Test func aStepThatIsNotRunIsToldLoudly() throws {
    defer { folder.remove() }
    let answer = try assay(
      "flow", "run", flow("join"), "--input", "tracks.csv=\(tracks())", "--input", "ratings=\(ratings())", "--node",
      "calculate 5-star ratings", "-o", "-")
    #expect(answer.exitCode == 0, "\(answer.error)")
    #expect(answer.error.contains("calculate 5-star ratings is NOT RUN, its rows pass unchanged"))
    // What follows needs its columns: the fault says so.
    let rest = try assay(
      "flow", "run", flow("join"), "--input", "tracks.csv=\(tracks())", "--input", "ratings=\(ratings())", "-o", "-")
    #expect(rest.exitCode == 1)
    #expect(rest.error.contains("no column \"Rating\""))
    #expect(rest.error.contains("is NOT RUN"))
  }

  @Test func theHotelFlowRunsToItsEnd() throws {
    defer { folder.remove() }
    let file = try FlowFile(contentsOf: flow("Hotel-Bookings-Classification"))
    guard case .cast(let casts) = file.graph.steps[1].operation else { throw FlowError.noSuchStep("s2") }
    var text = casts.map(\.column).joined(separator: ",") + "\n"
    for row in 0..<60 {
      text +=
        casts.map { cast -> String in
          switch cast.column {
          case "is_canceled": row % 3 == 0 ? "1" : "0"
          case "meal": ["BB", "HB", "Undefined"][row % 3]
          case "lead_time": "\(row)"
          default: cast.to.isNumeric ? "\(row % 4)" : "v\(row % 2)"
          }
        }.joined(separator: ",") + "\n"
    }
    let hotel = try folder.file("h.csv", text)
    let answer = try assay(
      "flow", "run", flow("Hotel-Bookings-Classification"), "--input", "hotel_bookings.csv=\(hotel)", "-o",
      folder.path("out.csv"))
    #expect(answer.exitCode == 0, "\(answer.error)")
    // 20 of 60 are cancelled, brought to 40.
    #expect(answer.error.contains("wrote 80 rows"))
    #expect(try folder.read("out.csv").contains("is_canceled,lead_time"))
  }

  @Test func importWritesAFlowAndItsNotes() throws {
    defer { folder.remove() }
    let out = folder.path("mine.flow")
    let answer = try assay("flow", "import", flow("claims"), "-o", out, "--json")
    #expect(answer.exitCode == 0, "\(answer.error)")
    let json = try answer.json()
    #expect(json["steps"] as? Int == 34)
    #expect(json["analyses"] as? Int == 0)
    let notes = try #require(json["notes"] as? [[String: Any]])
    #expect(notes.filter { $0["weight"] as? String == "missing" }.count == 2)
    let saved = try FlowFile(contentsOf: out)
    #expect(saved.reading == nil)
    #expect(saved.graph == (try FlowFile(contentsOf: flow("claims"))).graph)
    #expect(try assay("flow", "import", out, "-o", out).exitCode == 2)
    #expect(try assay("flow", "import", flow("claims")).exitCode == 2)
  }

  @Test func exportGivesTheFlowBack() throws {
    defer { folder.remove() }
    for name in ["Hotel-Bookings-Classification", "join", "timeseries"] {
      let out = folder.path("back.flow")
      let answer = try assay("flow", "export", flow(name), "--format", "datawrangler", "-o", out)
      #expect(answer.exitCode == 0, "\(answer.error)")
      let (first, second) = (try FlowFile(contentsOf: flow(name)), try FlowFile(contentsOf: out))
      #expect(second.graph == first.graph)
      #expect(second.analyses == first.analyses)
      #expect(second.attachments == first.attachments)
    }
    let printed = try assay("flow", "export", flow("join"), "--format", "datawrangler")
    #expect(try printed.json()["nodes"] != nil)
  }

  @Test func exportOfAFlowOfAssayNamesWhatIsNotWritten() throws {
    defer { folder.remove() }
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: try folder.file("people.csv", people)))
    let filter = try graph.add(.filter("age > 40"), after: source)
    let group = try graph.add(
      .transform(
        TransformSpec("group-by", ["keys": ["city"], "aggregates": [["function": "mean", "column": "age"]]])),
      after: filter)
    var file = FlowFile(name: "older", graph: graph)
    file.add(.histogram(column: "age"), on: filter)
    file.add(.box(column: "age"), on: filter)
    let path = folder.path("older.flow")
    try file.write(to: path)
    let out = folder.path("dw.flow")
    let json = try assay("flow", "export", path, "--format", "datawrangler", "-o", out, "--json").json()
    let notes = try #require(json["notes"] as? [[String: Any]])
    let missing = notes.filter { $0["weight"] as? String == "missing" }.compactMap { $0["subject"] as? String }
    #expect(missing.contains("Box: age"))
    // The group is said in Spark's SQL, for the file's columns are known.
    #expect(notes.contains { $0["step"] as? String == group.rawValue && $0["weight"] as? String == "info" })
    let back = try FlowFile(contentsOf: out)
    #expect(back.analyses.map(\.name) == ["Histogram: age"])
    #expect(back.graph.steps.map(\.operation.kind.rawValue) == ["source", "filter", "sql"])
    let sql = try assay("flow", "export", path, "--format", "sql", "--dialect", "spark")
    #expect(sql.output.hasPrefix("-- Group by"), "\(sql.error)")
    #expect(sql.output.contains("GROUP BY"))
    #expect(try assay("flow", "export", path, "--format", "sql").output.contains("read_csv"))
    #expect(try assay("flow", "export", flow("join"), "--format", "sql").exitCode == 2)
  }

  @Test func aFileThatIsBrokenIsRefused() throws {
    defer { folder.remove() }
    let broken = try folder.file("x.flow", #"{"metadata": {"version": 1}, "nodes": [{"node_id": "a"}]}"#)
    let answer = try assay("flow", "show", broken)
    #expect(answer.exitCode == 1)
    #expect(answer.error.contains("cannot be read as a flow of Data Wrangler (it has no \"operator\")"))
  }
}
