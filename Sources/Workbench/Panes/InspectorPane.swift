import Engine
import Frame
import Grid
import Insight
import Plot
import Widgets

/// The inspector: the column under the table's cursor in depth.
func drawInspectorPane(_ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect, hits: inout HitMap) {
  guard let result = state.inspector.result else {
    let text = state.inspector.error ?? (state.inspector.awaited == nil ? "Nothing to inspect yet." : "Measuring…")
    drawHint([text], state, into: &grid, in: rect)
    return
  }
  let body = rect.inset(dx: rect.width > 4 ? 1 : 0)
  let lines = InspectorLines(result, width: body.width, state.drawing).lines
  let first = min(state.inspector.scroll, max(0, lines.count - body.height))
  for (offset, line) in lines.dropFirst(first).prefix(body.height).enumerated() {
    drawParts(line, into: &grid, in: Rect(x: body.x, y: body.y + offset, width: body.width, height: 1))
  }
}

/// What stands at the right end of the inspector's title.
func inspectorNote(_ state: WorkbenchState) -> String {
  guard let result = state.inspector.result else { return currentColumn(state)?.kind.rawValue ?? "" }
  let about = result.isEstimated ? (state.drawing.glyphs == .ascii ? "~" : "≈") : ""
  let dot = state.drawing.glyphs == .ascii ? " - " : " · "
  return [
    result.kind.rawValue, "\(about)\(Number.grouped(result.distinct)) distinct",
    "\(Number.grouped(result.missing)) missing",
  ].joined(separator: dot)
}

/// An inspection as lines of a width.
struct InspectorLines {
  typealias Line = [(String, Style)]

  private(set) var lines: [Line] = []
  private let width: Int
  private let context: DrawContext
  private var isPlain: Bool { context.glyphs == .ascii }
  private let about: String

  init(_ result: ColumnInspection, width: Int, _ context: DrawContext) {
    (self.width, self.context) = (max(1, width), context)
    about = result.isEstimated ? (context.glyphs == .ascii ? "~" : "≈") : ""
    addCounts(result)
    if let numbers = result.numbers { add(numbers) }
    if let texts = result.texts { add(texts) }
    add(result.top, of: result.rows)
    add(result.association, fault: result.associationFault)
    let flags = result.flags.map(\.title).joined(separator: ", ")
    lines.append([])
    pair(
      "flags", flags.isEmpty ? "none" : flags, result.flags.isEmpty ? context.mutedStyle : Level.warning.style(context))
  }

  private static let nameWidth = 12

  private mutating func pair(_ name: String, _ value: String, _ style: Style? = nil) {
    for (index, part) in wrapped(value, width: max(8, width - Self.nameWidth)).enumerated() {
      lines.append([
        (TextWidth.fit(index == 0 ? name : "", Self.nameWidth), context.mutedStyle), (part, style ?? context.textStyle),
      ])
    }
  }

  /// Names and values after each other, as many to a line as fit.
  private mutating func flow(_ items: [(String, String)]) {
    var line: Line = []
    var used = 0
    for (name, value) in items {
      let size = TextWidth.of(name) + TextWidth.of(value) + 1
      if used > 0, used + 3 + size > width {
        lines.append(line)
        (line, used) = ([], 0)
      }
      if used > 0 {
        line.append(("   ", context.textStyle))
        used += 3
      }
      line += [(name + " ", context.mutedStyle), (value, context.textStyle)]
      used += size
    }
    if !line.isEmpty { lines.append(line) }
  }

  private mutating func addCounts(_ result: ColumnInspection) {
    let share = result.rows == 0 ? "" : " (\(Number.percent(Double(result.missing) / Double(result.rows))))"
    flow([
      ("rows", Number.grouped(result.rows)), ("missing", Number.grouped(result.missing) + share),
      ("distinct", about + Number.grouped(result.distinct)),
    ])
  }

  private mutating func add(_ numbers: ColumnInspection.NumberFigures) {
    let text = AxisText(numbers.scale)
    let isNumber = numbers.scale == .number || numbers.scale == .integer
    func shown(_ value: Double) -> String {
      if isNumber { return Number.short(value) }
      let full = text.text(value)
      return numbers.scale == .timestamp ? String(full.prefix(19)) : String(full.prefix(10))
    }
    lines.append([])
    flow(
      [("min", shown(numbers.min))]
        + [("p5", "0.05"), ("p25", "0.25"), ("median", "0.5"), ("p75", "0.75"), ("p95", "0.95")].compactMap {
          name, key in
          numbers.quantiles[key].map { (name, about + shown($0)) }
        } + [("max", shown(numbers.max))])
    var figures = [("mean", shown(numbers.mean))]
    if let sd = numbers.sd { figures.append(("sd", isNumber ? Number.short(sd) : span(sd))) }
    if let skew = numbers.skew { figures.append(("skew", Number.short(skew))) }
    if let kurtosis = numbers.kurtosis { figures.append(("kurt", Number.short(kurtosis))) }
    flow(figures)
    var counts: [(String, String)] = []
    if isNumber {
      counts += [("zeros", Number.grouped(numbers.zeros)), ("negative", Number.grouped(numbers.negatives))]
    }
    counts.append(("outliers (IQR)", Number.grouped(numbers.outliers)))
    if numbers.notANumber + numbers.infinite > 0 {
      counts += [("NaN", Number.grouped(numbers.notANumber)), ("infinite", Number.grouped(numbers.infinite))]
    }
    flow(counts)
    lines.append([])
    addStrip(numbers, shown)
  }

  private func span(_ seconds: Double) -> String {
    seconds >= 172_800 ? Number.short(seconds / 86_400) + " days" : Number.short(seconds) + " s"
  }

  /// The shape of the values, under it a box and whiskers on the same scale, under it the scale.
  private mutating func addStrip(_ numbers: ColumnInspection.NumberFigures, _ shown: (Double) -> String) {
    guard numbers.max > numbers.min, width >= 20, let q1 = numbers.quantiles["0.25"],
      let median = numbers.quantiles["0.5"], let q3 = numbers.quantiles["0.75"]
    else { return }
    let size = min(width, 80)
    func place(_ value: Double) -> Int {
      let part = (value / 2 - numbers.min / 2) / (numbers.max / 2 - numbers.min / 2)
      return min(size - 1, max(0, Int((part * Double(size - 1)).rounded())))
    }
    let bars = (0..<size).map { Double(numbers.shape[$0 * numbers.shape.count / size]) }
    let ink = context.style(context.theme.chart.series.first ?? context.theme.ui.muted)
    lines.append([(sparkline(bars, width: size, glyphs: context.glyphs), ink)])
    var cells = [Character](repeating: " ", count: size)
    func fill(_ from: Double, _ to: Double, _ character: Character) {
      for x in place(from)...max(place(from), place(to)) { cells[x] = character }
    }
    fill(numbers.lowerWhisker, numbers.upperWhisker, isPlain ? "-" : "─")
    fill(q1, q3, isPlain ? "=" : "▒")
    cells[place(numbers.lowerWhisker)] = isPlain ? "|" : "├"
    cells[place(numbers.upperWhisker)] = isPlain ? "|" : "┤"
    cells[place(median)] = isPlain ? "#" : "┃"
    let far: Character = isPlain ? "." : "•"
    if numbers.min < numbers.lowerWhisker { cells[0] = far }
    if numbers.max > numbers.upperWhisker { cells[size - 1] = far }
    lines.append([(String(cells), context.textStyle)])
    let (left, right) = (shown(numbers.min), shown(numbers.max))
    let gap = max(1, size - TextWidth.of(left) - TextWidth.of(right))
    lines.append([(left + String(repeating: " ", count: gap) + right, context.mutedStyle)])
  }

  private mutating func add(_ texts: ColumnInspection.TextFigures) {
    lines.append([])
    flow([
      ("shortest", Number.grouped(texts.shortest)), ("mean length", Number.short(texts.meanLength)),
      ("longest", Number.grouped(texts.longest)), ("blank", Number.grouped(texts.blank)),
    ])
  }

  private mutating func add(_ top: [ColumnInspection.Count], of rows: Int) {
    guard let largest = top.first?.count, rows > 0 else { return }
    lines.append([])
    lines.append([("top values", context.mutedStyle)])
    let names = top.prefix(8).map { visible($0.value) }
    let nameWidth = min(max(6, width / 3), names.map { TextWidth.of($0) }.max() ?? 0)
    let barWidth = max(0, min(24, width - nameWidth - 18))
    let ink = context.style(context.theme.chart.series.first ?? context.theme.ui.muted)
    for (item, name) in zip(top, names) {
      var bar = ProgressBar.cells(Double(item.count) / Double(largest), width: barWidth, glyphs: context.glyphs)
      if isPlain { bar = bar.replacing(".", with: " ") }
      let share = Number.percent(Double(item.count) / Double(rows))
      lines.append([
        (TextWidth.fit(name, nameWidth) + " ", context.textStyle), (bar, ink),
        (
          TextWidth.fit(" " + Number.grouped(item.count), 9, .right) + TextWidth.fit(share, 7, .right),
          context.mutedStyle
        ),
      ])
    }
  }

  private func visible(_ text: String) -> String {
    text.isEmpty ? "(empty)" : String(text.map { $0.isNewline ? (isPlain ? " " : "↵") : $0 })
  }

  private mutating func add(_ association: ColumnInspection.Association?, fault: String?) {
    if let fault {
      lines.append([])
      pair("vs target", fault)
    }
    guard let association else { return }
    lines.append([])
    let name = association.target + (association.positive.map { "=\($0)" } ?? "")
    pair("vs target", name)
    var items: [(String, String)] = []
    if let auc = association.auc { items.append(("AUC", Number.short(auc))) }
    if let r = association.correlation { items.append(("r", Number.short(r))) }
    items.append(("MI", Number.short(association.mutualInformation) + " nats"))
    items.append(("of the target", Number.percent(association.explained)))
    if let value = association.informationValue { items.append(("IV", Number.short(value))) }
    flow(items)
    pair("computed on", association.grouping, context.mutedStyle)
  }
}
