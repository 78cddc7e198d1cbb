// The SELECT of a frequency table.

import Foundation
import Frame
import Plot

/// Writes the SELECT over a source: the name of a table, or a subquery.
struct FrequencyCompiler {
  let columns: [Column]
  let measure: TargetMeasure?
  let source: String

  /// A row for each value, the most frequent first.
  var byValue: String {
    let keys = columns.indices.map { "k\($0)" }
    let projection = zip(columns, keys).map { "\(SQL.identifier($0.name)) AS \($1)" } + (measure?.projection ?? [])
    let counts = """
      SELECT \((keys + aggregates).joined(separator: ", ")) FROM (
      SELECT \(projection.joined(separator: ", ")) FROM \(source)) GROUP BY \(keys.joined(separator: ", "))
      """
    let order = (["n DESC"] + keys.map { "\($0) NULLS LAST" }).joined(separator: ", ")
    return table(counts, keys: keys, order: order)
  }

  /// A row for each bin that has rows, then those for values that are not finite and for missing ones.
  func binned(_ axis: AxisColumn, _ edges: BinEdges) -> String {
    let labels = zip(edges.edges, edges.edges.dropFirst()).map { SQL.text(edges.label(from: $0, to: $1, axis.axis)) }
    let list = "[\(edges.edges.map { SQL.literal(.real($0)) }.joined(separator: ", "))]"
    let odd = "CASE WHEN v IS NULL OR isfinite(v) THEN NULL ELSE CAST(v AS VARCHAR) END"
    let projection = ["\(axis.sql) AS v"] + (measure?.projection ?? [])
    let binned = """
      SELECT CASE WHEN isfinite(v) THEN \(edges.binSQL) END AS bin, \(odd) AS odd\(measure == nil ? "" : ", t")
      FROM (SELECT \(projection.joined(separator: ", ")) FROM \(source))
      """
    let counts = """
      SELECT coalesce([\(labels.joined(separator: ", "))][bin + 1], odd) AS k0, bin, odd,
      \(list)[bin + 1] AS lower, \(list)[bin + 2] AS upper, * EXCLUDE (bin, odd)
      FROM (SELECT bin, odd, \(aggregates.joined(separator: ", ")) FROM (\(binned)) GROUP BY bin, odd)
      """
    return table(
      counts, keys: ["k0"], order: "bin NULLS LAST, odd NULLS LAST", more: [("lower", "from"), ("upper", "to")])
  }

  private var aggregates: [String] { ["count(*) AS n"] + (measure?.aggregates ?? []) }

  private func table(_ counts: String, keys: [String], order: String, more: [(sql: String, name: String)] = [])
    -> String
  {
    var items: [(sql: String, name: String)] = zip(keys, columns).map { ($0, $1.name) }
    items += [
      ("n", "count"), ("n / sum(n) OVER ()", "share"), ("n / max(n) OVER ()", "bar"),
      ("sum(n) OVER (ORDER BY \(order) ROWS UNBOUNDED PRECEDING) / sum(n) OVER ()", "cum %"),
    ]
    if let measure {
      items += [
        (measure.value, measure.title), (measure.intervalText, "interval"), ("low", "low"), ("high", "high"),
      ]
    }
    var taken: Set<String> = []
    let list = (items + more).map { item -> String in
      var name = item.name
      while !taken.insert(name.lowercased()).inserted { name += "_" }
      return "\(item.sql) AS \(SQL.identifier(name))"
    }
    let inner = measure.map { "SELECT *, \($0.low) AS low, \($0.high) AS high FROM (\(counts))" } ?? counts
    return "SELECT \(list.joined(separator: ", ")) FROM (\(inner)) ORDER BY \(order)"
  }
}

extension BinEdges {
  /// The number of the bin that `v`, a finite DOUBLE within the range, falls into; an INTEGER from 0.
  var binSQL: String {
    func literal(_ number: Double) -> String { SQL.literal(.real(number)) }
    let list = "[\(edges.map(literal).joined(separator: ", "))]"
    let start = edges[0]
    // Halves keep the largest range finite.
    let span = edges[count] / 2 - start / 2
    let place = "floor((v / 2 - \(literal(start / 2))) / \(literal(span)) * \(count))"
    let guess = "CAST(greatest(0, least(\(count - 1), \(place))) AS INTEGER)"
    // The guess can be one off at an edge; the list of edges decides.
    return """
      (\(guess) - CAST(v < \(list)[\(guess) + 1] AS INTEGER)
      + CAST(\(guess) < \(count - 1) AND v >= \(list)[\(guess) + 2] AS INTEGER))
      """
  }

  /// `36–38`; of dates as many parts as the bins' width needs.
  func label(from lower: Double, to upper: Double, _ axis: AxisKind) -> String {
    switch axis {
    case .integer:
      // The bin holds one whole number.
      upper - lower == 1 ? Numbers.short(lower, digits: 15) : range(lower, upper)
    case .number: range(lower, upper)
    case .time: Self.time(lower, width) + "–" + Self.time(upper, width)
    }
  }

  private func range(_ lower: Double, _ upper: Double) -> String {
    // Enough digits to tell one edge from the next.
    let size = max(abs(edges[0]), abs(edges[count]))
    let digits = width > 0 && width.isFinite && size.isFinite ? Int(log10(size / width).rounded(.up)) + 2 : 6
    let (low, high) = (
      Numbers.short(lower, digits: min(15, max(3, digits))), Numbers.short(upper, digits: min(15, max(3, digits)))
    )
    return high.hasPrefix("-") ? "\(low) to \(high)" : "\(low)–\(high)"
  }

  private static func time(_ seconds: Double, _ width: Double) -> String {
    guard abs(seconds) < 9e12 else { return Numbers.short(seconds) }
    let text = CalendarText.timestamp(micros: Int64((seconds * 1e6).rounded()))
    let parts = text.split(separator: " ")
    return width >= 86_400 && parts.count == 2 && parts[1] == "00:00:00" ? String(parts[0]) : text
  }
}
