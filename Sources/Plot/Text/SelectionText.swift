// What is behind a mark, in the words of a breadcrumb.

import Grid

extension ChartSelection {
  /// `age 20–40`, `age 20–40, hours 30–50`, `education = Masters`; nil where there are no rows to speak of.
  public func summary(_ set: GlyphSet) -> String? {
    let glyphs = Glyphs(set)
    func text(_ column: String, _ low: Double, _ high: Double, _ kind: AxisKind) -> String {
      "\(column) \(Numbers.text(low, high, kind, glyphs))"
    }
    switch self {
    case .range(let column, let lower, let upper, _, let kind): return text(column, lower, upper, kind)
    case .equals(let column, nil): return "\(column) missing"
    case .equals(let column, let value?): return "\(column) = \(value)"
    case .noneOf(let column, let values): return "\(column): none of \(values.count)"
    case .box(let x, let y):
      return text(x.column, x.lower, x.upper, x.kind) + ", " + text(y.column, y.lower, y.upper, y.kind)
    case .all(let parts):
      let texts = parts.compactMap { $0.summary(set) }
      return texts.isEmpty ? nil : texts.joined(separator: ", ")
    case .pair, .feature, .none: return nil
    }
  }

  /// Selections of marks that stand next to each other as few as they can be: ranges of one column and boxes over the
  /// same two become one from the first to the last. What has no rows is left out.
  public static func joined(_ selections: [ChartSelection]) -> [ChartSelection] {
    var result: [ChartSelection] = []
    for selection in selections {
      switch selection {
      case .pair, .feature, .none: continue
      case .range, .equals, .noneOf, .box, .all:
        if let index = result.firstIndex(where: { $0.union(selection) != nil }),
          let union = result[index].union(selection)
        {
          result[index] = union
        } else {
          result.append(selection)
        }
      }
    }
    return result
  }

  /// The range or box around this one and another; nil where they are not of one kind and over the same columns.
  private func union(_ other: ChartSelection) -> ChartSelection? {
    switch (self, other) {
    case (.range, .range):
      guard let one = interval, let two = other.interval, one.column == two.column, one.kind == two.kind else {
        return nil
      }
      let all = one.union(two)
      return .range(
        column: all.column, lower: all.lower, upper: all.upper, includesUpper: all.includesUpper, kind: all.kind)
    case (.box(let x, let y), .box(let u, let v)) where x.column == u.column && y.column == v.column:
      return .box(x: x.union(u), y: y.union(v))
    case (.equals, .equals) where self == other: return self
    case (.all(let parts), .all(let others)) where parts.count == others.count:
      // Marks of one small chart: all but one part are the same.
      let apart = parts.indices.filter { parts[$0] != others[$0] }
      guard let place = apart.first else { return self }
      guard apart.count == 1, let union = parts[place].union(others[place]) else { return nil }
      var joined = parts
      joined[place] = union
      return .all(joined)
    default: return nil
    }
  }

  /// A range as an interval.
  private var interval: Interval? {
    guard case .range(let column, let lower, let upper, let includesUpper, let kind) = self else { return nil }
    return Interval(column: column, lower: lower, upper: upper, includesUpper: includesUpper, kind: kind)
  }
}

extension ChartSelection.Interval {
  fileprivate func union(_ other: Self) -> Self {
    let includes = (upper >= other.upper && includesUpper) || (other.upper >= upper && other.includesUpper)
    return .init(
      column: column, lower: min(lower, other.lower), upper: max(upper, other.upper), includesUpper: includes,
      kind: kind)
  }
}
