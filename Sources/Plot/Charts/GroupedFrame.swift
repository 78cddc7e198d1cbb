// What charts with one group a name along the left have in common: how many fit, and how their numbers read.

import Grid

/// The values of one column, whole or by those of another, one shape a group.
protocol GroupedChart: ChartContent {
  var column: String { get }
  var by: String? { get }
  /// The groups' values; nil where they are missing.
  var groupLabels: [String?] { get }
  var otherGroups: Int { get }
  var missing: Int { get }
  var total: Int { get }
  var sampled: Int? { get }
  var valueKind: AxisKind { get }
  var valueForm: AxisForm? { get }
}

extension GroupedChart {
  private var counts: RowCounts { RowCounts(total: total, sampled: sampled, missing: missing) }

  private func title(_ view: ChartView) -> TitleLine {
    TitleLine(name: view.place?.title ?? by.map { "\(column) by \($0)" } ?? column, counts: counts)
  }

  func groupName(_ index: Int) -> String {
    by == nil || !groupLabels.indices.contains(index) ? "" : groupLabels[index] ?? "(missing)"
  }

  /// A sentence where there is nothing to draw.
  func emptyList(size: Size, context: DrawContext, view: ChartView) -> DisplayList {
    var plotter = Plotter(size: size, context: context)
    title(view).draw(on: &plotter)
    plotter.sentence(counts.emptySentence, in: Rect(x: 0, y: 1, width: size.width, height: size.height - 1))
    return plotter.list
  }

  /// A frame for groups of `rows` rows each, fewer where there is no room.
  func frame(
    values: [Double], rows: Int, figures: [String], size: Size, context: DrawContext, view: ChartView
  ) -> PlotFrame {
    let labels = groupLabels.indices.map(groupName)
    let axis = AxisSpec(column, values: values, kind: valueKind, form: valueForm ?? .plain)
    return PlotFrame.grouped(total: groupLabels.count + otherGroups) { notes in
      var titled = title(view)
      titled.notes = notes
      return PlotFrame(
        size: size, context: context, title: titled, x: axis,
        y: .groups(labels, rows: rows, around: by == nil ? 0 : view.cursor, isRuled: false), figures: figures,
        view: view)
    }
  }

  /// Rows that the groups look good in.
  func groupedRows(_ groups: Int) -> Int { max(10, min(24, groups * 3 + 5)) }
}

extension PlotFrame {
  /// A frame whose title says how many of `total` groups have room. `build` gets the notes for the title, which may take
  /// a row away from the groups.
  static func grouped(total: Int, noun: String = "groups", build: ([String]) -> PlotFrame) -> PlotFrame {
    var notes: [String] = []
    var frame = build(notes)
    for _ in 0..<3 {
      let next = frame.groups.count < total ? ["\(frame.groups.count) of \(total) \(noun)"] : []
      if next == notes { break }
      notes = next
      frame = build(notes)
    }
    return frame
  }

  /// The cell that a value stands in; nil for what has no place.
  func column(_ value: Double) -> Int? { Rasterizer.whole(x(value)) }
}

extension Numbers {
  /// A value of an axis as read-outs print it.
  static func text(_ value: Double, _ kind: AxisKind) -> String { kind == .time ? moment(value) : short(value) }

  /// `28–48`.
  static func text(_ low: Double, _ high: Double, _ kind: AxisKind, _ glyphs: Glyphs) -> String {
    kind == .time
      ? "\(text(low, kind)) \(glyphs.range) \(text(high, kind))" : text(low, kind) + glyphs.range + text(high, kind)
  }
}
