// Confusion matrix: cells shaded by their share of the actual class, with count and percentage in them; recall at the
// right, precision below. Many classes, or little room, make it a heatmap of the shares.

import Grid

/// What a classifier said against what was true.
public struct ConfusionMatrix: ChartContent {
  public static let kind = "confusion"
  public static let title = "Confusion matrix"

  /// Instead of `Confusion matrix`.
  public var title: String?
  public var classes: [String]
  /// Rows of the table: [actual class × predicted class].
  public var counts: [[Int]]
  /// Rows without a label or a prediction.
  public var missing: Int

  public init(title: String? = nil, classes: [String], counts: [[Int]], missing: Int = 0) {
    (self.title, self.classes, self.counts, self.missing) = (title, classes, counts, missing)
  }

  /// More than these do not get numbers of their own.
  static let mostClasses = 8

  func count(_ actual: Int, _ predicted: Int) -> Int {
    counts.indices.contains(actual) && counts[actual].indices.contains(predicted) ? counts[actual][predicted] : 0
  }

  func actual(_ row: Int) -> Int { classes.indices.reduce(0) { $0 + count(row, $1) } }
  func predicted(_ column: Int) -> Int { classes.indices.reduce(0) { $0 + count($1, column) } }
  var total: Int { classes.indices.reduce(0) { $0 + actual($1) } }

  /// The share of the actual class; nil where it has no rows.
  func share(_ row: Int, _ column: Int) -> Double? {
    let whole = actual(row)
    return whole > 0 ? Double(count(row, column)) / Double(whole) : nil
  }

  static func score(_ part: Int, _ whole: Int) -> String {
    whole > 0 ? Numbers.score(Double(part) / Double(whole)) : "-"
  }

  var accuracy: String { ConfusionMatrix.score(classes.indices.reduce(0) { $0 + count($1, $1) }, total) }

  func titleLine(_ notes: [String]) -> TitleLine {
    TitleLine(
      name: title ?? ConfusionMatrix.title, counts: RowCounts(total: total + missing, sampled: nil, missing: missing),
      notes: notes)
  }

  func readout(_ row: Int, _ column: Int) -> String {
    let part = Numbers.percent(Double(count(row, column)), of: Double(actual(row)))
    return "actual \(classes[row]), predicted \(classes[column])  n=\(Numbers.grouped(count(row, column)))  \(part)"
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    if classes.isEmpty {
      var plotter = Plotter(size: size, context: context)
      titleLine([]).draw(on: &plotter)
      plotter.sentence("No classes.", in: Rect(size).splitTop(min(1, size.height)).1)
      return (plotter.list, [])
    }
    guard let layout = ConfusionLayout(self, size: size) else { return heatmap(size, context, view) }
    var plotter = Plotter(size: size, context: context)
    layout.draw(on: &plotter)
    return (plotter.list, layout.marks)
  }

  /// A whole percentage; what is not nothing never reads as 0, what is not everything never as 100.
  private static func percentage(_ share: Double) -> Double {
    let rounded = (share * 100).rounded()
    return share > 0 && share < 1 ? min(max(rounded, 1), 99) : rounded
  }

  /// Percentages of each row, in colours or shades.
  private func heatmap(
    _ size: Size, _ context: DrawContext, _ view: ChartView
  ) -> (list: DisplayList, marks: [ChartMark]) {
    let values = classes.indices.map { row in
      classes.indices.map { column in share(row, column).map(ConfusionMatrix.percentage) }
    }
    let name = "\(title ?? ConfusionMatrix.title), accuracy \(accuracy), % of actual"
    let chart = Heatmap(
      title: name, rows: classes, columns: classes, values: values, range: 0...100, kind: .counts,
      missing: missing, total: total + missing)
    var (list, marks) = Chart.heatmap(chart).list(size: size, context: context, view: view)
    for i in marks.indices {
      // The heatmap draws its own cursor.
      marks[i].emphasis = .none
      marks[i].selection = .none
      marks[i].readout = readout(marks[i].place.y, marks[i].place.x)
    }
    list.pointerRow = nil
    return (list, marks)
  }
}

/// The geometry of a confusion matrix with numbers; nil where they have no room.
private struct ConfusionLayout {
  let chart: ConfusionMatrix
  let title: TitleLine
  let top, gutter, cellWidth, cellHeight: Int
  let hasHeading, hasNames, hasMargins, hasCorner: Bool
  let size: Size

  init?(_ chart: ConfusionMatrix, size: Size) {
    let n = chart.classes.count
    guard n <= ConfusionMatrix.mostClasses else { return nil }
    (self.chart, self.size) = (chart, size)
    hasMargins = size.width >= 30 && size.height >= n + 4
    hasCorner = hasMargins && size.width >= 44
    title = chart.titleLine(hasCorner ? [] : ["accuracy \(chart.accuracy)"])
    top = title.lines(in: size)
    let rows = size.height - top
    hasNames = rows >= n + 2
    hasHeading = rows >= 2 * n + 3
    let widest = (chart.classes + ["actual", "prec."]).map { TextWidth.of($0) }.max() ?? 0
    gutter = min(widest + 2, size.width / 4)
    let room = size.width - gutter - (hasCorner ? 11 : hasMargins ? 7 : 0)
    cellWidth = min(16, room / n)
    let free = rows - (hasNames ? 1 : 0) - (hasHeading ? 1 : 0) - (hasMargins ? 1 : 0)
    cellHeight = min(4, free / n)
    let largest = chart.counts.joined().map { Numbers.grouped($0).utf8.count }.max() ?? 1
    guard cellHeight >= 1, cellWidth >= largest + 1, gutter >= 3 else { return nil }
  }

  private var y: Int { top + (hasHeading ? 1 : 0) + (hasNames ? 1 : 0) }

  private func rect(_ row: Int, _ column: Int) -> Rect {
    Rect(x: gutter + column * cellWidth, y: y + row * cellHeight, width: cellWidth - 1, height: cellHeight)
  }

  func draw(on plotter: inout Plotter) {
    title.draw(on: &plotter, lines: top)
    let n = chart.classes.count
    let right = gutter + n * cellWidth
    if hasHeading {
      let middle = Double(gutter) + Double(n * cellWidth - 1) / 2
      plotter.text("predicted", .init(middle.rounded(), Double(top)), .center, role: .muted, width: n * cellWidth - 1)
      plotter.text("actual", .init(Double(gutter - 1), Double(top)), .right, role: .muted, width: gutter - 1)
    }
    for i in 0..<n {
      let rect = rect(i, i)
      if hasNames {
        let middle = (Double(rect.x) + Double(rect.width) / 2).rounded()
        plotter.text(chart.classes[i], .init(middle, Double(y - 1)), .center, width: rect.width)
      }
      let row = Double(rect.y + (cellHeight - 1) / 2)
      plotter.text(chart.classes[i], .init(Double(gutter - 1), row), .right, width: gutter - 1)
      for j in 0..<n { drawCell(i, j, on: &plotter) }
      guard hasMargins else { continue }
      let recall = ConfusionMatrix.score(chart.count(i, i), chart.actual(i))
      plotter.text(recall, .init(Double(right + (hasCorner ? 10 : 6)), row), .right)
      let precision = ConfusionMatrix.score(chart.count(i, i), chart.predicted(i))
      let middle = (Double(rect.x) + Double(rect.width) / 2).rounded()
      plotter.text(precision, .init(middle, Double(y + n * cellHeight)), .center, width: rect.width)
    }
    guard hasMargins else { return }
    plotter.text(
      "prec.", .init(Double(gutter - 1), Double(y + n * cellHeight)), .right, role: .muted, width: gutter - 1)
    let end = Double(right + (hasCorner ? 10 : 6))
    plotter.text("recall", .init(end, Double(y - 1)), .right, role: .muted)
    if hasCorner {
      plotter.text("acc " + chart.accuracy, .init(end, Double(y + n * cellHeight)), .right, isBold: true)
    }
  }

  private func drawCell(_ row: Int, _ column: Int, on plotter: inout Plotter) {
    let rect = rect(row, column)
    let share = chart.share(row, column)
    if let share { plotter.colors(.init(rect), [[share]]) }
    let count = Numbers.grouped(chart.count(row, column))
    let part = Numbers.percent(Double(chart.count(row, column)), of: Double(chart.actual(row)))
    var lines = cellHeight >= 2 ? [count, part] : [count + "  " + part]
    if lines.contains(where: { TextWidth.of($0) > rect.width }) { lines = [count] }
    let top = rect.y + (cellHeight - lines.count) / 2
    for (i, line) in lines.enumerated() {
      // Padded, so that shades do not touch the digits.
      let text = TextWidth.of(line) + 2 <= rect.width ? " \(line) " : line
      let left = Double(rect.x + (rect.width - TextWidth.of(text)) / 2)
      plotter.text(text, .init(left, Double(top + i)), role: .text, paper: share.map { .sequential($0) })
    }
  }

  var marks: [ChartMark] {
    let n = chart.classes.count
    return (0..<n).flatMap { row in
      (0..<n).map { column in
        ChartMark(
          rect: rect(row, column).intersection(Rect(size)), place: Point(x: column, y: row),
          readout: chart.readout(row, column), selection: .none, emphasis: .reverse)
      }
    }
  }
}
