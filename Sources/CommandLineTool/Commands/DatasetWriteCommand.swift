import ArgumentParser
import Cloud
import Engine
import Foundation
import Frame

extension DatasetWriting.Mode: ExpressibleByArgument {}

/// The formats that objects are written in; `json` has a record a line.
enum DatasetFormat: String, ExpressibleByArgument, CaseIterable {
  case parquet, csv, tsv, json, jsonl, xlsx

  var format: SourceFormat {
    switch self {
    case .parquet: .parquet
    case .csv: .csv
    case .tsv: .tsv
    case .json, .jsonl: .jsonl
    case .xlsx: .xlsx
    }
  }
}

/// `assay s3 write`.
struct DatasetWriteCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "write", abstract: "Write a source to a key, or below a prefix, divided into partitions.",
    discussion: """
      assay s3 write sales.csv s3://lake/sales/ --partition-by year,region --mode overwrite-partitions
      assay s3 write sales.csv s3://lake/sales.xlsx

      Partitions become folders, year=2026/region=north/. New objects are written first and old ones deleted after, so \
      that a failure loses nothing. A key with the ending of a format is one object, which is replaced; end a prefix in /. \
      One object is written by other subcommands too: assay query … -o s3://lake/a.parquet.
      """)

  @OptionGroup var source: SourceOptions

  @Argument(help: "Where to: s3://bucket/prefix/ for objects below it, s3://bucket/key.xlsx for one.")
  var target: String

  @Option(help: ArgumentHelp("Columns that become folders, by commas.", valueName: "columns"))
  var partitionBy: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of what is there: append, overwrite (all of it goes), or overwrite-partitions (only where rows come).",
      valueName: "mode"))
  var mode: DatasetWriting.Mode?

  @Option(
    help: "Format of the objects: parquet, csv, tsv, json (a record a line) or xlsx. Default: by the key, else parquet."
  )
  var format: DatasetFormat?

  @Option(help: ArgumentHelp("Write the result of SQL over the source, which is called data.", valueName: "query"))
  var sql: String?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if !S3Location.isMeant(by: target) { throw ValidationError("\(target) is not on S3: write s3://bucket/prefix/") }
    if let fault = writing.fault { throw ValidationError(fault) }
  }

  private var writing: DatasetWriting {
    let columns = partitionBy?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    return DatasetWriting(partitions: columns, mode: mode ?? .append, format: format?.format ?? .parquet)
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let location = try S3Location(target)
    if !location.isPrefix, !location.isPattern, SourceFormat(path: location.key) != nil {
      return try writeOne(engine, headless)
    }
    let written = try engine.write(
      sql ?? "SELECT * FROM data", over: source.value, dataset: target, writing, context: headless.context)
    if json { return try headless.writeJSON(written) }
    let deleted = written.deleted > 0 ? ", deleted \(counted(written.deleted, "old object"))" : ""
    headless.console.tell(
      "wrote \(counted(written.rows, "row")) in \(counted(written.objects, "object")) to \(target)\(deleted)")
  }

  /// Writes the one object that the target names.
  private func writeOne(_ engine: Engine, _ headless: Headless) throws {
    let many = "End the address in / to write below a prefix."
    if partitionBy != nil {
      throw UsageError("\(target) names one object, and --partition-by makes several. \(many)")
    }
    if let mode, mode != .overwrite {
      throw UsageError("\(target) names one object, which is replaced: --mode \(mode.rawValue) needs several. \(many)")
    }
    let rows = try engine.write(
      sql ?? "SELECT * FROM data", over: source.value, to: target, format: format?.format, context: headless.context)
    if json { return try headless.writeJSON(WrittenDataset(rows: rows, objects: 1, deleted: 0)) }
    headless.console.tell("wrote \(counted(rows, "row")) to \(target)")
  }
}
