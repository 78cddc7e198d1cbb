// One axis in cells: which values are labelled, what the labels say, and the cell each one stands at.

import Foundation
import Grid

/// A labelled position on an axis.
struct AxisTick: Equatable {
  var value: Double
  var label: String
  /// Cell along the axis: from the left, or from the bottom.
  var cell: Int
}

/// How values fall on the cells of an axis.
struct AxisScale: Equatable {
  enum Mapping: Equatable {
    /// Cell boundaries: the range fills the cells from edge to edge (bars).
    case edges
    /// Like edges, but a value on a boundary belongs to the cell below: where a bar of that value ends.
    case tops
    /// Dot centres, `dots` in a cell: the ends of the range fall on the first and the last dot.
    case dots(Int)

    var isDotted: Bool {
      if case .dots = self { true } else { false }
    }
  }

  var lower, upper: Double
  var cells: Int
  var mapping: Mapping
  /// Powers of ten are evenly spaced; both ends are above zero then.
  var isLogarithmic = false

  var span: Double { upper - lower }

  /// Where a value lies between the ends: 0...1 inside, not a number where it has no place.
  func share(_ value: Double) -> Double {
    if !isLogarithmic { return (value - lower) / span }
    return value > 0 ? (log10(value) - log10(lower)) / (log10(upper) - log10(lower)) : .nan
  }

  /// The value at a share of the way.
  func value(share: Double) -> Double {
    if !isLogarithmic { return lower + share * span }
    return pow(10, log10(lower) + share * (log10(upper) - log10(lower)))
  }

  /// Where a value stands in cell units from the lower end, continuous and unclamped: the place that `cell` and `dot`
  /// round. Not a number where it has none.
  func position(_ value: Double) -> Double {
    guard span > 0 else { return .nan }
    switch mapping {
    case .edges, .tops: return share(value) * Double(cells)
    case .dots(let n): return (share(value) * Double(cells * n - 1) + 0.5) / Double(n)
    }
  }

  /// The dot of a value, from the lower end; clamped.
  func dot(_ value: Double) -> Int {
    let perCell = dotsPerCell
    let last = Double(cells * perCell - 1)
    let place = (share(value) * last).rounded()
    guard span > 0, last > 0, place.isFinite else { return 0 }
    return Int(min(max(place, 0), last))
  }

  var dotsPerCell: Int {
    switch mapping {
    case .edges, .tops: 1
    case .dots(let n): n
    }
  }

  /// The cell of a value, clamped to the axis.
  func cell(_ value: Double) -> Int {
    guard cells > 0 else { return 0 }
    switch mapping {
    case .edges:
      let place = (share(value) * Double(cells) + 1e-9).rounded(.down)
      guard span > 0, place.isFinite else { return 0 }
      return Int(min(max(place, 0), Double(cells - 1)))
    case .tops:
      let row = (share(value) * Double(cells) - 1e-9).rounded(.up) - 1
      guard span > 0, row.isFinite else { return 0 }
      return Int(min(max(row, 0), Double(cells - 1)))
    case .dots(let n):
      return dot(value) / n
    }
  }

  /// The values that fall on a cell.
  func interval(cell: Int) -> (lower: Double, upper: Double) {
    if isLogarithmic {
      let n = Double(dotsPerCell)
      let unit = 1 / max(1, mapping.isDotted ? Double(cells) * n - 1 : Double(cells))
      let shift = mapping.isDotted ? 0.5 : 0
      return (
        value(share: (Double(cell) * n - shift) * unit), value(share: (Double(cell + 1) * n - shift) * unit)
      )
    }
    switch mapping {
    case .edges, .tops:
      let width = span / Double(max(1, cells))
      return (lower + Double(cell) * width, lower + Double(cell + 1) * width)
    case .dots(let n):
      let unit = span / Double(max(1, cells * n - 1))
      return (lower + (Double(cell * n) - 0.5) * unit, lower + (Double(cell * n + n) - 0.5) * unit)
    }
  }
}

enum AxisLabels {
  /// Tick values as text: as few decimals as they need; `k`, `M`, `G`, `T` or powers of ten above six columns.
  static func format(_ values: [Double]) -> [String] {
    let largest = values.map(abs).max() ?? 0
    let plain = values.map { text($0, largest) }
    if largest < 1e15, (plain.map(\.utf8.count).max() ?? 0) <= 6, largest == 0 || largest >= 1e-3 { return plain }
    for (scale, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where largest >= scale && largest < 1e15 {
      let labels = values.map { $0 == 0 ? "0" : text($0 / scale, largest / scale) + suffix }
      // Distinct values must not share a label, as close values far from zero would.
      if Set(labels).count == Set(values).count, (labels.map(\.utf8.count).max() ?? 0) <= 8 { return labels }
      return distinct(plain, values)
    }
    if largest >= 1e-3 && largest < 1e15 { return distinct(plain, values) }
    return values.map { $0 == 0 ? "0" : Numbers.scientific($0, 4) }
  }

  private static func distinct(_ labels: [String], _ values: [Double]) -> [String] {
    Set(labels).count == Set(values).count ? labels : values.map { "\($0)" }
  }

  private static func text(_ value: Double, _ largest: Double) -> String {
    if value == value.rounded() && abs(value) < 9e15 { return String(Int(value)) }
    let magnitude = largest > 0 ? Int(log10(largest).rounded(.down)) : 0
    return Numbers.trimmed(Numbers.fixed(value, min(12, max(1, 6 - magnitude))))
  }
}

/// An axis with its ticks.
struct Axis {
  var scale: AxisScale
  var ticks: [AxisTick]

  /// A horizontal axis of `cells` columns over `range`. Labels may hang over the left end by `overhang` columns; they
  /// never touch each other and never pass the right end. With `extends` the scale grows to the outermost ticks.
  static func horizontal(
    _ range: ClosedRange<Double>, kind: AxisKind, cells: Int, overhang: Int, mapping: AxisScale.Mapping,
    extends: Bool, form: AxisForm = .plain
  ) -> Axis {
    make(range, kind, form, cells, mapping, extends) { labels in
      // A label every ten columns reads best; wide ones need more.
      Double(cells) / Double(max(10, (labels.map { TextWidth.of($0) }.max() ?? 1) + 3))
    } fits: { ticks in
      var end = -overhang - 1
      for tick in ticks {
        let start = labelStart(tick, cells: cells)
        if start <= end || start < -overhang { return false }
        end = start + TextWidth.of(tick.label)
      }
      return true
    }
  }

  /// A scale without ticks, for charts too small to label.
  static func bare(
    _ range: ClosedRange<Double>, cells: Int, mapping: AxisScale.Mapping, form: AxisForm = .plain
  ) -> Axis {
    make(range, .number, form, cells, mapping, false, target: nil, fits: { _ in true })
  }

  /// A vertical axis of `cells` rows, cell zero at the bottom, at least one free row between labels where there is
  /// room. `labelWidth` is the widest label allowed.
  static func vertical(
    _ range: ClosedRange<Double>, kind: AxisKind, cells: Int, labelWidth: Int, mapping: AxisScale.Mapping,
    extends: Bool, form: AxisForm = .plain
  ) -> Axis {
    let target = max(cells >= 7 ? 3 : 2, Double(cells) / 4)
    return make(range, kind, form, cells, mapping, extends) { _ in
      target
    } fits: { ticks in
      let gap = cells >= 6 ? 2 : 1
      for (a, b) in zip(ticks, ticks.dropFirst()) where b.cell - a.cell < gap { return false }
      return ticks.allSatisfy { TextWidth.of($0.label) <= labelWidth }
    }
  }

  /// The column where a label of a horizontal axis starts, relative to the axis: centred under its tick, or further
  /// left where it would pass the end.
  static func labelStart(_ tick: AxisTick, cells: Int) -> Int {
    labelStart(tick.label, cell: tick.cell, cells: cells)
  }

  static func labelStart(_ label: String, cell: Int, cells: Int) -> Int {
    let width = TextWidth.of(label)
    return min(cell - width / 2, cells - width)
  }

  private static func make(
    _ range: ClosedRange<Double>, _ kind: AxisKind, _ form: AxisForm, _ cells: Int,
    _ mapping: AxisScale.Mapping, _ extends: Bool, target: (([String]) -> Double)?,
    fits: ([AxisTick]) -> Bool
  ) -> Axis {
    // Far enough from the largest number for differences to stay finite.
    let limit = Double.greatestFiniteMagnitude / 8
    let low = min(max(range.lowerBound, -limit), limit)
    let high = min(max(range.upperBound, -limit), limit)
    // Without a positive low end there are no powers of ten to space evenly.
    let isLogarithmic = form.isLogarithmic && low > 0
    var scale = AxisScale(lower: low, upper: high, cells: cells, mapping: mapping, isLogarithmic: isLogarithmic)
    if cells <= 0 { return Axis(scale: scale, ticks: []) }
    guard let target else {
      return high > low ? Axis(scale: scale, ticks: []) : constant(low, kind, form, scale) { _ in false }
    }
    if high <= low { return constant(low, kind, form, scale, fits) }

    func place(_ values: [Double], _ labels: [String]) -> (AxisScale, [AxisTick]) {
      var wider = scale
      if extends, let first = values.first, let last = values.last {
        wider.lower = min(low, first)
        wider.upper = max(high, last)
      }
      let shown = zip(values, labels).filter { value, _ in
        if isLogarithmic { return wider.share(value) > -1e-9 && wider.share(value) < 1 + 1e-9 }
        let slack = wider.span * 1e-9
        return value >= wider.lower - slack && value <= wider.upper + slack
      }
      return (wider, shown.map { AxisTick(value: $0.0, label: $0.1, cell: tickCell($0.0, wider)) })
    }

    if kind == .time, let found = timeTicks(low...high, target, { fits(place($0, $1).1) }) {
      let (wider, ticks) = place(found.values, found.labels)
      return Axis(scale: wider, ticks: ticks)
    }
    if isLogarithmic, let found = logarithmicTicks(low...high, form, target, { fits(place($0, $1).1) }) {
      let (wider, ticks) = place(found.values, found.labels)
      return Axis(scale: wider, ticks: ticks)
    }
    // How many labels fit depends on how wide they are, which depends on the labels: the second pass knows.
    var values: [Double] = []
    var sample = form.labels(roundedEnds(low, high, kind))
    func search(least: Int) -> [Double] {
      Ticks.wilkinson(low...high, target: max(2, target(sample)), isInteger: kind == .integer) { values in
        // Labels on neighbouring cells touch whatever they say.
        if !isLogarithmic, values.count > 1, (values[1] - values[0]) * Double(cells) < (high - low) * 0.9 {
          return false
        }
        if isLogarithmic, let first = values.first, first <= 0 { return false }
        let ticks = place(values, form.labels(values)).1
        return ticks.count >= least && fits(ticks)
      }
    }
    for _ in 0..<2 {
      // One tick says where, two say how far: a labelling that leaves only one inside comes last.
      values = search(least: 2)
      if values.isEmpty { values = search(least: 1) }
      if values.isEmpty { break }
      sample = form.labels(values)
    }
    if !values.isEmpty {
      let (wider, ticks) = place(values, form.labels(values))
      return Axis(scale: wider, ticks: ticks)
    }
    // Too narrow for two labels: the middle, or nothing.
    scale.lower = low
    let middle =
      isLogarithmic ? (low * high).squareRoot() : kind == .integer ? ((low + high) / 2).rounded() : (low + high) / 2
    let label = kind == .time ? Numbers.moment(middle) : form.label(middle)
    let tick = AxisTick(value: middle, label: label, cell: tickCell(middle, scale))
    return Axis(scale: scale, ticks: fits([tick]) ? [tick] : [])
  }

  private static func tickCell(_ value: Double, _ scale: AxisScale) -> Int { scale.cell(value) }

  /// Numbers about as wide as the labels will be.
  private static func roundedEnds(_ low: Double, _ high: Double, _ kind: AxisKind) -> [Double] {
    let step = pow(10, log10(high - low).rounded(.down))
    guard step.isFinite, step > 0 else { return [low, high] }
    return [(low / step).rounded() * step, (high / step).rounded() * step]
  }

  private static func timeTicks(
    _ range: ClosedRange<Double>, _ target: ([String]) -> Double, _ fits: ([Double], [String]) -> Bool
  ) -> CalendarTicks.Labelling? {
    CalendarTicks.search(range, target: max(2, target(["2000-01"]))) { fits($0.values, $0.labels) }
  }

  private static func logarithmicTicks(
    _ range: ClosedRange<Double>, _ form: AxisForm, _ target: ([String]) -> Double,
    _ fits: ([Double], [String]) -> Bool
  ) -> LogarithmicTicks.Labelling? {
    let sample = [form.label(range.lowerBound), form.label(range.upperBound)]
    return LogarithmicTicks.search(range, target: max(2, target(sample)), labels: form.labels) {
      fits($0.values, $0.labels)
    }
  }

  /// One tick in the middle of the axis.
  private static func constant(
    _ value: Double, _ kind: AxisKind, _ form: AxisForm, _ scale: AxisScale, _ fits: ([AxisTick]) -> Bool
  ) -> Axis {
    var scale = scale
    scale.isLogarithmic = false
    let half = max(0.5, abs(value) * 0.01)
    scale.lower = value - half
    scale.upper = value + half
    let label = kind == .time ? Numbers.moment(value) : form.label(value)
    let tick = AxisTick(value: value, label: label, cell: tickCell(value, scale))
    return Axis(scale: scale, ticks: fits([tick]) ? [tick] : [])
  }
}
