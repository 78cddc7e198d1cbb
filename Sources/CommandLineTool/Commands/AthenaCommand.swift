import ArgumentParser
import Cloud
import Engine
import Foundation
import Frame

/// `assay athena`.
struct AthenaCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "athena", abstract: "Run SQL on Amazon Athena.",
    discussion: """
      assay athena 'SELECT region, sum(amount) FROM sales.orders GROUP BY 1' --output-location s3://lake/athena/

      What was scanned and what that costs are told at the end. An interrupt stops the query at Athena too. The rows are \
      printed, or written with -o to any file that assay writes. A long result is better unloaded: --unload \
      s3://lake/results/ has Athena write it as Parquet there, in a folder of its own, from where it is read and where \
      it stays.
      """)

  @Argument(help: "The query, in Athena's SQL.")
  var sql: String

  @Option(help: ArgumentHelp("The database of tables that are named without one.", valueName: "name"))
  var database: String?

  @Option(
    help: ArgumentHelp(
      "Where Athena puts its result; not needed where the workgroup says it.", valueName: "s3://bucket/prefix/"))
  var outputLocation: String?

  @Option(help: ArgumentHelp("The workgroup.", valueName: "name"))
  var workgroup: String?

  @Option(
    help: ArgumentHelp(
      "Has Athena write the rows as Parquet below a prefix, where they stay.", valueName: "s3://bucket/prefix/"))
  var unload: String?

  @OptionGroup var output: RowOutputOptions

  @Flag(help: "The same as --format json.")
  var json = false

  @OptionGroup var cloud: CloudOptions

  func run(_ headless: Headless) throws {
    let target = try output.target(headless.console, isJSON: json)
    let query = AthenaQuery(sql, database: database, output: outputLocation, workgroup: workgroup, unload: unload)
    let engine = headless.engine(.none)
    let outcome = try engine.athena(query, cloud.session(headless), context: headless.context)
    headless.notes.clearProgress()
    if let bytes = outcome.bytesScanned {
      let cost = outcome.dollars.map { String(format: ", about $%.5f at $5 a terabyte", $0) } ?? ""
      headless.console.tell("scanned \(sizeText(bytes))\(cost)")
    }
    guard let path = outcome.path else { return headless.console.tell("done: the statement returns no rows") }
    if unload != nil { headless.console.tell("\(counted(outcome.rows, "row")) as Parquet below \(path)") }
    defer { if unload == nil { try? FileManager.default.removeItem(atPath: path) } }
    let source = Source(location: path, format: .parquet)
    switch target {
    case .file(let path, let format):
      let rows = try engine.write(
        "SELECT * FROM data", over: source, to: path, format: format, context: headless.context)
      headless.console.tell("wrote \(counted(rows, "row")) to \(path)")
    case .stream(let format):
      var writer = format.writer(headless.console)
      try engine.stream("SELECT * FROM data", over: source, context: headless.context) { schema in
        try headless.console.restart()
        try writer.begin(schema)
      } rows: {
        try writer.append($0)
      }
      try writer.end()
    }
  }
}
