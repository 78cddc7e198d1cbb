// A chart of every shape, as a kind in a file of its own would be written.

import Foundation
import Grid

@testable import Plot

/// Two curves over a band, a cloud of two categories, bars and a box on one pair of axes.
struct SampleContent: ChartContent {
  static let kind = "sample"
  static let title = "Sample"

  var curve: [Double]
  var cloud: [[Double]]

  func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let line = TitleLine(name: "Sample", counts: RowCounts(total: 40, sampled: nil, missing: 0))
    let frame = PlotFrame(
      size: size, context: context, title: line,
      legend: [
        .init(.line(.solid), role: .series(0), label: "train"), .init(.line(.dashed), role: .series(1), label: "test"),
        .init(.marker(.plus), role: .series(2), label: "rows"),
      ],
      x: AxisSpec("epoch", 0...Double(max(1, curve.count - 1)), kind: .integer),
      y: .scale(AxisSpec("loss", values: curve + [0])), figures: ["best 3", "gap 0.2", "a longer figure 12,345"],
      strip: 1, view: view)
    frame.draw(on: &plotter)
    plotter.band(.init(x: frame.x(2), y: Double(frame.plot.y), width: 6, height: Double(frame.plot.height)))
    plotter.line(curve.enumerated().map { frame.spot(Double($0), $1) }, .series(0))
    plotter.line(curve.enumerated().map { frame.spot(Double($0), $1 * 1.3) }, .series(1), .dashed)
    plotter.markers(cloud.map { frame.spot($0[0], $0[1]) }, .series(2), .plus)
    plotter.rule(
      .init(frame.x(3), Double(frame.plot.y)), .init(frame.x(3), Double(frame.plot.maxY)), .reference, .dashed,
      layer: .reference)
    plotter.clip = DisplayList.Box(frame.strip)
    for column in 0..<frame.strip.width {
      let height = Double(column) / Double(max(1, frame.strip.width))
      plotter.fill(
        .init(
          x: Double(frame.strip.x + column), y: Double(frame.strip.maxY) - height, width: 1, height: height),
        .series(1), growth: .up)
    }
    let marks = cloud.map { point in
      let (x, y) = (Int(frame.x(point[0])), Int(frame.y(point[1])))
      return ChartMark(
        rect: Rect(x: x, y: y, width: 1, height: 1).intersection(Rect(size)), place: Point(x: x, y: y), readout: "row",
        selection: .none, emphasis: .cell)
    }
    return (plotter.list, marks)
  }

  static let whole = SampleContent(
    curve: (0..<12).map { 2 * exp(-Double($0) / 4) + 0.1 }, cloud: [[5, 1.5], [7, 1.2], [9, 1.6], [20, 1]])
}
