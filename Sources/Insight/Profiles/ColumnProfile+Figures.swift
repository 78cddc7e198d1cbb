// Reads the figures that a query gave into a profile. The first six are the basics, see `ProfiledColumn`.

import Foundation
import Frame

extension ColumnProfile {
  private static let figures = 6

  mutating func take(exact measure: [Value], of column: ProfiledColumn) {
    distinct = measure[Self.figures].whole
    top = JSON.entries(measure[Self.figures + 1]).map { Frequency(value: Value(text: $0.k, kind: kind), count: $0.n) }
    takeQuantiles(measure)
    approximate = []
  }

  mutating func take(estimates measure: [Value], of column: ProfiledColumn) {
    let present = measure[0].whole
    distinct = Swift.min(measure[Self.figures].whole, present)
    takeQuantiles(measure)
    approximate = [.distinct] + (quantiles.isEmpty ? [] : [.quantiles])
    // All equal, or nothing there: nothing is left to estimate.
    if present == 0 || (column.isOrdered && min == max && kind != .text) {
      distinct = Swift.min(present, 1)
      if present > 0, let min { top = [Frequency(value: min, count: present)] }
      approximate = []
    }
  }

  /// Everything from how often each value occurs.
  /// - Returns: how many cells hold none of the values.
  mutating func take(counts measure: [Value], of candidates: [String], _ column: ProfiledColumn) -> Int {
    let counts = (measure[Self.figures].text ?? "").split(separator: ",").compactMap { Int($0) }
    let strangers = counts.count > candidates.count ? counts[candidates.count] : 0
    let entries = zip(candidates, counts).filter { $0.1 > 0 }.map {
      Frequency(value: Value(text: $0.0, kind: kind), count: $0.1)
    }
    take(entries, column)
    return strangers
  }

  /// Everything from all values with their counts.
  mutating func take(all measure: [Value], of column: ProfiledColumn) {
    let entries = JSON.counts(measure[Self.figures]).map {
      Frequency(value: Value(text: $0.key.value(of: kind).text, kind: kind), count: $0.value)
    }
    take(entries, column)
  }

  /// - Parameter entries: the values, sorted, each with its count.
  mutating func take(_ entries: [Frequency], _ column: ProfiledColumn) {
    distinct = entries.count
    // The values are sorted, so that a stable order by count settles ties by value.
    let ranked = entries.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
    top = ranked.prefix(ProfiledColumn.topCount).map { Frequency(value: $0.element.value.cut, count: $0.element.count) }
    if column.hasQuantiles { quantiles = Self.quantiles(of: entries, interpolated: kind.isNumeric) }
  }

  private mutating func takeQuantiles(_ measure: [Value]) {
    let values = zip(Self.probabilities, measure[(Self.figures + 2)...])
    quantiles = [:]
    for (probability, value) in values {
      guard let shown = value.shown else { continue }
      quantiles[probability.key] = kind.isNumeric ? shown.number.map(Value.real) ?? shown : shown
    }
  }

  /// Quantiles from sorted values and their counts: of numbers type 7 (Hyndman and Fan 1996), else the value at that rank.
  static func quantiles(of entries: [Frequency], interpolated: Bool) -> [String: Value] {
    let total = entries.reduce(0) { $0 + $1.count }
    guard total > 0 else { return [:] }
    func item(_ rank: Int) -> Value {
      var seen = 0
      for entry in entries {
        seen += entry.count
        if rank < seen { return entry.value }
      }
      return entries[entries.count - 1].value
    }
    var result: [String: Value] = [:]
    for (key, probability) in probabilities {
      guard interpolated else {
        result[key] = item(Swift.max(0, Int((probability * Double(total)).rounded(.up)) - 1))
        continue
      }
      let position = probability * Double(total - 1)
      let lower = Int(position)
      guard let low = item(lower).number, let high = item(Swift.min(lower + 1, total - 1)).number else { continue }
      result[key] = .real(low + (high - low) * (position - Double(lower)))
    }
    return result
  }
}

/// Lists that DuckDB hands over as JSON.
enum JSON {
  struct Entry: Decodable {
    var n: Int
    var k: String?
  }

  struct Count: Decodable {
    var key: PlainValue
    var value: Int
  }

  static func counts(_ value: Value) -> [Count] { decode([Count].self, value) ?? [] }

  static func entries(_ value: Value) -> [Entry] { decode([Entry].self, value) ?? [] }

  static func texts(_ value: Value) -> [String] { decode([String].self, value) ?? [] }

  private static func decode<List: Decodable>(_ type: List.Type, _ value: Value) -> List? {
    value.text.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
  }
}

extension Value {
  /// A count; 0 for anything else.
  var whole: Int {
    switch self {
    case .integer(let count): Int(count)
    case .real(let count) where count.isFinite: Int(count)
    default: 0
    }
  }

  /// A text no longer than a profile shows.
  var cut: Value {
    guard case .text(let text) = self else { return self }
    return .text(String(text.prefix(ProfiledColumn.textLimit)))
  }

  /// The value as a profile shows it: dates and times as text, nil for a missing one.
  var shown: Value? {
    switch self {
    case .null: nil
    case .bool, .integer, .real, .text: self
    case .date, .timestamp, .time, .other: text.map(Value.text)
    }
  }

  /// The value that DuckDB wrote as text for a column of this kind.
  init(text: String?, kind: ColumnKind) {
    guard let text else {
      self = .null
      return
    }
    switch kind {
    case .integer: self = Int64(text).map(Value.integer) ?? Double(text).map(Value.real) ?? .text(text)
    case .real: self = Double(text).map(Value.real) ?? .text(text)
    case .boolean: self = .bool(text == "true")
    case .text, .date, .timestamp, .time, .other: self = .text(text)
    }
  }
}
