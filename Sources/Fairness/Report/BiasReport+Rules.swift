// The rules that a report really took its rows by, for those who look for the rows again.

import Frame

extension BiasReport {
  /// A spec of this report with its rules as the columns were read: in the mode `smclarify` kinds were guessed, and what
  /// was asked as a value may have been taken for a threshold, or the other way round.
  /// - Parameter spec: the report's own, or the one that it was made of.
  public func resolved(_ spec: BiasSpec, _ schema: Schema) -> BiasSpec {
    var result = spec
    if case .highest(let columns, nil)? = spec.prediction, case .highest(_, let labels?)? = self.spec.prediction {
      result.prediction = .highest(columns: columns, labels: labels)
    }
    guard spec.mode == .smclarify, readings.count > spec.facets.count else { return result }
    if let column = schema.column(named: spec.label.column) {
      let texts: [String] =
        switch spec.label.positive {
        case .values(let values): values
        case .above(let threshold): [column.text(of: threshold)]
        }
      let threshold = readings[0].kind == .continuous ? texts.first.flatMap(ValueMatcher.number) : nil
      result.label.positive = threshold.map { .above($0) } ?? .values(texts)
    }
    for (place, facet) in spec.facets.enumerated() {
      guard let column = schema.column(named: facet.column) else { continue }
      let texts: [String] =
        switch facet.groups {
        case .eachValue: []
        case .values(let values): values
        case .above(let thresholds): thresholds.map { column.text(of: $0) }
        }
      if readings[place + 1].kind == .continuous {
        let threshold = texts.first.flatMap(ValueMatcher.number)
        if let threshold { result.facets[place].groups = .above([threshold]) }
      } else {
        result.facets[place].groups = texts.isEmpty ? .eachValue : .values(texts)
      }
    }
    return result
  }

  /// Why no set of rows adds up to a value, where none does; nil where the counts beside it are what it is made of.
  public func vagueness(of value: MetricValue, _ pair: FacetReport) -> String? {
    if value.metric == .ft {
      return "FT compares each row of group d with its nearest rows in group a, which no condition on a row can say: "
        + "the counts here are of the groups themselves."
    }
    guard spec.mode == .smclarify else { return nil }
    let (a, d) = (pair.counts.a, pair.counts.d)
    if value.metric.isDistribution, value.value != nil, a.rows > 0, d.rows > 0 {
      let lacks = [(a.positives, d.positives), (a.negatives, d.negatives)].contains { ($0.0 == 0) != ($0.1 == 0) }
      guard lacks else { return nil }
      return "smclarify leaves out the outcome that one group lacks, and divides by all rows all the same: no set of "
        + "rows has this \(value.name). The counts here are of the groups themselves."
    }
    if value.metric.needsGroupVariable, let group = spec.group, let rows = missing[group], rows > 0 {
      return "smclarify leaves \(rows) rows without \(group) out of \(value.name) alone: the counts here have them."
    }
    return nil
  }
}

extension BiasSpec.Facet {
  /// Which rows a part of a pair's name stands for, `sex = F`, `sex other than F`, `age in (40, 65]`.
  public enum Part: Equatable, Sendable {
    /// One of these values, or none of them.
    case values([String], isOne: Bool)
    /// Numbers in `low < x <= high`, nil for no bound.
    case numbers(low: Double?, high: Double?)
    case missing
  }

  /// What is called so; nil where it is no name of a group of this facet.
  public func part(named name: String, _ column: Column) -> Part? {
    let start = "\(self.column) = "
    if name == start + BiasPlan.missing, case .above = groups { return .missing }
    switch groups {
    case .eachValue:
      guard name.hasPrefix(start) else { return nil }
      let value = String(name.dropFirst(start.count))
      return value == BiasPlan.missing ? .missing : .values([value], isOne: true)
    case .values(let values):
      let listed = GroupPair.listed(values)
      if name == start + listed { return .values(values, isOne: true) }
      return name == "\(self.column) other than \(listed)" ? .values(values, isOne: false) : nil
    case .above(let given):
      let thresholds = Set(given.filter { !$0.isNaN }).sorted()
      let bounds = thresholds.map { column.text(of: $0) }
      for (place, bound) in bounds.enumerated() {
        if name == "\(self.column) > \(bound)" { return .numbers(low: thresholds[place], high: nil) }
        if name == "\(self.column) ≤ \(bound)" { return .numbers(low: nil, high: thresholds[place]) }
        guard place > 0 else { continue }
        if name == "\(self.column) in (\(bounds[place - 1]), \(bound)]" {
          return .numbers(low: thresholds[place - 1], high: thresholds[place])
        }
      }
      return nil
    }
  }
}

/// How values and numbers that a person wrote are compared with columns.
public enum WrittenValue {
  /// The number that a text stands for: `40`, and 1 for `true`.
  public static func number(_ text: String) -> Double? { ValueMatcher.number(text) }
  /// The truth value.
  public static func flag(_ text: String) -> Bool? { ValueMatcher.flag(text) }
}
