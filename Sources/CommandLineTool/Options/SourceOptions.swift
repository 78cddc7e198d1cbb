import ArgumentParser
import Frame

/// How much of the machine may be used.
struct ResourceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads for queries and training. Default: one for each processor.", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Memory before work spills to disk, such as 512M or 2G. Default: 1G.", valueName: "size"))
  var memory: MemorySize?

  /// What the settings say.
  static var none: ResourceOptions {
    var options = ResourceOptions()
    (options.threads, options.memory) = (nil, nil)
    return options
  }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024, not \(threads)")
    }
  }
}

/// A source of data and how to read it.
struct SourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      """
      A CSV, TSV, JSON, JSONL, Parquet, Excel or fixed-width file, plain or gzip; - is standard input; s3://bucket/key is \
      on S3, spark:database.table on a cluster.
      """))
  var source: String

  @Option(
    help: ArgumentHelp(
      "One more file, or key on S3, to read below SOURCE as one dataset; several times for several, in their order.",
      valueName: "location"))
  var also: [String] = []

  @Option(
    help: ArgumentHelp(
      "The source's format: csv, tsv, json, jsonl, parquet, xlsx or fwf (fixed width). Default: from name and content.")
  )
  var inputFormat: SourceFormatName?

  @Option(
    help: ArgumentHelp("What stands between two fields, such as ';' or tab. Default: found out."),
    transform: Delimiter.init)
  var delimiter: Delimiter?

  @Flag(help: "The first line is data, not names of columns.")
  var noHeader = false

  @Flag(help: "Leave out rows of the wrong length instead of stopping at the first.")
  var skipBadRows = false

  @Option(
    help: ArgumentHelp("Names of the columns of delimited or fixed-width text or a sheet, by commas."),
    transform: ColumnNameList.init)
  var names: ColumnNameList?

  @Option(
    help: ArgumentHelp("The sheet of a workbook, by name or number. Default: the first; assay sheets lists them."))
  var sheet: String?

  @Option(
    help: ArgumentHelp(
      "The cells of a sheet: B2:F100, B:F or 2:100. Default: all that are filled.", valueName: "cells"),
    transform: CellAddress.init)
  var range: CellAddress?

  @Option(
    help: ArgumentHelp(
      "Widths of the columns of fixed-width text in characters, such as 3,12,9. Default: found out."),
    transform: ColumnWidths.init)
  var widths: ColumnWidths?

  @Option(
    help: ArgumentHelp(
      "Where those columns stand instead: from character (the first is 0) to the one after, such as 0-3,3-15,15-.",
      valueName: "places"), transform: ColumnCuts.init)
  var cut: ColumnCuts?

  @OptionGroup var resources: ResourceOptions

  func validate() throws {
    if widths != nil, cut != nil {
      throw ValidationError("--widths and --cut both say where the columns are: give one")
    }
  }

  /// The source that the arguments describe.
  var value: Source {
    Source(
      location: source, also: also, format: inputFormat?.format,
      options: ReadOptions(
        delimiter: delimiter?.text, hasHeader: noHeader ? false : nil, skipBadRows: skipBadRows, names: names?.names,
        sheet: sheet, range: range?.text, widths: widths?.widths, cuts: cut?.cuts))
  }
}
