import ArgumentParser
import Engine
import Frame
import Grid
import Insight
import Plot

/// `assay freq`.
struct FrequencyCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "freq",
    abstract: "How often each value of a column occurs, with the rate or mean of a target.",
    discussion: """
      A column of many numbers is counted in bins; missing values have a row of their own, and shares are of all rows. \
      With a target of two levels each row has the rate of the positive one (1, true, or the rarer) with Wilson's 95 % \
      interval, with a target of numbers the mean with Student's.
      """)

  @OptionGroup var source: SourceOptions

  @Argument(help: "The column.")
  var column: String

  @Option(help: ArgumentHelp("A further column to count by; may be given several times.", valueName: "column"))
  var by: [String] = []

  @Option(help: ArgumentHelp("The column whose rate or mean is shown.", valueName: "column"))
  var target: String?

  @Option(help: ArgumentHelp("Bins of a column of numbers or dates; 0 counts each value.", valueName: "n"))
  var bins: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if let bins, !(0...1000).contains(bins) {
      throw ValidationError("--bins takes a number from 0 to 1000, not \(bins)")
    }
  }

  func run(_ headless: Headless) throws {
    let engine = headless.engine(source.resources)
    let frequency = Frequency(columns: [column] + by, target: target, bins: bins)
    var request = NodeRequest(source: source.value)
    request.look = Look(summary: .frequency(frequency, of: Look()))
    var rows: [DataTable] = []
    var schema: Schema = []
    try engine.stream(request, context: headless.context) { columns in
      schema = columns
      rows = []
    } rows: {
      rows.append($0)
    }
    try headless.tellSkipped(source.value, engine)
    let report = FrequencyReport(frequency, schema, rows)
    if target != nil, report.measure == nil {
      headless.notes.tell(["\(target ?? "") has neither two levels nor numbers: there is no rate to show."])
    }
    if json { return try headless.writeJSON(report) }
    let lines = report.lines(
      width: headless.console.textWidth, glyphs: headless.console.environment.glyphs)
    try headless.console.write(lines.joined(separator: "\n") + "\n")
  }
}

/// A frequency table for printing.
struct FrequencyReport: Encodable {
  struct Row: Encodable {
    /// One for each column that is counted by; nil is missing.
    var values: [String?]
    var count: Int
    /// Of all rows.
    var share: Double
    var cumulative: Double
    /// The rate or mean of the target, and its 95 % interval.
    var target: Double?
    var low: Double?
    var high: Double?
    /// The ends of a bin.
    var from: Double?
    var to: Double?
  }

  var columns: [String]
  var rows: Int
  /// What `target` is: `rate >50K`, `mean hours`.
  var measure: String?
  var values: [Row]

  init(_ frequency: Frequency, _ schema: Schema, _ chunks: [DataTable]) {
    let roles = frequency.roles(of: schema)
    columns = frequency.columns
    let place = roles.firstIndex(of: .rate) ?? roles.firstIndex(of: .mean)
    measure = place.map { schema[$0].name }
    values = chunks.flatMap { chunk in
      (0..<chunk.rowCount).map { row in
        func number(_ role: Frequency.Role) -> Double? {
          roles.firstIndex(of: role).flatMap { chunk.value(row, $0).number }
        }
        return Row(
          values: frequency.columns.indices.map { chunk.text(row, $0) }, count: Int(number(.count) ?? 0),
          share: number(.share) ?? 0, cumulative: number(.cumulative) ?? 0,
          target: place.flatMap { chunk.value(row, $0).number }, low: number(.low), high: number(.high),
          from: number(.from), to: number(.to))
      }
    }
    rows = values.reduce(0) { $0 + $1.count }
  }

  private enum CodingKeys: String, CodingKey { case columns, rows, measure, values }

  /// The lines of the table.
  func lines(width: Int?, glyphs: GlyphSet) -> [String] {
    let isRate = measure?.hasPrefix("rate ") ?? false
    var titles: [TextTable.Column] = columns.map { .init(title: oneLine($0), limit: 32) }
    titles += [
      .init(title: "count", alignment: .right), .init(title: "share", alignment: .right, expendability: 1),
      .init(title: "", expendability: 4), .init(title: "cumulative", alignment: .right, expendability: 2),
    ]
    if let measure {
      titles += [.init(title: measure, alignment: .right, limit: 24), .init(title: "95 %", expendability: 3)]
    }
    var table = TextTable(titles)
    let largest = values.map(\.count).max() ?? 0
    func figure(_ number: Double?) -> String {
      guard let number else { return "–" }
      return isRate ? Numbers.percent(number, of: 1) : short(number)
    }
    for row in values {
      var cells = row.values.map { oneLine($0 ?? "(missing)") }
      cells += [
        grouped(row.count), Numbers.percent(row.share, of: 1),
        bar(largest > 0 ? Double(row.count) / Double(largest) : 0, glyphs), Numbers.percent(row.cumulative, of: 1),
      ]
      if measure != nil {
        cells += [figure(row.target), row.low == nil ? "–" : "\(figure(row.low)) to \(figure(row.high))"]
      }
      table.add(cells)
    }
    let head = "\(counted(rows, "row")), \(counted(values.count, "group"))"
    return [head, ""] + table.lines(width: width, rule: glyphs == .ascii ? "-" : "─").lines
  }

  private func bar(_ part: Double, _ glyphs: GlyphSet) -> String {
    let width = 16
    if glyphs == .ascii { return String(repeating: "#", count: Int((part * Double(width)).rounded())) }
    let eighths = Int((part * Double(width * 8)).rounded(.up))
    let rest = eighths % 8
    let ends = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + ends[rest]
  }
}
