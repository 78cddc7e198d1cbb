// A crowded scatter plot as a 2-D histogram: half blocks on the sequential scale where there are colours for it (two
// bins in a cell), shades otherwise. Levels are logarithmic, so that thin tails show beside dense middles.

import Foundation
import Grid

/// Draws the points of a layout as densities.
struct ScatterDensity {
  private let layout: ScatterLayout

  init(_ layout: ScatterLayout) { self.layout = layout }

  /// Half blocks need independent foregrounds and backgrounds of many colours.
  private func usesHalfBlocks(_ painter: Painter) -> Bool {
    layout.colors >= .indexed256 && painter.context.glyphs != .ascii
      && Set(painter.theme.scale.sequential).count > 1
  }

  private var peak: Int { layout.cells.occupied.map(\.count).max() ?? 1 }

  func legend(_ painter: Painter) -> [TitleLine.Key] {
    let label = "1\(layout.glyphs.range)\(Numbers.grouped(peak)) a cell, log scale"
    let colors = painter.theme.scale.sequential
    if usesHalfBlocks(painter) {
      return [.init(pieces: colors.map { ("█", painter.ink($0)) }, label: label)]
    }
    let sample = String(String.UnicodeScalarView(layout.glyphs.shades))
    return [.init(sample: sample, style: painter.labelStyle, label: label)]
  }

  func draw(on painter: inout Painter) {
    if usesHalfBlocks(painter) { drawHalfBlocks(on: &painter) } else { drawShades(on: &painter) }
  }

  /// 0..<levels, logarithmic in the count.
  private func level(_ count: Int, _ peak: Int, _ levels: Int) -> Int {
    if peak <= 1 { return levels - 1 }
    let share = log(Double(count)) / log(Double(peak))
    return min(levels - 1, Int(share * Double(levels)))
  }

  private func drawShades(on painter: inout Painter) {
    let shades = layout.glyphs.shades
    let colors = painter.theme.scale.sequential
    for cell in layout.cells.occupied {
      let level = level(cell.count, peak, shades.count)
      let color =
        layout.colors >= .indexed256 ? colors[self.level(cell.count, peak, colors.count)] : painter.theme.ui.text
      painter.put(
        shades[level], layout.plot.x + cell.x, layout.plot.maxY - 1 - cell.y, painter.ink(color))
    }
  }

  private func drawHalfBlocks(on painter: inout Painter) {
    let plot = layout.plot
    let perHalf = max(1, layout.yAxis.scale.dotsPerCell / 2)
    let perColumn = layout.xAxis.scale.dotsPerCell
    var counts = [Int](repeating: 0, count: plot.width * plot.height * 2)
    for dot in layout.cells.points {
      let row = plot.height * 2 - 1 - min(plot.height * 2 - 1, dot.y / perHalf)
      counts[row * plot.width + dot.x / perColumn] += 1
    }
    let peak = counts.max() ?? 1
    let colors = painter.theme.scale.sequential
    for y in 0..<plot.height {
      for x in 0..<plot.width {
        let upper = counts[2 * y * plot.width + x]
        let lower = counts[(2 * y + 1) * plot.width + x]
        if upper == 0 && lower == 0 { continue }
        let top = upper > 0 ? colors[level(upper, peak, colors.count)] : nil
        let bottom = lower > 0 ? colors[level(lower, peak, colors.count)] : nil
        var style = painter.ink(top ?? bottom ?? painter.theme.ui.text)
        if let bottom, top != nil { style.background = bottom }
        painter.put(top == nil ? "▄" : "▀", plot.x + x, plot.y + y, style)
      }
    }
  }
}
