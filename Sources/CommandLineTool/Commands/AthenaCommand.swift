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
      printed, or written with -o to any file that assay writes.
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

  @OptionGroup var output: RowOutputOptions

  @Flag(help: "The same as --format json.")
  var json = false

  @OptionGroup var cloud: CloudOptions

  func run(_ headless: Headless) throws {
    let target = try output.target(headless.console, isJSON: json)
    let athena = AthenaClient(cloud.session(headless), context: headless.context)
    let id = try athena.start(sql, database: database, output: outputLocation, workgroup: workgroup)
    let done = try athena.wait(id)
    let result = try athena.result(id)
    if let bytes = done.bytesScanned {
      let cost = String(format: "%.4f", AthenaClient.cost(bytes: bytes))
      headless.notes.clearProgress()
      headless.console.tell("scanned \(sizeText(bytes)), about $\(cost) at $5 a terabyte")
    }
    let file = NSTemporaryDirectory() + "assay-athena-\(UUID().uuidString).csv"
    try Data(result.csv.utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    var types: [String: String] = [:]
    for column in result.columns { types[column.name] = Self.type(column.type) }
    let source = Source(
      location: file, format: .csv, options: ReadOptions(delimiter: ",", hasHeader: true, types: types))
    let engine = headless.engine(.none)
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

  /// Athena's name of a type as DuckDB has it.
  private static func type(_ type: String) -> String {
    switch type {
    case "tinyint", "smallint", "integer", "bigint", "double", "boolean", "date": type.uppercased()
    case "float", "real": "FLOAT"
    case "timestamp": "TIMESTAMP"
    default: type.hasPrefix("decimal(") ? type.uppercased() : "VARCHAR"
    }
  }
}

extension AthenaResult {
  /// The result with a header: missing values are nothing, empty texts are quoted.
  fileprivate var csv: String {
    func cell(_ text: String?) -> String { text.map { "\"" + $0.doubling("\"") + "\"" } ?? "" }
    let lines = [columns.map { cell($0.name) }] + rows.map { $0.map(cell) }
    return lines.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }
}
