import Grid
import Plot
import Synchronization

/// The last charts that were drawn, so that a key which changes nothing in a chart does not draw it again. Only saves
/// time: what it returns is what `render` returns.
final class ChartMemory: Sendable {
  static let shared = ChartMemory()

  private struct Entry {
    var chart: Chart
    var size: Size
    var context: DrawContext
    var view: ChartView
    var drawn: RenderedChart
  }

  /// Each chart with its cursor and without, with some to spare.
  private static let kept = 8
  private let entries = Mutex<[Entry]>([])

  /// The chart at this size, from memory where it was drawn just so before.
  func render(_ chart: Chart, size: Size, context: DrawContext, view: ChartView) -> RenderedChart {
    let found = entries.withLock { entries in
      // Equal charts share their storage here, so that comparing them reads no points.
      entries.first { $0.size == size && $0.view == view && $0.context == context && $0.chart == chart }?.drawn
    }
    if let found { return found }
    let drawn = Plot.render(chart, size: size, context: context, view: view)
    entries.withLock { entries in
      if entries.count >= Self.kept { entries.removeFirst() }
      entries.append(Entry(chart: chart, size: size, context: context, view: view, drawn: drawn))
    }
    return drawn
  }
}
