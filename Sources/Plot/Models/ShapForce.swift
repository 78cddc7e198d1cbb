// Force chart: what pushes a prediction up and down, on one line. What raises it stands left of f(x) and points at it from
// there, what lowers it stands right and points back, the largest next to f(x), so that both sides end where their sums
// do. Without colours the directions of the arrows and the patterns tell them apart. A single row has all pushes in words
// below; several rows stand above each other on one axis.

import Foundation
import Grid

/// Pushes on predictions.
public struct ShapForce: ChartContent {
  public static let kind = "shap-force"
  public static let title = "SHAP force"

  /// A prediction.
  public struct Row: Codable, Sendable, Equatable {
    /// Such as `row 17`.
    public var name: String
    /// The row's number, from zero; nil where it is no row of a table.
    public var row: Int?
    /// The mean output, E[f(x)].
    public var base: Double
    /// In any order.
    public var items: [ShapWaterfall.Item]
    public var others: ShapWaterfall.Others?

    public init(
      name: String, row: Int? = nil, base: Double, items: [ShapWaterfall.Item], others: ShapWaterfall.Others? = nil
    ) {
      (self.name, self.row, self.base, self.items, self.others) = (name, row, base, items, others)
    }

    /// The output for this row.
    public var output: Double { items.reduce(base + (others?.shap ?? 0)) { $0 + $1.shap } }
  }

  /// Instead of `SHAP force`.
  public var title: String?
  /// One, or several by their output.
  public var rows: [Row]
  public var unit: String
  /// Whether outputs are log-odds, and have a probability.
  public var isLogOdds: Bool
  /// Rows in the table; nil when unknown.
  public var total: Int?
  /// Rows drawn, when fewer than all.
  public var sampled: Int?

  public init(
    title: String? = nil, rows: [Row], unit: String = "log-odds", isLogOdds: Bool = true, total: Int? = nil,
    sampled: Int? = nil
  ) {
    (self.title, self.rows, self.unit, self.isLogOdds) = (title, rows, unit, isLogOdds)
    (self.total, self.sampled) = (total, sampled)
  }

  public func preferredRows(width: Int) -> Int {
    guard let row = rows.first, rows.count == 1 else { return rows.count + 4 }
    return min(24, 9 + (width < Self.columnsFrom ? row.items.count + 1 : max(3, row.items.count / 2 + 2)))
  }

  // MARK: - Pushes

  /// A part of one side, from `from` to `to`.
  private struct Push {
    var label: String
    var shap: Double
    var feature: String?
    var from = 0.0, to = 0.0
  }

  /// A row's pushes from left to right, and the ends of both sides.
  private struct Pushes {
    /// What raises the output, the smallest first, and what lowers it, the largest first.
    var up: [Push], down: [Push]
    var output: Double
    var low: Double { up.first?.from ?? output }
    var high: Double { down.last?.to ?? output }

    init(_ row: Row) {
      var all = row.items.filter { $0.shap.isFinite && $0.shap != 0 }.map {
        Push(label: $0.label, shap: $0.shap, feature: $0.feature)
      }
      all.sort { abs($0.shap) > abs($1.shap) }
      if let others = row.others, others.shap.isFinite, others.shap != 0 {
        all.append(
          Push(label: "\(Numbers.grouped(others.count)) other\(others.count == 1 ? "" : "s")", shap: others.shap))
      }
      output = row.base + all.reduce(0) { $0 + $1.shap }
      (up, down) = (all.filter { $0.shap > 0 }, all.filter { $0.shap < 0 })
      var at = output
      for i in up.indices {
        (up[i].from, up[i].to) = (at - up[i].shap, at)
        at = up[i].from
      }
      up.reverse()
      at = output
      for i in down.indices {
        (down[i].from, down[i].to) = (at, at - down[i].shap)
        at = down[i].to
      }
    }
  }

  private func level(_ value: Double) -> String {
    let odds = isLogOdds && value.isFinite ? "  p \(Numbers.score(1 / (1 + exp(-value))))" : ""
    return Numbers.short(value, digits: 3) + odds
  }

  // MARK: - Drawing

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    let drawn = rows.map { Pushes($0) }
    if rows.count == 1, let row = rows.first, let pushes = drawn.first, pushes.output.isFinite {
      return single(row, pushes, size, context, view)
    }
    return several(drawn, size, context, view)
  }

  private func several(
    _ drawn: [Pushes], _ size: Size, _ context: DrawContext, _ view: ChartView
  ) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let line = TitleLine(
      name: title ?? "SHAP force", counts: RowCounts(total: total, sampled: sampled, missing: 0))
    let ends = zip(rows, drawn).flatMap { [$0.base, $1.low, $1.high] }.filter(\.isFinite)
    guard let low = ends.min(), let high = ends.max() else {
      line.draw(on: &plotter)
      plotter.sentence(
        rows.isEmpty ? "No rows." : "No finite values.", in: Rect(size).splitTop(min(1, size.height)).1)
      return (plotter.list, [])
    }
    let padded = low + ShapBars.padded(high - low, size.width)
    let glyphs = plotter.glyphs
    let frame = PlotFrame.fitted(line, "rows") { title in
      PlotFrame(
        size: size, context: context, title: title,
        x: AxisSpec(unit, padded.isFinite ? low...padded : low...high, placing: .bars),
        y: .groups(rows.map(\.name), rows: 1, around: view.cursor, isRuled: false),
        figures: ["\(glyphs.pushUp) raises", "\(glyphs.pushDown) lowers the output to \(glyphs.heavy)"], view: view)
    }
    frame.draw(on: &plotter)
    for i in frame.groups {
      let rect = frame.rect(ofGroup: i)
      drawBase(rect, frame, &plotter)
      draw(drawn[i], rect, frame, on: &plotter)
      let (from, to) = (frame.x(drawn[i].low), frame.x(drawn[i].high))
      guard from.isFinite, to.isFinite else { continue }
      plotter.label(
        [level(drawn[i].output), Numbers.short(drawn[i].output, digits: 3)], beside: min(from, to)...max(from, to),
        row: rect.y, in: frame.plot, role: .text)
    }
    let marks = rows.indices.map { i in
      let most = (drawn[i].up + drawn[i].down).sorted { abs($0.shap) > abs($1.shap) }.prefix(3)
      let parts = most.map { "\($0.label) \(Numbers.signed($0.shap))" }
      return ChartMark(
        rect: frame.rect(ofGroup: i).intersection(Rect(size)), place: Point(x: 0, y: i),
        readout: (["\(rows[i].name)  f(x) \(level(drawn[i].output))"] + parts).joined(separator: "  "),
        selection: .none)
    }
    return (plotter.list, marks)
  }

  /// Rows of the bar: a line of levels, two of pushes, one of names.
  private static let barRows = 4

  private func single(
    _ row: Row, _ pushes: Pushes, _ size: Size, _ context: DrawContext, _ view: ChartView
  ) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let line = TitleLine(name: title ?? "SHAP force, \(row.name)")
    let (low, high) = (min(row.base, pushes.low), max(row.base, pushes.high))
    let frame = PlotFrame(
      size: size, context: context, title: line,
      x: AxisSpec(unit, low.isFinite && high.isFinite ? low...high : nil, placing: .bars),
      y: .groups([""], rows: Self.barRows, around: nil, isRuled: false), view: view)
    frame.draw(on: &plotter)
    let all = frame.plot
    let hasLevels = all.height >= 3
    let bar = Rect(
      x: all.x, y: all.y + (hasLevels ? 1 : 0), width: all.width,
      height: min(all.height >= Self.barRows ? 2 : 1, all.height))
    drawBase(bar, frame, &plotter)
    draw(pushes, bar, frame, on: &plotter)
    if hasLevels { drawLevels(row, pushes, frame, on: &plotter) }
    if bar.maxY < all.maxY { drawNames(pushes, bar.maxY, frame, on: &plotter) }
    drawWords(row, pushes, frame, size, view, on: &plotter)
    let marks = (pushes.up + pushes.down).enumerated().map { i, push in
      let rect = frame.columns(push.from, push.to).intersection(bar)
      return ChartMark(
        rect: rect, place: Point(x: i, y: 0),
        readout: "\(push.label)  \(Numbers.signed(push.shap)) \(unit), \(push.shap > 0 ? "raises" : "lowers") f(x) "
          + level(pushes.output), selection: push.feature.map { .feature($0) } ?? .none)
    }
    return (plotter.list, marks)
  }

  /// The mean output, through the bars.
  private func drawBase(_ rect: Rect, _ frame: PlotFrame, _ plotter: inout Plotter) {
    guard !rect.isEmpty else { return }
    for base in Set(rows.prefix(100).map(\.base)) where base.isFinite {
      let x = frame.x(base)
      plotter.rule(
        .init(x, Double(rect.y)), .init(x, Double(rect.maxY)), .reference, .dotted, layer: .overlay)
    }
  }

  /// Both sides in some rows of cells, with an arrow where a push ends.
  private func draw(_ pushes: Pushes, _ rect: Rect, _ frame: PlotFrame, on plotter: inout Plotter) {
    guard !rect.isEmpty else { return }
    let glyphs = plotter.glyphs
    for push in pushes.up + pushes.down {
      let (from, to) = (frame.x(push.from), frame.x(push.to))
      guard from.isFinite, to.isFinite else { continue }
      let rises = push.shap > 0
      plotter.fill(
        .init(x: from, y: Double(rect.y), width: to - from, height: Double(rect.height)),
        rises ? .positive : .negative, rises ? .solid : .medium, growth: rises ? .left : .right)
      // A push that is narrower than this has no room for an arrow beside its neighbour's. The cell of f(x) is its own.
      var column = rises ? (to - 1e-9).rounded(.down) : from.rounded(.down)
      if column == frame.x(pushes.output).rounded(.down) { column += rises ? -1 : 1 }
      guard to - from >= 1.5, column >= from.rounded(.down), column < to else { continue }
      for row in rect.y..<rect.maxY {
        plotter.text(
          rises ? glyphs.pushUp : glyphs.pushDown, .init(column, Double(row)), role: .label)
      }
    }
    let x = frame.x(pushes.output).rounded(.down)
    guard x.isFinite else { return }
    let column = min(x, Double(rect.maxX - 1))
    for row in rect.y..<rect.maxY {
      plotter.text(glyphs.heavy, .init(column, Double(row)), role: .text, isBold: true)
    }
  }

  /// What the base value and the output are, above the bar.
  private func drawLevels(_ row: Row, _ pushes: Pushes, _ frame: PlotFrame, on plotter: inout Plotter) {
    let y = Double(frame.plot.y)
    let (whole, short) = ("f(x) \(level(pushes.output))", "f(x) \(Numbers.short(pushes.output, digits: 3))")
    func place(_ text: String, _ value: Double, _ role: Role) -> Bool {
      let width = Double(TextWidth.of(text))
      let start = min(max(0, frame.x(value) - width / 2), Double(frame.plot.maxX) - width).rounded(.down)
      return start >= 0 && plotter.yieldingText(text, .init(start, y), role: role, isBold: role == .text)
    }
    if !place(whole, pushes.output, .text) { _ = place(short, pushes.output, .text) }
    if !place("E[f(x)] \(Numbers.short(row.base, digits: 3))", row.base, .muted) {
      _ = place("E \(Numbers.short(row.base, digits: 2))", row.base, .muted)
    }
  }

  /// The names of pushes that are wide enough for them, under the bar.
  private func drawNames(_ pushes: Pushes, _ y: Int, _ frame: PlotFrame, on plotter: inout Plotter) {
    for push in pushes.up + pushes.down {
      let (from, to) = (frame.x(push.from), frame.x(push.to))
      guard from.isFinite, to.isFinite else { continue }
      let width = Int(max(0, min(1_000, to - from))) - 1
      guard width >= 3 else { continue }
      let name = plotter.glyphs.cut(push.feature ?? push.label, width)
      plotter.yieldingText(name, .init((from + to) / 2, Double(y)), .center, role: .muted)
    }
  }

  // MARK: - Words

  /// From this width on both sides stand beside each other.
  private static let columnsFrom = 56

  /// All pushes with their values, below the axis.
  private func drawWords(
    _ row: Row, _ pushes: Pushes, _ frame: PlotFrame, _ size: Size, _ view: ChartView, on plotter: inout Plotter
  ) {
    let top = frame.plot.maxY + (frame.hasAxes ? 2 : 0)
    let bottom = size.height - (frame.hasAxes && size.height >= 16 ? 1 : 0)
    guard bottom - top >= 2 else { return }
    plotter.clip = nil
    let order = Array(pushes.up + pushes.down)
    let current = view.cursor.flatMap { order.indices.contains($0) ? order[$0].label : nil }
    let glyphs = plotter.glyphs
    guard size.width >= Self.columnsFrom else {
      let all = order.sorted { abs($0.shap) > abs($1.shap) }
      write(all, Rect(x: 1, y: top, width: size.width - 2, height: bottom - top), current, on: &plotter)
      return
    }
    let width = min(56, (size.width - 5) / 2)
    let halves = [
      (pushes.up.reversed(), glyphs.pushUp, "raises it by"), (pushes.down, glyphs.pushDown, "lowers it by"),
    ]
    for (i, half) in halves.enumerated() {
      let (part, arrow, word) = half
      let rect = Rect(x: 1 + i * (width + 3), y: top, width: width, height: bottom - top)
      let sum = Numbers.short(abs(part.reduce(0) { $0 + $1.shap }), digits: 3)
      let head = part.isEmpty ? "\(arrow) nothing \(i == 0 ? "raises" : "lowers") it" : "\(arrow) \(word) \(sum)"
      plotter.text(
        head, .init(Double(rect.x), Double(rect.y)), role: i == 0 ? .positive : .negative, isBold: true, width: width)
      write(Array(part), rect.splitTop(1).1, current, on: &plotter)
    }
  }

  /// Labels to the left and values to the right, as many as there is room for, and the sum of the others.
  private func write(_ part: [Push], _ rect: Rect, _ current: String?, on plotter: inout Plotter) {
    guard rect.height > 0, rect.width > 8 else { return }
    var lines = part.map { ($0.label, $0.shap) }
    if lines.count > rect.height {
      let rest = lines.dropFirst(rect.height - 1)
      lines = lines.prefix(rect.height - 1) + [("\(rest.count) more", rest.reduce(0) { $0 + $1.1 })]
    }
    for (offset, line) in lines.enumerated() {
      let y = Double(rect.y + offset)
      let value = Numbers.signed(line.1)
      let isHere = line.0 == current
      let role: Role = isHere ? .cursor : .label
      plotter.text(
        line.0, .init(Double(rect.x), y), role: role, isBold: isHere, width: rect.width - TextWidth.of(value) - 1)
      plotter.text(value, .init(Double(rect.maxX), y), .right, role: role, isBold: isHere)
    }
  }
}

extension Glyphs {
  /// The heads of what raises and of what lowers an output.
  var pushUp: String { kind == .ascii ? ">" : "▶" }
  var pushDown: String { kind == .ascii ? "<" : "◀" }
  /// A level.
  var heavy: String { kind == .ascii ? "#" : "┃" }
}

extension ShapForce {
  /// One row a push.
  public var table: ChartTable? {
    let lines = rows.flatMap { row -> [[String]] in
      var lines = [[row.name, "E[f(x)]", "", ChartTable.text(row.base)]]
      lines += row.items.map { [row.name, $0.feature, $0.value ?? "", ChartTable.text($0.shap)] }
      if let others = row.others {
        lines.append(
          [row.name, "(\(others.count) other\(others.count == 1 ? "" : "s"))", "", ChartTable.text(others.shap)])
      }
      return lines + [[row.name, "f(x)", "", ChartTable.text(row.output)]]
    }
    return ChartTable(columns: ["row", "feature", "value", "shap"], rows: lines)
  }
}
