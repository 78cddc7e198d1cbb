// Importance: for each feature its share of gain and its mean |SHAP|, side by side; what does not fit is added up.

import Grid

extension ImportanceBars {
  func render(size: Size, context: DrawContext, cursor: Int?) -> RenderedChart {
    var painter = Painter(size: size, context: context)
    if size.isEmpty { return RenderedChart(grid: painter.grid) }
    let detail = "\(painter.glyphs.dash) \(Numbers.grouped(items.count)) feature\(items.count == 1 ? "" : "s")"
    let line = TitleLine(
      name: title, detail: detail, counts: RowCounts(total: total, sampled: sampled, missing: 0))
    line.draw(on: &painter)
    let area = Rect(size).splitTop(line.lines(in: size)).1
    if items.isEmpty {
      painter.sentence("No features.", in: area)
      return RenderedChart(grid: painter.grid)
    }
    let both = size.width >= 36
    let headings = size.width < 60 ? ["gain", "|SHAP|"] : ["gain (share)", "mean |SHAP|"]
    let height = area.height - (area.height >= 3 ? 1 : 0)
    let bars = HorizontalBars(
      rows: rows(height: height, both: both), area: area, headings: both ? headings : [headings[0]])
    let marks = bars.draw(on: &painter, cursor: cursor)
    return RenderedChart(grid: painter.grid, marks: marks)
  }

  func rows(height: Int, both: Bool) -> [HorizontalBars.Row] {
    let sorted = items.enumerated().sorted { a, b in
      a.element.gain == b.element.gain ? a.offset < b.offset : a.element.gain > b.element.gain
    }.map(\.element)
    let kept = sorted.count > height ? max(0, height - 1) : sorted.count
    func row(_ label: String, _ gain: Double, _ shap: Double, _ selection: ChartSelection, _ isOthers: Bool)
      -> HorizontalBars.Row
    {
      let share = Numbers.fixed(gain, 3)
      let effect = Numbers.short(shap, digits: 3)
      return HorizontalBars.Row(
        label: label, values: both ? [gain, shap] : [gain], texts: both ? [share, effect] : [share],
        isOthers: isOthers, readout: "\(label)  gain \(share)  mean |SHAP| \(effect)", selection: selection)
    }
    var rows = sorted.prefix(kept).map { row($0.feature, $0.gain, $0.shap, .feature($0.feature), false) }
    let rest = sorted.dropFirst(kept)
    if !rest.isEmpty {
      let gain = rest.reduce(0) { $0 + $1.gain }
      let shap = rest.reduce(0) { $0 + $1.shap }
      rows.append(row("\(rest.count) other\(rest.count == 1 ? "" : "s")", gain, shap, .none, true))
    }
    return rows
  }
}
