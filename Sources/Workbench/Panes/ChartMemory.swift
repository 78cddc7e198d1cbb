import Engine
import Foundation
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

  /// A picture of an explanation, which many places of a frame ask for, and its making is work.
  private struct Picture {
    var analysis: Int
    var computedAt: Date
    var page: ExplainedTable.Page
    var chart: Chart?
  }

  private let pictures = Mutex<[Picture]>([])

  /// The picture of an analysis' result, made by `make` where it was not made before.
  func picture(
    _ page: ExplainedTable.Page, of analysis: Analysis, _ make: (ExplainedTable.Page) -> Chart?
  ) -> Chart? {
    guard let computedAt = analysis.provenance?.computedAt else { return make(page) }
    let known = pictures.withLock { pictures in
      pictures.first { $0.analysis == analysis.id && $0.computedAt == computedAt && $0.page == page }
    }
    if let known { return known.chart }
    let chart = make(page)
    pictures.withLock { pictures in
      if pictures.count >= Self.kept { pictures.removeFirst() }
      pictures.append(Picture(analysis: analysis.id, computedAt: computedAt, page: page, chart: chart))
    }
    return chart
  }

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
