// Bars: one row a value, horizontal eighths, the count and its share after the bar. Values that have no row, because
// the chart is too low or the caller left them out, are one bar `k others`. A window scrolls through the values instead:
// those before and after it are left out, and the title says which are shown.

import Foundation
import Grid

extension Bars {
  func render(size: Size, context: DrawContext, view: ChartView) -> RenderedChart {
    var painter = Painter(size: size, context: context)
    if size.isEmpty { return RenderedChart(grid: painter.grid) }
    let (line, area, part) = layout(size, painter.glyphs, view)
    line.draw(on: &painter)
    if items.isEmpty && others == nil {
      painter.sentence(counts.emptySentence, in: area)
      return RenderedChart(grid: painter.grid)
    }
    let marks = HorizontalBars(rows: rows(part), area: area).draw(on: &painter, cursor: view.cursor)
    return RenderedChart(grid: painter.grid, marks: marks, axes: part.axes(column, from: area.y))
  }

  var counts: RowCounts { RowCounts(total: total, sampled: sampled, missing: missing) }

  /// The title, the rows below it, and which of the values they show.
  func layout(_ size: Size, _ glyphs: Glyphs, _ view: ChartView) -> (TitleLine, Rect, ItemPart) {
    let distinct = items.count + (others?.distinct ?? 0)
    var line = TitleLine(name: title ?? column, counts: counts)
    if title == nil {
      line.detail = "\(glyphs.dash) \(Numbers.grouped(distinct)) value\(distinct == 1 ? "" : "s")"
    }
    func part(_ lines: Int) -> ItemPart {
      ItemPart(view.y, of: items.count, rows: max(0, size.height - lines), hasOthers: others != nil)
    }
    var found = part(line.lines(in: size))
    if found.isScrolled {
      line.notes = [found.note(glyphs)]
      found = part(line.lines(in: size))
      line.notes = [found.note(glyphs)]
    }
    return (line, Rect(size).splitTop(line.lines(in: size)).1, found)
  }

  /// The bars of a part, the last one the others.
  func rows(_ part: ItemPart) -> [HorizontalBars.Row] {
    // Columns overlap, so that their shares are of the rows and may add up to more than one.
    let sum = column.isEmpty ? 0 : items.reduce(0) { $0 + max(0, $1.count) } + (others?.count ?? 0)
    let whole = Double(max(counts.shown ?? 0, sum))
    let (needsOthers, kept) = (part.needsOthers, part.shown.upperBound)
    func row(_ label: String, _ count: Int, _ isOthers: Bool, _ selection: ChartSelection) -> HorizontalBars.Row {
      let share = Numbers.percent(Double(count), of: whole)
      return HorizontalBars.Row(
        label: label, values: [Double(max(0, count))], texts: ["\(Numbers.grouped(count))  \(share)"],
        isOthers: isOthers, readout: "\(label)  n=\(Numbers.grouped(count)) \(share)", selection: selection)
    }
    var rows = items[part.shown].map { item in
      // Bars of no column are columns themselves: what is counted are their cells.
      row(
        item.label.isEmpty ? "(empty)" : item.label, item.count, false,
        column.isEmpty ? .feature(item.label) : .equals(column: column, value: item.label))
    }
    guard needsOthers else { return rows }
    let hidden = items.dropFirst(kept)
    let distinct = hidden.count + (others?.distinct ?? 0)
    let count = hidden.reduce(0) { $0 + max(0, $1.count) } + (others?.count ?? 0)
    let label = "\(Numbers.grouped(distinct)) other\(distinct == 1 ? "" : "s")"
    rows.append(
      row(label, count, true, .noneOf(column: column, values: items.prefix(kept).map(\.label))))
    return rows
  }
}

/// The part of a list of bars that has room, and the row that the others are added up in.
struct ItemPart {
  let shown: Range<Int>
  /// Whether a last row adds up what follows.
  let needsOthers: Bool
  let count: Int

  /// From the first of `count` items on, or from where a window begins.
  init(_ window: ClosedRange<Double>?, of count: Int, rows: Int, hasOthers: Bool) {
    self.count = count
    let start = window == nil ? 0 : ChartView.items(window, of: count).lowerBound
    if start == 0 {
      needsOthers = hasOthers || count > rows
      shown = 0..<(needsOthers ? min(count, max(0, rows - 1)) : count)
      return
    }
    // The last items fill the rows; what has no item of its own follows them.
    let extra = hasOthers ? 1 : 0
    let first = min(start, max(0, count + extra - max(1, rows)))
    let end = min(count, first + max(1, rows))
    needsOthers = hasOthers && end == count && end - first < rows
    shown = first..<end
  }

  var isScrolled: Bool { shown.lowerBound > 0 }

  /// `21–40 of 60`.
  func note(_ glyphs: Glyphs) -> String {
    "\(shown.lowerBound + 1)\(glyphs.range)\(shown.upperBound) of \(Numbers.grouped(count))"
  }

  /// The list as an axis to scroll along; nil where everything is in sight.
  func axes(_ name: String, from row: Int) -> ChartAxes? {
    if shown.isEmpty || shown.count >= count { return nil }
    let scale = AxisScale(
      lower: Double(shown.lowerBound), upper: Double(shown.upperBound), cells: shown.count, mapping: .edges)
    return ChartAxes(
      y: ChartAxis(name, kind: .integer, whole: 0...Double(count), scale: scale, from: row, isList: true))
  }
}

/// Rows of horizontal bars, one or several series side by side, each on its own scale from zero.
struct HorizontalBars {
  struct Row {
    var label: String
    /// One per series.
    var values: [Double]
    /// What is printed after each bar.
    var texts: [String]
    var isOthers = false
    var readout: String
    var selection: ChartSelection
  }

  var rows: [Row]
  var area: Rect
  /// Titles over the series; none takes no row.
  var headings: [String] = []

  func draw(on painter: inout Painter, cursor: Int?) -> [ChartMark] {
    let seriesCount = rows.map(\.values.count).max() ?? 0
    let hasHeadings = !headings.isEmpty && area.height >= 3
    let body = hasHeadings ? area.splitTop(1).1 : area
    if seriesCount == 0 { return [] }
    let widest = rows.map { TextWidth.of($0.label) }.max() ?? 0
    let share = seriesCount == 1 ? 0.45 : 0.35
    let gutter = min(max(widest + 1, min(13, area.width / 5)), Int(Double(area.width) * share))
    let left = area.x + gutter + (gutter > 0 ? 1 : 0)
    let column = (area.maxX - left) / seriesCount

    for (s, heading) in headings.enumerated() where hasHeadings && s < seriesCount {
      let cut = painter.glyphs.cut(heading, column - 1)
      painter.text(cut, left + s * column, area.y, painter.mutedStyle)
    }
    for s in 0..<seriesCount { drawSeries(s, x: left + s * column, width: column, body, on: &painter, cursor) }
    return rows.enumerated().map { i, row in
      let y = body.y + i
      let isSeen = i < body.height
      if isSeen { drawLabel(row, width: gutter, y: y, on: &painter, isCurrent: i == cursor) }
      return ChartMark(
        rect: isSeen ? Rect(x: area.x, y: y, width: area.width, height: 1) : .zero, place: Point(x: 0, y: i),
        readout: row.readout, selection: row.selection)
    }
  }

  private func drawLabel(_ row: Row, width: Int, y: Int, on painter: inout Painter, isCurrent: Bool) {
    let cut = painter.glyphs.cut(row.label, width)
    let style =
      isCurrent ? painter.cursorStyle.reversed() : row.isOthers ? painter.mutedStyle : painter.labelStyle
    painter.text(cut, area.x + width - TextWidth.of(cut), y, style)
  }

  /// Axis, bars and values of one series in `width` columns from `x` (where the axis stands).
  private func drawSeries(_ s: Int, x: Int, width: Int, _ body: Rect, on painter: inout Painter, _ cursor: Int?) {
    let shown = rows.prefix(body.height)
    let textWidth = shown.map { s < $0.texts.count ? TextWidth.of($0.texts[s]) : 0 }.max() ?? 0
    let axis = x - 1
    // The value goes before the bar does: a bar shorter than three cells says nothing.
    let gap = width < 20 ? 1 : 2
    let hasTexts = width - textWidth - gap - 2 >= 3
    let length = width - (hasTexts ? textWidth + gap + 2 : 1)
    let top = shown.map { s < $0.values.count && $0.values[s].isFinite ? $0.values[s] : 0 }.max() ?? 0
    for (i, row) in shown.enumerated() {
      let y = body.y + i
      if axis >= area.x { painter.put(painter.glyphs.tickLeft, axis, y, painter.axisStyle) }
      guard s < row.values.count else { continue }
      let style =
        i == cursor
        ? painter.cursorStyle : row.isOthers ? painter.mutedStyle : painter.ink(painter.series(s + 1))
      let cells = drawBar(row.values[s], top, length, x, y, style, on: &painter)
      if hasTexts, s < row.texts.count {
        painter.text(row.texts[s], x + cells + gap, y, i == cursor ? painter.cursorStyle : painter.labelStyle)
      }
    }
  }

  /// Returns the cells that the bar touches.
  private func drawBar(
    _ value: Double, _ top: Double, _ length: Int, _ x: Int, _ y: Int, _ style: Style, on painter: inout Painter
  ) -> Int {
    guard length > 0, value.isFinite, value > 0, top > 0 else { return 0 }
    let eighths = min(length * 8, max(1, Int((value / top * Double(length * 8)).rounded())))
    let cells = (eighths + 7) / 8
    for cell in 0..<cells { painter.put(painter.glyphs.bar(min(8, eighths - cell * 8)), x + cell, y, style) }
    return cells
  }
}
