import ArgumentParser
import Engine
import Foundation
import Frame

/// `assay query`.
struct QueryCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Run SQL over a source; the table is called data.",
    discussion: """
      The dialect is DuckDB's: assay query sales.csv 'SELECT region, sum(amount) FROM data GROUP BY ALL'.
      Without --format the ending of -o decides; without both a terminal gets a table and a pipe gets CSV.
      """)

  @OptionGroup var source: SourceOptions

  @Argument(help: "The query.")
  var sql: String

  @OptionGroup var output: RowOutputOptions

  @Flag(help: "The same as --format json.")
  var json = false

  func validate() throws {
    if json, let format = output.format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) contradict each other")
    }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let target = try output.target(headless.console, isJSON: json)
    let source = source.value
    switch target {
    case .file(let path, let format):
      let rows = try engine.write(sql, over: source, to: path, format: format, context: headless.context)
      headless.console.tell("wrote \(counted(rows, "row")) to \(path)")
    case .stream(let format):
      var writer = format.writer(headless.console)
      try engine.stream(sql, over: source, context: headless.context) { schema in
        try headless.console.restart()
        try writer.begin(schema)
      } rows: {
        try writer.append($0)
      }
      try writer.end()
    }
    try headless.tellSkipped(source, engine)
  }
}
