// How the cells of a heatmap are filled: a background colour with the number on it, or a shade beside the number.

import Foundation
import Grid

/// Colours, shades and number texts of one heatmap in one terminal.
struct HeatmapInk {
  private let chart: Heatmap
  private let glyphs: Glyphs
  private let theme: Theme
  private let depth: ColorDepth
  /// Columns of the widest number.
  let numberWidth: Int

  // Where each shade begins, in |r|.
  private static let shadeSteps = [0.1, 0.2, 0.3, 0.5]

  init(_ chart: Heatmap, context: DrawContext) {
    self.chart = chart
    glyphs = Glyphs(context.glyphs)
    theme = context.theme
    depth = context.colors
    if chart.kind == .correlation, chart.measure == nil {
      numberWidth = 4
      return
    }
    let isSigned = chart.kind == .correlation
    let all = chart.values.joined().compactMap { $0 }.filter(\.isFinite)
    numberWidth = min(
      8, all.map { (isSigned ? HeatmapInk.signed($0) : HeatmapInk.count($0)).utf8.count }.max() ?? 1)
  }

  /// Whether values are correlations, rather than other numbers of both signs.
  private var isCorrelation: Bool { chart.kind == .correlation && chart.measure == nil }

  private var scale: [Color] { chart.kind == .correlation ? theme.scale.diverging : theme.scale.sequential }

  /// Whether cells are told apart by background colour.
  var isColored: Bool { depth >= .indexed256 && Set(scale).count > 1 }

  /// Whether two rows may share a line.
  var canHalve: Bool { isColored && glyphs.kind != .ascii }

  /// Columns for a cell when `room` are free for each: shade, number and a blank; the number alone; a colour alone.
  /// Wide names get up to fourteen columns.
  func cellWidth(room: Int) -> Int {
    let names = chart.columns.map { TextWidth.of($0) + 1 }.max() ?? 0
    let most = max(numberWidth + (isColored ? 5 : 3), min(names, 14))
    return min(max(room, isColored ? 1 : 2), most)
  }

  // MARK: - Numbers

  static func count(_ value: Double) -> String {
    abs(value) >= 100_000 ? AxisLabels.format([value])[0] : Numbers.short(value, digits: 3)
  }

  private static func signed(_ value: Double) -> String {
    (value > 0 ? "+" : "") + (abs(value) >= 100_000 ? AxisLabels.format([value])[0] : Numbers.short(value, digits: 2))
  }

  /// `+.12`, ` 1`, `-.03`; other numbers as they are.
  func number(_ value: Double) -> String {
    if !isCorrelation, chart.kind == .correlation { return HeatmapInk.signed(value) }
    guard chart.kind == .correlation else { return HeatmapInk.count(value) }
    let hundredths = Int((min(max(value, -9.99), 9.99) * 100).rounded())
    let sign = hundredths > 0 ? "+" : hundredths < 0 ? "-" : " "
    let size = abs(hundredths)
    if size >= 100 {
      let text = Numbers.trimmed(Numbers.fixed(Double(size) / 100, 1))
      return (hundredths < 0 ? "-" : " ") + text + (text.count == 1 ? "  " : "")
    }
    return sign + "." + (size < 10 ? "0" : "") + String(size)
  }

  func readout(_ value: Double?) -> String {
    guard let value else { return "no value" }
    if let measure = chart.measure {
      return "\(measure) \(chart.kind == .correlation ? Numbers.signed(value) : Numbers.short(value, digits: 3))"
    }
    if chart.kind == .correlation { return "r=" + (value > 0 ? "+" : "") + Numbers.fixed(value, 3) }
    return "n=" + Numbers.short(value)
  }

  // MARK: - Cells

  /// 0...1 along the scale.
  func share(_ value: Double) -> Double {
    let (low, high) = (chart.range.lowerBound, chart.range.upperBound)
    guard high > low else { return 0.5 }
    return min(max((value - low) / (high - low), 0), 1)
  }

  private func color(_ value: Double) -> Color {
    let index = Int((share(value) * Double(scale.count - 1)).rounded())
    return scale.isEmpty ? .terminal : scale[index]
  }

  /// The shade of a value: by |r| for correlations, by quarters of the range otherwise, on both sides where there are two;
  /// nil below the first step.
  private func shade(_ value: Double) -> Unicode.Scalar? {
    let steps = isCorrelation ? HeatmapInk.shadeSteps : [0.05, 0.25, 0.5, 0.75]
    let isSigned = chart.kind == .correlation
    let most = isCorrelation ? 1 : max(abs(chart.range.lowerBound), abs(chart.range.upperBound))
    let size = isSigned ? (most > 0 ? abs(value) / most : 0) : share(value)
    // As far as the printed number goes: .996 prints as 1, .096 as .10.
    let rounded = (size * 100).rounded() / 100
    let level = steps.lastIndex { rounded >= $0 }
    return level.map { glyphs.shades[$0] }
  }

  func draw(_ value: Double?, in area: Rect, on painter: inout Painter) {
    if isColored { drawColored(value, in: area, on: &painter) } else { drawShaded(value, in: area, on: &painter) }
  }

  private func drawColored(_ value: Double?, in area: Rect, on painter: inout Painter) {
    let middle = area.y + (area.height - 1) / 2
    guard let value else {
      painter.text(glyphs.kind == .ascii ? "-" : "·", area.x + (area.width - 1) / 2, middle, painter.mutedStyle)
      return
    }
    let paper = color(value)
    let style = Style(foreground: paper.reduced(to: .indexed256).readableInk, background: paper)
    painter.grid.fill(area, style: style)
    let text = number(value)
    if TextWidth.of(text) <= area.width {
      painter.text(text, area.x + (area.width - TextWidth.of(text)) / 2, middle, style)
    }
  }

  private func drawShaded(_ value: Double?, in area: Rect, on painter: inout Painter) {
    guard let value else {
      painter.text(glyphs.kind == .ascii ? "-" : "·", area.x + (area.width - 1) / 2, area.y, painter.mutedStyle)
      return
    }
    let shadeStyle = painter.ink(depth == .mono ? theme.ui.text : color(value))
    let text = number(value)
    let hasNumber = area.width > TextWidth.of(text)
    let hasShade = !hasNumber || area.width >= numberWidth + 3
    if hasShade, let shade = shade(value) {
      // Without room for the number its sign stays.
      let isSigned = !hasNumber && chart.kind == .correlation
      if isSigned { painter.text(value < 0 ? "-" : "+", area.x, area.y, painter.labelStyle) }
      painter.put(shade, area.x + 1, area.y, shadeStyle)
      if !isSigned { painter.put(shade, area.x, area.y, shadeStyle) }
    }
    if hasNumber {
      let indent = max(0, min(numberWidth, area.width - (hasShade ? 2 : 0)) - TextWidth.of(text))
      painter.text(text, area.x + (hasShade ? 2 : 0) + indent, area.y, painter.labelStyle)
    }
  }

  /// One of the two rows in a line.
  func drawHalf(_ value: Double?, isUpper: Bool, in area: Rect, on painter: inout Painter) {
    guard let value else { return }
    let paper = color(value)
    for x in area.x..<area.maxX {
      if isUpper {
        painter.put("▀", x, area.y, painter.ink(paper))
      } else if painter.grid[x, area.y].isBlank {
        painter.put("▄", x, area.y, painter.ink(paper))
      } else {
        var style = painter.grid[x, area.y].style
        style.background = paper
        painter.put("▀", x, area.y, style)
      }
    }
  }

  // MARK: - Scale

  /// The colour bar, or what the shades mean, in one line.
  func drawScale(x: Int, y: Int, width: Int, on painter: inout Painter) {
    if isColored { return drawColorBar(x: x, y: y, width: width, on: &painter) }
    let steps: [String]
    let what: String
    switch chart.kind {
    case .correlation:
      steps = HeatmapInk.shadeSteps.map { Numbers.fixed($0, 1).replacingOccurrences(of: "0.", with: ".") }
      what = "|r| >="
    case .counts:
      let (low, high) = (chart.range.lowerBound, chart.range.upperBound)
      steps = [0.05, 0.25, 0.5, 0.75].map { HeatmapInk.count(low + $0 * (high - low)) }
      what = ">="
    }
    painter.text(what, x, y, painter.mutedStyle)
    let keys = zip(glyphs.shades, steps).map { shade, step in
      TitleLine.Key(
        sample: String(repeating: Character(shade), count: 2), style: painter.labelStyle, label: step)
    }
    let start = x + what.count + 1
    TitleLine.draw(keys, on: &painter, x: start, y: y, leftmost: start)
  }

  private func drawColorBar(x: Int, y: Int, width: Int, on painter: inout Painter) {
    let (low, high) = (chart.range.lowerBound, chart.range.upperBound)
    let ends = [low, high].map { value -> String in
      let text = HeatmapInk.count(value)
      return chart.kind == .correlation && value > 0 ? "+" + text : text
    }
    let cells = min(scale.count * 4, width - ends[0].count - ends[1].count - 2) / scale.count * scale.count
    if cells <= 0 { return }
    var at = x
    painter.text(ends[0], at, y, painter.mutedStyle)
    at += ends[0].count + 1
    for i in 0..<cells {
      painter.put(" ", at, y, Style(background: scale[i * scale.count / cells]))
      at += 1
    }
    // Zero under the middle of the bar, on it.
    if low < 0 && high > 0 && abs(low + high) < 1e-9, cells >= 3 {
      let middle = scale[scale.count / 2]
      painter.text(
        "0", at - cells + cells / 2, y,
        Style(foreground: middle.reduced(to: .indexed256).readableInk, background: middle))
    }
    painter.text(ends[1], at + 1, y, painter.mutedStyle)
  }
}
