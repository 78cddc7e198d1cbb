import Frame
import Insight
import Plot

extension ChartSpec {
  /// Histograms of several columns side by side, each on an axis of its own.
  public static func histograms(of columns: [String]) -> ChartSpec { ChartSpec(.histogram, columns: columns) }

  /// The columns of such a chart; nil for any other.
  public var sideBySide: [String]? { kind == .histogram && x == nil && !columns.isEmpty ? columns : nil }
}

extension AnalysisRunner {
  /// A histogram of each column that can have one, in the order in which they are named.
  /// - Throws: `FrameError`; `JobCancelled`.
  func histograms(of columns: [String], _ rows: ChartRows) throws -> ChartGrid {
    var charts: [Chart] = []
    let drawn = columns.prefix(ChartGrid.most)
    for (index, column) in drawn.enumerated() {
      context.report(Double(index) / Double(drawn.count), column)
      try context.checkCancelled()
      do {
        charts.append(.histogram(try histogram(of: column, in: rows)))
      } catch is InsightError {
        // A column of no numbers has no histogram; the others do.
        continue
      }
    }
    let name = charts.count == 1 ? "1 column" : "\(charts.count) columns"
    return ChartGrid(
      name: name, charts: charts, others: columns.count - charts.count, total: try rows.count())
  }
}
