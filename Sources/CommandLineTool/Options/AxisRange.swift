import ArgumentParser
import Foundation
import Grid
import Plot

/// A part of an axis: `20:40`, or two dates as `2024-01-01:2024-06-30`.
struct AxisRange {
  let range: ClosedRange<Double>

  /// - Throws: `ValidationError` that says what is wrong and what to write.
  init(_ text: String) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let form = "two numbers or dates with a colon between, such as 20:40 or 2024-01-01:2024-06-30"
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { throw ValidationError("write \(form)") }
    let ends = try parts.map { part in
      guard let value = Self.value(part) else {
        throw ValidationError("\"\(part)\" is neither a number nor a date: write \(form)")
      }
      return value
    }
    guard ends[0] < ends[1] else {
      throw ValidationError(
        ends[0] == ends[1]
          ? "both ends are \(parts[0]): the second has to be greater"
          : "the second end is less than the first: write \(parts[1]):\(parts[0])")
    }
    range = ends[0]...ends[1]
  }

  /// A number, or the seconds since 1970 of a date.
  private static func value(_ text: Substring) -> Double? {
    if let number = Double(text) { return number.isFinite ? number : nil }
    guard text.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil else { return nil }
    return (try? Date(String(text) + "T00:00:00Z", strategy: .iso8601))?.timeIntervalSince1970
  }

  /// - Throws: `ValidationError` where a chart has no axis with the numbers that are asked for.
  static func check(_ view: ChartView, of chart: Chart) throws {
    guard view.isZoomed else { return }
    let axes = render(chart, size: Size(width: 80, height: 24), context: DrawContext(colors: .mono)).axes
    if view.x != nil, axes?.x == nil {
      throw ValidationError("--x-range: this chart has no horizontal axis of numbers")
    }
    if view.y != nil, axes?.y == nil || axes?.y?.isList == true {
      throw ValidationError("--y-range: this chart has no vertical axis of numbers to show a part of")
    }
  }
}
