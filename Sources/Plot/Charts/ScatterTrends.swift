// The curves through a scatter plot: each in the colour of its points and with a dash of its own, over its confidence
// band in `░`. Points cover the band; the curve covers its cloud.

import Grid

/// The trends of a layout.
struct ScatterTrends {
  private let layout: ScatterLayout
  private let trends: [Scatter.Trend]

  init(_ layout: ScatterLayout) {
    self.layout = layout
    trends = (layout.chart.trends ?? []).filter { $0.x.count > 1 && $0.x.count == $0.y.count }
  }

  private var hasBand: Bool { trends.contains { band($0) != nil } }
  private var isASCII: Bool { layout.glyphs.kind == .ascii }

  /// A solid line is `*` in ASCII, as is the overlap of categories.
  private func dash(_ trend: Int) -> Dash {
    isASCII ? [.dashed, .dashDotted, .dotted, .solid][trend % 4] : .of(series: trend)
  }

  private var bandPattern: FillPattern { isASCII ? .medium : .light }

  /// The colour of a trend's points; one through all has a colour that no points have.
  private func role(_ trend: Scatter.Trend) -> Role {
    if layout.categories.count > 1, let category = layout.categories.of(category: trend.category) {
      return .series(category)
    }
    return layout.categories.count > 1 ? .text : .series(0)
  }

  private func name(_ trend: Scatter.Trend) -> String {
    let name = layout.categories.of(category: trend.category).map { layout.categories.names[$0] } ?? ""
    return trends.count > 1 && !name.isEmpty ? name : "trend"
  }

  private func spots(_ x: [Double], _ y: [Double]) -> [DisplayList.Spot] {
    zip(x, y).map { x, y in
      DisplayList.Spot(
        Double(layout.plot.x) + layout.xAxis.scale.position(x),
        Double(layout.plot.maxY) - layout.yAxis.scale.position(y))
    }
  }

  /// The corners of a trend's band.
  private func band(_ trend: Scatter.Trend) -> [DisplayList.Spot]? {
    guard let low = trend.low, let high = trend.high, low.count == trend.x.count, high.count == trend.x.count else {
      return nil
    }
    let corners = spots(trend.x, low) + spots(trend.x, high).reversed()
    // A band that reaches below zero has no end on a logarithmic axis: the plot's edge cuts it off.
    let floor = Double(layout.plot.maxY)
    return corners.map { $0.y.isFinite ? $0 : .init($0.x, floor) }
  }

  // MARK: - Shapes

  func addBands(to plotter: inout Plotter) {
    for trend in trends {
      guard let band = band(trend) else { continue }
      let role = layout.categories.count > 1 ? role(trend) : .band
      plotter.area(band, role, bandPattern)
    }
  }

  func addLines(to plotter: inout Plotter) {
    for (i, trend) in trends.enumerated() {
      plotter.line(spots(trend.x, trend.y), role(trend), dash(i), layer: .overlay)
    }
  }

  /// What the lines and bands mean, as shapes.
  var keys: [TitleLine.Key] {
    var keys = trends.indices.map { TitleLine.Key(.line(dash($0)), role: role(trends[$0]), label: name(trends[$0])) }
    // Each has the colour of its points: their names stand there already.
    if trends.count > 1, layout.categories.count > 1 {
      keys = [TitleLine.Key(.line(.solid), role: .label, label: "trends")]
    }
    if hasBand { keys.append(.init(.fill(bandPattern), role: .band, label: "95%")) }
    return keys
  }

  // MARK: - Cells

  func drawBands(on painter: inout Painter) {
    if trends.isEmpty { return }
    draw(on: &painter) { addBands(to: &$0) }
  }

  func drawLines(on painter: inout Painter) {
    if trends.isEmpty { return }
    draw(on: &painter) { addLines(to: &$0) }
  }

  /// Draws shapes over what is there.
  private func draw(on painter: inout Painter, _ add: (inout Plotter) -> Void) {
    var plotter = Plotter(size: painter.size, context: painter.context)
    plotter.clip = .init(layout.plot)
    add(&plotter)
    let drawn = plotter.list.rasterized(painter.context)
    for y in layout.plot.y..<layout.plot.maxY {
      for x in layout.plot.x..<layout.plot.maxX where !drawn[x, y].isBlank {
        var cell = drawn[x, y]
        cell.style.background = painter.grid[x, y].style.background
        painter.grid[x, y] = cell
      }
    }
  }

  /// The keys in cells.
  func keys(_ painter: Painter) -> [TitleLine.Key] {
    func sample(_ trend: Int) -> (String, Style) {
      let text = String(String.UnicodeScalarView(layout.glyphs.lineSample(dash(trend))))
      return (text, painter.ink(painter.context.color(role(trends[trend]))))
    }
    var keys = trends.indices.map { TitleLine.Key(pieces: [sample($0)], label: name(trends[$0])) }
    // Each has the colour of its points and runs through them: their names stand there already.
    if trends.count > 1, layout.categories.count > 1 {
      keys = [TitleLine.Key(pieces: trends.indices.map(sample), label: "trends")]
    }
    if hasBand {
      let style = painter.ink(painter.context.color(.band))
      keys.append(.init(sample: String(Character(layout.glyphs.shade(bandPattern))), style: style, label: "95%"))
    }
    return keys
  }
}
