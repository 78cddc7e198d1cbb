// A scatter plot as shapes, for a place among small charts on shared axes.

import Grid

extension Scatter {
  func panel(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let counts = RowCounts(total: total, sampled: sampled, missing: missing)
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    let title = TitleLine(name: view.place?.title ?? title ?? "\(y) by \(x)", counts: counts)
    if finite.isEmpty {
      title.draw(on: &plotter)
      plotter.sentence(counts.emptySentence, in: Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
      return (plotter.list, [])
    }
    let frame = PlotFrame(
      size: size, context: context, title: title, legend: panelLegend,
      x: AxisSpec(x, values: finite.map(\.x), kind: xKind, form: xForm ?? .plain),
      y: .scale(AxisSpec(y, values: finite.map(\.y), kind: yKind, form: yForm ?? .plain)), view: view)
    frame.draw(on: &plotter)
    guard !frame.plot.isEmpty, let vertical = frame.yAxis else { return (plotter.list, []) }
    let seen = finite.filter { frame.shows($0.x, $0.y) }
    for index in 0...categories.count {
      let own = seen.filter { categoryIndex($0) == index }
      let role: Role = .series(categories.isEmpty ? 1 : index)
      plotter.markers(own.map { frame.spot($0.x, $0.y) }, role, categories.isEmpty ? .dot : .of(series: index))
    }
    for trend in trends ?? [] {
      let spots = zip(trend.x, trend.y).map { frame.spot($0, $1) }
      plotter.line(spots, .series(trend.category ?? 0), .of(series: trend.category ?? 0), layer: .overlay)
    }
    return (plotter.list, panelMarks(seen, frame, vertical, plotter.glyphs))
  }

  /// The category of a point; one more than there are for a point without one.
  private func categoryIndex(_ point: Point) -> Int {
    guard let category = point.category, categories.indices.contains(category) else { return categories.count }
    return category
  }

  var panelLegend: [TitleLine.Key] {
    if categories.isEmpty { return [] }
    let hasMissing = points.contains { categoryIndex($0) == categories.count }
    return (categories + (hasMissing ? ["(missing)"] : [])).enumerated().map { index, name in
      TitleLine.Key(.marker(.of(series: index)), role: .series(index), label: name.isEmpty ? "(empty)" : name)
    }
  }

  /// One mark a cell with points, by columns from the left.
  private func panelMarks(
    _ seen: [Point], _ frame: PlotFrame, _ vertical: Axis, _ glyphs: Glyphs
  ) -> [ChartMark] {
    let (across, up) = (frame.xAxis.scale, vertical.scale)
    var counts: [Grid.Point: Int] = [:]
    for point in seen { counts[Grid.Point(x: across.cell(point.x), y: up.cell(point.y)), default: 0] += 1 }
    let cells = counts.sorted { ($0.key.x, -$0.key.y) < ($1.key.x, -$1.key.y) }
    return cells.map { cell, count in
      let (left, low) = (across.interval(cell: cell.x), up.interval(cell: cell.y))
      let horizontal = Numbers.text(left.lower, left.upper, xKind, glyphs)
      let readout =
        "\(x) \(horizontal)  \(y) \(Numbers.text(low.lower, low.upper, yKind, glyphs))  n=\(Numbers.grouped(count))"
      return ChartMark(
        rect: Rect(x: frame.plot.x + cell.x, y: frame.plot.maxY - 1 - cell.y, width: 1, height: 1)
          .intersection(frame.plot), place: Grid.Point(x: cell.x, y: frame.plot.height - 1 - cell.y), readout: readout,
        selection: .box(
          x: .init(column: x, lower: left.lower, upper: left.upper, includesUpper: false, kind: xKind),
          y: .init(column: y, lower: low.lower, upper: low.upper, includesUpper: false, kind: yKind)), emphasis: .cell)
    }
  }
}
