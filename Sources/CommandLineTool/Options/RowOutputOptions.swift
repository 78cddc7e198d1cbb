import ArgumentParser
import Foundation
import Frame

/// The formats that rows are printed in.
enum RowFormat: String, ExpressibleByArgument, CaseIterable {
  case csv, json, table, parquet, xlsx

  /// A writer of rows as text.
  func writer(_ console: Console) -> any RowWriter {
    switch self {
    case .csv: CSVWriter(console: console)
    case .json: JSONWriter(console: console)
    case .table, .parquet, .xlsx: TableWriter(console: console)
    }
  }
}

/// Where rows go and in which format.
struct RowOutputOptions: ParsableArguments {
  @Option(help: "Format of the rows: csv, json, table, parquet or xlsx.")
  var format: RowFormat?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to this file instead; - is standard output. It appears when it is complete.", valueName: "file"))
  var output: String?

  enum Target: Equatable {
    case file(String, SourceFormat)
    case stream(RowFormat)
  }

  func validate() throws {
    if output == nil || output == "-", let format, format == .parquet || format == .xlsx {
      let what = format == .xlsx ? "A workbook" : "Parquet"
      throw ValidationError("\(what) needs a file: add -o FILE.\(format.rawValue)")
    }
    if let output, output != "-", format == .table {
      throw ValidationError("A table is for reading: write \(output) as csv, json, parquet or xlsx")
    }
  }

  /// - Throws: `UsageError` where a file's ending says nothing.
  func target(_ console: Console, isJSON: Bool = false) throws -> Target {
    let format = isJSON ? .json : format
    guard let output, output != "-" else {
      return .stream(format ?? (console.outputIsTerminal && output == nil ? .table : .csv))
    }
    switch format {
    case .csv: return .file(output, .csv)
    case .json: return .file(output, .json)
    case .parquet: return .file(output, .parquet)
    case .xlsx: return .file(output, .xlsx)
    case .table, nil:
      guard let format = SourceFormat(path: output) else {
        throw UsageError("\(output): its ending names no format. Add --format csv, json, parquet or xlsx.")
      }
      guard format.isWritten else {
        throw UsageError(
          "\(output): fixed-width text is read and not written. End the name in .csv, .parquet or .xlsx.")
      }
      return .file(output, format)
    }
  }
}
