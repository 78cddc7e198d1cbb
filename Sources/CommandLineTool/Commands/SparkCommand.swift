import ArgumentParser
import Engine
import Foundation
import Frame

/// `assay spark`.
struct SparkCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "spark",
    abstract: "Run SQL on a Spark cluster and bring its rows here.",
    discussion: """
      Speaks Spark Connect (Spark 3.4 and later). The address is that of pyspark: sc://HOST:PORT/;token=…;user_id=…. Tasks done \
      and bytes read go to the error stream; ^C stops the query on the cluster. Rows pass through: a result may be larger \
      than memory.
        assay spark --remote sc://localhost:15002 'SELECT region, sum(amount) FROM sales GROUP BY region'
        assay spark 'SELECT * FROM sales.orders' -o orders.parquet && assay orders.parquet
      """)

  @OptionGroup var resources: ResourceOptions

  @Argument(help: "The statement, in Spark's SQL.")
  var sql: String

  @Option(
    help: ArgumentHelp(
      "Where the cluster listens; ASSAY_SPARK, spark in config.toml or SPARK_REMOTE unless given.", valueName: "address"
    ))
  var remote: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "An option of the session, such as spark.sql.ansi.enabled=true; may repeat.", valueName: "name=value"))
  var options: [String] = []

  @OptionGroup var output: RowOutputOptions

  @Flag(help: "The same as --format json.")
  var json = false

  func validate() throws {
    if json, let format = output.format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) contradict each other")
    }
    for option in options where option.firstIndex(of: "=") == nil {
      throw ValidationError("--set \(option): write NAME=VALUE")
    }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(resources)
    let target = try output.target(headless.console, isJSON: json)
    var settings: [String: String] = [:]
    for option in options {
      let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      settings[String(parts[0])] = String(parts[1])
    }
    let place = headless.cluster
    let query = SparkQuery(remote: remote ?? place?.remote, authority: place?.authority, sql: sql, options: settings)
    switch target {
    case .file(let path, let format):
      let done = try engine.run(.spark(query, path: path, format: format), context: headless.context)
      guard case .written(_, let rows, _) = done else { return }
      headless.console.tell("wrote \(counted(rows, "row")) to \(path)")
    case .stream(let format):
      var writer = format.writer(headless.console)
      var hasRows = false
      try engine.stream(query, context: headless.context) { schema in
        hasRows = true
        try headless.console.restart()
        try writer.begin(schema)
      } rows: {
        try writer.append($0)
      }
      guard hasRows else { return headless.console.tell("done: the statement gives no rows") }
      try writer.end()
    }
  }
}
