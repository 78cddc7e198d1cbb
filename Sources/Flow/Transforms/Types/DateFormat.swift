import Frame

/// Formats of dates and times as strptime reads them.
enum DateFormat {
  private static let days = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%m/%d/%y",
    "%d/%m/%y", "%d.%m.%y", "%Y%m%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d %Y", "%B %d %Y",
    "%b %d, %Y", "%B %d, %Y", "%a, %d %b %Y", "%A, %d %B %Y",
  ]
  private static let clocks = ["%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p"]

  /// Formats of dates that carry a time of day.
  private static let instants: [String] =
    days.flatMap { day in
      clocks.flatMap { clock in [" ", "T"].map { day + $0 + clock } }
    } + ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"]

  /// How many texts the format is looked for in.
  private static let probed = 10_000

  /// SQL for a text as a time stamp; missing where the format does not fit. A year of two digits is none of four.
  static func read(_ value: String, _ format: String) -> String {
    let read = "try_strptime(\(value), \(SQL.text(format)))"
    return format.contains("%Y") ? "CASE WHEN year(\(read)) >= 100 THEN \(read) END" : read
  }

  /// The format that reads the most of a column's first texts, or nil where none reads half of them.
  ///
  /// Where several read as many, the day stands before the month if `isDayFirst` says so.
  static func inferred(
    _ column: Column, in table: String, isDayFirst: Bool, _ reader: FitReader
  ) throws -> String? {
    let value = "trim(\(TextColumns.sql(column)))"
    let probe = "(SELECT \(value) AS v FROM \(table) WHERE \(value) <> '' LIMIT \(probed))"
    for formats in [days, instants] {
      let counts = formats.map { "count(\(read("v", $0)))" }.joined(separator: ", ")
      let found = try reader.query(
        "SELECT count(*), \(counts) FROM \(probe)", note: "looking for the format of \(column.name)")
      let total = found.value(0, 0).number ?? 0
      guard total > 0 else { return nil }
      let ranked = formats.enumerated().map { place, format in
        (format: format, count: found.value(0, place + 1).number ?? 0, rank: rank(format, place, isDayFirst))
      }
      let best = ranked.min { ($1.count, $0.rank) < ($0.count, $1.rank) }
      if let best, best.count * 2 > total { return best.format }
    }
    return nil
  }

  private static func rank(_ format: String, _ place: Int, _ isDayFirst: Bool) -> Int {
    let startsWithDay = format.hasPrefix("%d")
    return (startsWithDay == isDayFirst ? 0 : 10_000) + place
  }
}
