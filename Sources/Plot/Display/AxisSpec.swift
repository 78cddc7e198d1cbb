// What a chart wants of an axis; the frame decides what fits.

import Grid

/// An axis before it is laid out.
struct AxisSpec {
  /// How values fall on cells: as points on dots, or as bars from edge to edge.
  enum Placing { case points, bars }

  /// Written above a vertical axis, and under a horizontal one.
  var name: String
  /// The values to be seen; nil without any.
  var range: ClosedRange<Double>?
  var kind: AxisKind = .number
  var form: AxisForm = .plain
  var placing: Placing = .points
  /// Whether the scale may grow to the outermost ticks, and be prettier than the data.
  var extends = true

  init(
    _ name: String, _ range: ClosedRange<Double>?, kind: AxisKind = .number, form: AxisForm = .plain,
    placing: Placing = .points, extends: Bool = true
  ) {
    (self.name, self.range, self.kind, self.form) = (name, range, kind, form)
    (self.placing, self.extends) = (placing, extends)
  }

  /// An axis over the finite values among `values`.
  init(
    _ name: String, values: some Sequence<Double>, kind: AxisKind = .number, form: AxisForm = .plain,
    placing: Placing = .points, extends: Bool = true
  ) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite && (form != .logarithmic || value > 0) {
      low = min(low, value)
      high = max(high, value)
    }
    self.init(
      name, low <= high ? low...high : nil, kind: kind, form: form, placing: placing, extends: extends)
  }

  /// The range to lay out: a part of it where the reader looks closer.
  func shown(_ window: ClosedRange<Double>?) -> (range: ClosedRange<Double>, isWindow: Bool) {
    if let window, window.lowerBound.isFinite, window.upperBound.isFinite { return (window, true) }
    guard let range, range.lowerBound.isFinite, range.upperBound.isFinite else { return (0...1, false) }
    return (range, false)
  }
}

/// What stands along the left of a plot.
enum VerticalSpec {
  case scale(AxisSpec)
  /// Names, from the top, each with so many rows; those around `around` are shown where not all fit. Ruled groups have
  /// an axis line with a tick at each name.
  case groups([String], rows: Int, around: Int?, isRuled: Bool)
}
