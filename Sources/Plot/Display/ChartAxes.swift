// What a drawn chart tells about its axes, so that cells become values again: for zooming, panning and boxes.

import Foundation
import Grid

/// The axes that a reader can look closer at; a direction without values has none.
public struct ChartAxes: Sendable, Equatable {
  public var x, y: ChartAxis?

  public init(x: ChartAxis? = nil, y: ChartAxis? = nil) { (self.x, self.y) = (x, y) }

  public var isEmpty: Bool { x == nil && y == nil }

  /// Whether there is a list to scroll through, and nothing to zoom.
  public var isList: Bool { (x?.isList ?? true) && (y?.isList ?? true) }

  /// `age 20–40, hours 30–50`: the parts of the axes that a view shows; empty for everything.
  public func summary(of view: ChartView, glyphs: GlyphSet) -> String {
    let parts = [view.x == nil ? nil : x, view.y == nil ? nil : y].compactMap { $0 }
    return ChartAxes.summary(parts.map { ($0.name, $0.shown, $0.kind) }, Glyphs(glyphs))
  }

  static func summary(
    _ parts: [(name: String, range: ClosedRange<Double>?, kind: AxisKind)], _ glyphs: Glyphs
  ) -> String {
    parts.compactMap { part in
      part.range.map { "\(part.name) \(Numbers.text($0.lowerBound, $0.upperBound, part.kind, glyphs))" }
    }.joined(separator: ", ")
  }
}

/// One axis as it was drawn.
public struct ChartAxis: Sendable, Equatable {
  public var name: String
  public var kind: AxisKind
  /// Everything that there is to see.
  public var whole: ClosedRange<Double>
  /// Whether it only counts items, of which as many are shown as have room: it scrolls and has no scale.
  public var isList: Bool
  let scale: AxisScale
  // The cell edge where the scale begins, and whether cells are counted downwards or to the right from there.
  private let start: Int
  private let isForward: Bool

  /// A horizontal axis from column `start` on, or one that counts rows downwards from row `start`.
  init(
    _ name: String, kind: AxisKind, whole: ClosedRange<Double>?, scale: AxisScale, from start: Int, isList: Bool = false
  ) {
    self.init(name, kind, whole, scale, start, isForward: true, isList: isList)
  }

  /// A vertical axis upwards from the lower edge of the row above `end`.
  init(_ name: String, kind: AxisKind, whole: ClosedRange<Double>?, scale: AxisScale, upFrom end: Int) {
    self.init(name, kind, whole, scale, end, isForward: false, isList: false)
  }

  private init(
    _ name: String, _ kind: AxisKind, _ whole: ClosedRange<Double>?, _ scale: AxisScale, _ start: Int,
    isForward: Bool, isList: Bool
  ) {
    (self.name, self.kind, self.scale, self.start) = (name, kind, scale, start)
    (self.isForward, self.isList) = (isForward, isList)
    let shown = min(scale.lower, scale.upper)...max(scale.lower, scale.upper)
    self.whole = whole ?? shown
  }

  /// The part that is shown.
  public var shown: ClosedRange<Double> { min(scale.lower, scale.upper)...max(scale.lower, scale.upper) }

  /// The values between the outer edges of two cells of the grid, within what is shown; nil outside of it.
  public func values(from first: Int, through last: Int) -> ClosedRange<Double>? {
    let (a, b) = isForward ? (first - start, last - start) : (start - 1 - last, start - 1 - first)
    guard scale.cells > 0, b >= 0, a < scale.cells, a <= b else { return nil }
    let low = max(shown.lowerBound, scale.interval(cell: max(0, a)).lower)
    let high = min(shown.upperBound, scale.interval(cell: min(scale.cells - 1, b)).upper)
    return low <= high ? low...high : nil
  }

  /// The value in the middle of some cells.
  public func middle(from first: Int, through last: Int) -> Double? {
    values(from: first, through: last).map {
      scale.value(share: (scale.share($0.lowerBound) + scale.share($0.upperBound)) / 2)
    }
  }

  /// Whether rows are counted downwards from its beginning, as a list's are; the larger values are below then.
  public var growsDown: Bool { isForward }

  /// Where a value stands in cells of the grid, continuous; not a number where it has no place.
  public func position(_ value: Double) -> Double {
    isForward ? Double(start) + scale.position(value) : Double(start) - scale.position(value)
  }

  // MARK: - Windows

  /// The window that some cells of the grid cover, rounded; nil beside the axis.
  public func window(from first: Int, through last: Int) -> ClosedRange<Double>? {
    values(from: first, through: last).flatMap { rounded($0.lowerBound, $0.upperBound) }
  }

  /// The window that is `factor` times as wide, with the value at `center` staying where it is; nil shows everything.
  /// Where nothing closer can be told apart it stays as it is.
  public func zoomed(by factor: Double, around center: Double? = nil) -> ClosedRange<Double>? {
    let at = min(max(center.map { scale.share($0) } ?? 0.5, 0), 1)
    let share = at.isFinite ? at : 0.5
    return window(share - share * factor, share + (1 - share) * factor)
  }

  /// The window moved by a share of its own width, towards larger values above zero, no further than there are values.
  public func moved(by share: Double) -> ClosedRange<Double>? { window(share, 1 + share) }

  /// A window between two shares of the one that is shown, kept within the whole and rounded.
  private func window(_ low: Double, _ high: Double) -> ClosedRange<Double>? {
    guard scale.span > 0 else { return nil }
    let (first, last) = (min(0, scale.share(whole.lowerBound)), max(1, scale.share(whole.upperBound)))
    guard first.isFinite, last.isFinite, low.isFinite, high.isFinite else { return nil }
    if high - low >= (last - first) * 0.999 { return nil }
    let shift = low < first ? first - low : high > last ? last - high : 0
    return rounded(scale.value(share: low + shift), scale.value(share: high + shift))
  }

  /// Ends as short as a reader would write them, never both the same.
  private func rounded(_ low: Double, _ high: Double) -> ClosedRange<Double>? {
    guard low.isFinite, high.isFinite, low < high else { return shown }
    var step = pow(10, (log10(high - low) - 2).rounded(.down))
    if kind == .integer { step = max(1, step) }
    if kind == .time { step = high - low > 1000 ? 1 : 0 }
    if isList { step = 1 }
    guard step > 0, step.isFinite, !scale.isLogarithmic else {
      if !scale.isLogarithmic { return low...high }
      let (a, b) = (ChartAxis.significant(low), ChartAxis.significant(high))
      return a < b ? a...b : shown
    }
    let (a, b) = ((low / step).rounded() * step, (high / step).rounded() * step)
    let clean = kind == .number ? (ChartAxis.tidy(a, step), ChartAxis.tidy(b, step)) : (a, b)
    // Closer than this, numbers are not told apart.
    let least = max(abs(low), abs(high)) * 1e-12
    return clean.0 < clean.1 && clean.1 - clean.0 > least ? clean.0...clean.1 : shown
  }

  /// Without the noise of a product with a power of ten.
  private static func tidy(_ value: Double, _ step: Double) -> Double {
    if step >= 1 { return value }
    let scale = (1 / step).rounded()
    return scale.isFinite && scale > 0 ? (value * scale).rounded() / scale : value
  }

  private static func significant(_ value: Double) -> Double {
    guard value > 0 else { return value }
    let step = pow(10, log10(value).rounded(.down) - 2)
    return tidy((value / step).rounded() * step, step)
  }
}

extension ChartView {
  /// Whether a point lies in the window.
  func contains(x: Double? = nil, y: Double? = nil) -> Bool {
    if let window = self.x, let x, !window.contains(x) { return false }
    if let window = self.y, let y, !window.contains(y) { return false }
    return true
  }

  /// The items of a list of `count` in a window of one axis.
  static func items(_ window: ClosedRange<Double>?, of count: Int) -> Range<Int> {
    guard let window, count > 0, window.lowerBound.isFinite, window.upperBound.isFinite else {
      return 0..<max(0, count)
    }
    let last = Double(count)
    let first = Int(min(max((window.lowerBound + 1e-9).rounded(.down), 0), last - 1))
    let end = Int(min(max((window.upperBound - 1e-9).rounded(.up), 0), last))
    return first..<max(first + 1, end)
  }
}
