// Importance: for each feature its share of gain and its mean |SHAP|, side by side; what does not fit is added up.

import Grid

extension ImportanceBars {
  func render(size: Size, context: DrawContext, view: ChartView) -> RenderedChart {
    var painter = Painter(size: size, context: context)
    if size.isEmpty { return RenderedChart(grid: painter.grid) }
    let (line, area, part) = layout(size, painter.glyphs, view)
    line.draw(on: &painter)
    if items.isEmpty {
      painter.sentence("No features.", in: area)
      return RenderedChart(grid: painter.grid)
    }
    let both = size.width >= 36
    let headings = size.width < 60 ? ["gain", "|SHAP|"] : ["gain (share)", "mean |SHAP|"]
    let bars = HorizontalBars(
      rows: rows(part, both: both), area: area, headings: both ? headings : [headings[0]])
    let marks = bars.draw(on: &painter, cursor: view.cursor)
    let top = area.y + (area.height >= 3 ? 1 : 0)
    return RenderedChart(grid: painter.grid, marks: marks, axes: part.axes("features", from: top))
  }

  /// The title, the rows below it, and which of the features they show.
  func layout(_ size: Size, _ glyphs: Glyphs, _ view: ChartView) -> (TitleLine, Rect, ItemPart) {
    let detail = "\(glyphs.dash) \(Numbers.grouped(items.count)) feature\(items.count == 1 ? "" : "s")"
    var line = TitleLine(
      name: title, detail: detail, counts: RowCounts(total: total, sampled: sampled, missing: 0))
    func part(_ lines: Int) -> ItemPart {
      let height = max(0, size.height - lines)
      return ItemPart(view.y, of: items.count, rows: height - (height >= 3 ? 1 : 0), hasOthers: false)
    }
    var found = part(line.lines(in: size))
    if found.isScrolled {
      line.notes = [found.note(glyphs)]
      found = part(line.lines(in: size))
      line.notes = [found.note(glyphs)]
    }
    return (line, Rect(size).splitTop(line.lines(in: size)).1, found)
  }

  func rows(_ part: ItemPart, both: Bool) -> [HorizontalBars.Row] {
    let sorted = items.enumerated().sorted { a, b in
      a.element.gain == b.element.gain ? a.offset < b.offset : a.element.gain > b.element.gain
    }.map(\.element)
    func row(_ label: String, _ gain: Double, _ shap: Double, _ selection: ChartSelection, _ isOthers: Bool)
      -> HorizontalBars.Row
    {
      let share = Numbers.fixed(gain, 3)
      let effect = Numbers.short(shap, digits: 3)
      return HorizontalBars.Row(
        label: label, values: both ? [gain, shap] : [gain], texts: both ? [share, effect] : [share],
        isOthers: isOthers, readout: "\(label)  gain \(share)  mean |SHAP| \(effect)", selection: selection)
    }
    var rows = sorted[part.shown].map { row($0.feature, $0.gain, $0.shap, .feature($0.feature), false) }
    let rest = sorted.dropFirst(part.shown.upperBound)
    if part.needsOthers, !rest.isEmpty {
      let gain = rest.reduce(0) { $0 + $1.gain }
      let shap = rest.reduce(0) { $0 + $1.shap }
      rows.append(row("\(rest.count) other\(rest.count == 1 ? "" : "s")", gain, shap, .none, true))
    }
    return rows
  }
}
