import ArgumentParser
import Cloud
import Engine
import Foundation
import Frame

extension DatasetWriting.Mode: ExpressibleByArgument {}

/// `assay s3 write`.
struct DatasetWriteCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "write", abstract: "Write a source below a prefix, divided into partitions.",
    discussion: """
      assay s3 write sales.csv s3://lake/sales/ --partition-by year,region --mode overwrite-partitions

      Partitions become folders, year=2026/region=north/. New objects are written first and old ones deleted after, so \
      that a failure loses nothing. One object is written by other subcommands too: assay query … -o s3://lake/a.parquet.
      """)

  @OptionGroup var source: SourceOptions

  @Argument(help: "Where to: s3://bucket/prefix/.")
  var target: String

  @Option(help: ArgumentHelp("Columns that become folders, by commas.", valueName: "columns"))
  var partitionBy: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of what is there: append, overwrite (all of it goes), or overwrite-partitions (only where rows come).",
      valueName: "mode"))
  var mode = DatasetWriting.Mode.append

  @Option(help: "Format of the objects: parquet, csv or json.")
  var format: RowFormat = .parquet

  @Option(help: ArgumentHelp("Write the result of SQL over the source, which is called data.", valueName: "query"))
  var sql: String?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if format == .table || format == .xlsx { throw ValidationError("--format takes parquet, csv or json") }
    if !S3Location.isMeant(by: target) { throw ValidationError("\(target) is not on S3: write s3://bucket/prefix/") }
  }

  func run(_ headless: Headless) throws {
    let formats: [RowFormat: SourceFormat] = [.csv: .csv, .json: .jsonl, .parquet: .parquet]
    let columns = partitionBy?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    let writing = DatasetWriting(partitions: columns, mode: mode, format: formats[format] ?? .parquet)
    let engine = headless.engine(source.resources)
    let written = try engine.write(
      sql ?? "SELECT * FROM data", over: source.value, dataset: target, writing, context: headless.context)
    if json { return try headless.writeJSON(written) }
    let deleted = written.deleted > 0 ? ", deleted \(counted(written.deleted, "old object"))" : ""
    headless.console.tell(
      "wrote \(counted(written.rows, "row")) in \(counted(written.objects, "object")) to \(target)\(deleted)")
  }
}
