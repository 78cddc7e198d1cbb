import ArgumentParser
import Engine
import Flow
import Foundation
import Frame

/// `assay filter`.
struct FilterCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter",
    abstract: "Choose and order the rows of a source.",
    discussion: """
      assay filter census.csv --where 'age > 30 and sex = "Male"' --sort education,-age
      Patterns are regular expressions (RE2) and ignore case unless they have a capital letter. Texts are ordered \
      naturally: file2 before file10. Without --format the ending of -o decides; without both a terminal gets a table \
      and a pipe gets CSV.
      """)

  @OptionGroup var source: SourceOptions

  @Option(name: .customLong("where"), help: ArgumentHelp("Rows for which it holds.", valueName: "expression"))
  var condition: String?

  @Option(help: ArgumentHelp("Rows in which the pattern is found.", valueName: "regex"))
  var matches: String?

  @Option(
    name: .customLong("in"),
    help: ArgumentHelp("The column that --matches looks at. Default: all.", valueName: "column"))
  var column: String?

  @Flag(help: "The rows that are not chosen.")
  var invert = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Columns to order by; - before a name is largest first.", valueName: "a,-b"))
  var sort: String?

  @OptionGroup var output: RowOutputOptions

  @Flag(help: "The same as --format json.")
  var json = false

  func validate() throws {
    if json, let format = output.format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) contradict each other")
    }
    if condition == nil, matches == nil, sort == nil {
      throw ValidationError("Say which rows: --where EXPRESSION, --matches REGEX or --sort COLUMNS")
    }
    if column != nil, matches == nil { throw ValidationError("--in belongs to --matches") }
    if invert, (condition == nil) == (matches == nil) {
      throw ValidationError("--invert turns one filter round: give one of --where and --matches")
    }
  }

  /// The look that the options describe.
  var look: Look {
    var filters: [RowFilter] = []
    if let condition { filters.append(.expression(condition)) }
    if let matches { filters.append(.matches(TextMatch(matches, in: column.map { [$0] }))) }
    let keys = (sort ?? "").split(separator: ",").map { key in
      key.hasPrefix("-") ? SortKey(String(key.dropFirst()), descending: true) : SortKey(String(key))
    }
    return Look(filters: invert ? filters.map(\.inverse) : filters, sort: keys)
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    var request = NodeRequest(source: source.value)
    request.look = look
    switch try output.target(headless.console, isJSON: json) {
    case .file(let path, let format):
      guard
        case .written(_, let rows, _) = try engine.run(
          .write(request, path: path, format: format), context: headless.context)
      else { return }
      headless.console.tell("wrote \(counted(rows, "row")) to \(path)")
    case .stream(let format):
      var writer = format.writer(headless.console)
      try engine.stream(request, context: headless.context) { schema in
        try headless.console.restart()
        try writer.begin(schema)
      } rows: {
        try writer.append($0)
      }
      try writer.end()
    }
    try headless.tellSkipped(source.value, engine)
  }
}
