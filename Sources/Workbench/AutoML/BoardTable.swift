import Foundation
import Grid
import Learn
import Widgets

/// The rows of a leaderboard as cells: place, model and state stay, the figures move sideways under the cursor.
struct BoardTable {
  private let board: ModelBoard
  private let view: BoardState
  private let isFocused: Bool
  private let tick: Int

  init(_ board: ModelBoard, _ view: BoardState, _ state: WorkbenchState) {
    (self.board, self.view) = (board, view)
    isFocused = state.focus == .chart
    tick = Int(state.clock * 5)
  }

  /// Four decimals of what is near one, four digits of what is larger, and those of a million and more with a unit.
  static func figure(_ value: Double) -> String {
    let units = [(1e12, "T"), (1e9, "G"), (1e6, "M")]
    if value.isFinite, abs(value) < 1e15, let (size, unit) = units.first(where: { abs(value) >= $0.0 }) {
      return String(format: abs(value) / size < 100 ? "%.2f" : "%.1f", value / size) + unit
    }
    guard value.isFinite, abs(value) < 10 else { return Number.short(value) }
    return String(format: "%.4f", value)
  }

  static func isWide(_ width: Int) -> Bool { width >= 96 }

  func draw(in rect: Rect, on grid: inout CellGrid, _ context: DrawContext) -> HitMap {
    var hits = HitMap()
    guard !rect.isEmpty else { return hits }
    let columns = board.columns(isWide: Self.isWide(rect.width))
    let model = modelWidth(rect.width)
    let shown = fitted(columns, rect.width - model - Self.leadWidth - 3)
    drawHeader(shown, columns, model, in: rect, on: &grid, context)
    let room = rect.height - 1
    guard room > 0 else { return hits }
    let place = board.place(view)
    let top = visibleTop(count: board.rows.count, height: room, cursor: place, top: 0)
    for (offset, row) in board.rows.dropFirst(top).prefix(room).enumerated() {
      let line = Rect(x: rect.x, y: rect.y + 1 + offset, width: rect.width - 1, height: 1)
      draw(row, isHere: top + offset == place, shown, model, in: line, on: &grid, context)
      hits.add(line, .item("board", top + offset))
    }
    ScrollBar(count: board.rows.count, top: top).draw(
      in: Rect(x: rect.maxX - 1, y: rect.y + 1, width: 1, height: room), on: &grid, context)
    return hits
  }

  // MARK: Columns

  /// Cells before the model: mark, state, place, change.
  private static let leadWidth = 11

  private func modelWidth(_ width: Int) -> Int {
    let longest = board.rows.map { TextWidth.of(name($0)) }.max() ?? 0
    return min(max(longest, 8), width >= 70 ? 26 : 16)
  }

  private func name(_ row: ModelBoard.Row) -> String { row.id > 0 ? "\(row.model) #\(row.id)" : row.model }

  private func width(_ column: BoardColumn) -> Int {
    switch column {
    case .score: max(7, TextWidth.of(board.title(.score)))
    case .spread, .fit, .latency, .share, .size: 7
    case .range: 18
    case .status: 10
    case .metric: max(7, TextWidth.of(board.title(column)))
    case .settings: max(20, min(60, board.rows.map { TextWidth.of($0.settings) }.max() ?? 0))
    case .recipe: max(20, min(60, board.rows.map { TextWidth.of($0.recipe ?? "") }.max() ?? 0))
    }
  }

  /// The columns that have room, the one under the cursor among them.
  private func fitted(_ columns: [BoardColumn], _ room: Int) -> [(column: BoardColumn, width: Int)] {
    let cursor = min(max(0, view.column), columns.count - 1)
    func take(from first: Int) -> [(column: BoardColumn, width: Int)] {
      var (left, taken) = (room, [(column: BoardColumn, width: Int)]())
      for column in columns[first...] {
        let wanted = width(column)
        guard wanted <= left || (taken.isEmpty && left > 0) else {
          if column == .settings || column == .recipe, left >= 20 { taken.append((column, left)) }
          break
        }
        taken.append((column, min(wanted, left)))
        left -= wanted + 2
      }
      return taken
    }
    for first in 0...max(0, cursor) {
      let taken = take(from: first)
      if taken.contains(where: { $0.column == columns[cursor] }) { return taken }
    }
    return take(from: cursor)
  }

  private func alignment(_ column: BoardColumn) -> Alignment {
    switch column {
    case .range, .status, .settings, .recipe: .left
    case .score, .spread, .fit, .latency, .share, .size, .metric: .right
    }
  }

  // MARK: Drawing

  private func drawHeader(
    _ shown: [(column: BoardColumn, width: Int)], _ columns: [BoardColumn], _ model: Int, in rect: Rect,
    on grid: inout CellGrid, _ context: DrawContext
  ) {
    let style = context.headerStyle
    grid.draw("#", x: rect.x + 4, y: rect.y, style: style, width: 1)
    grid.draw(
      TextWidth.fit("model", model), x: rect.x + Self.leadWidth, y: rect.y, style: style,
      width: max(0, min(model, rect.maxX - rect.x - Self.leadWidth)))
    var x = rect.x + Self.leadWidth + model + 2
    let cursor = columns.indices.contains(view.column) ? columns[view.column] : nil
    for (column, width) in shown {
      var title = board.title(column)
      if let sort = view.sort, sort.column == column {
        let arrows = context.glyphs == .ascii ? ("^", "v") : ("↑", "↓")
        title += sort.isAscending ? arrows.0 : arrows.1
      }
      let isHere = column == cursor && isFocused
      grid.draw(
        TextWidth.fit(title, width, alignment(column)), x: x, y: rect.y, style: isHere ? context.cursorStyle : style,
        width: max(0, min(width, rect.maxX - 1 - x)))
      x += width + 2
    }
  }

  private func draw(
    _ row: ModelBoard.Row, isHere: Bool, _ shown: [(column: BoardColumn, width: Int)], _ model: Int, in line: Rect,
    on grid: inout CellGrid, _ context: DrawContext
  ) {
    let isSelected = isHere && isFocused
    let base =
      isSelected ? context.selectionStyle : isHere ? context.textStyle.bold() : context.textStyle
    if isSelected { grid.fill(line, style: base) }
    func ink(_ style: Style) -> Style { isSelected ? base : style }
    let muted = ink(context.mutedStyle)
    let (sign, level) = state(row, context)
    let isMarked = view.marks.contains(row.id)
    drawParts(
      [
        (isMarked ? (context.glyphs == .ascii ? "*" : "●") : " ", ink(context.markStyle)),
        (sign + " ", ink(level?.style(context) ?? base)),
        (TextWidth.fit(placeText(row), 3, .right), row.isTied ? muted : base),
        (TextWidth.fit(change(row, context), 4), muted),
      ], into: &grid, in: Rect(x: line.x, y: line.y, width: min(line.width, Self.leadWidth), height: 1))
    let isQuiet = row.status == .failed || row.status == .stopped
    grid.draw(
      TextWidth.fit(name(row), model), x: line.x + Self.leadWidth, y: line.y,
      style: isQuiet ? muted : row.id == 0 ? base.bold() : base,
      width: max(0, min(model, line.width - Self.leadWidth)))
    var x = line.x + Self.leadWidth + model + 2
    for (column, width) in shown where x < line.maxX {
      let room = Rect(x: x, y: line.y, width: min(width, line.maxX - x), height: 1)
      if column == .range {
        drawRange(row, ink(context.style(context.theme.status.running)), in: room, on: &grid, context)
      } else {
        let text = text(row, column)
        grid.draw(
          TextWidth.fit(text, width, alignment(column)), x: x, y: line.y,
          style: isQuiet || text == "–" ? muted : base, width: room.width)
      }
      x += width + 2
    }
  }

  private func state(_ row: ModelBoard.Row, _ context: DrawContext) -> (String, Level?) {
    let glyphs = context.glyphs
    switch row.status {
    case .done:
      if row.id == 0 { return (glyphs == .ascii ? "*" : "★", .success) }
      return (Level.success.mark(glyphs), .success)
    case .stopped: return (glyphs == .ascii ? "-" : "⊘", nil)
    case .failed: return (Level.error.mark(glyphs), .error)
    case .planned: return (glyphs == .ascii ? "." : "◷", nil)
    case .running:
      let frames = glyphs == .ascii ? ["|", "/", "-", "\\"] : ["◐", "◓", "◑", "◒"]
      return (frames[tick % frames.count], .running)
    }
  }

  /// `=3` for one that ties with the best.
  private func placeText(_ row: ModelBoard.Row) -> String {
    if row.status == .planned { return String(row.id) }
    return row.rank.map { (row.isTied ? "=" : "") + String($0) } ?? (row.id == 0 ? "" : "–")
  }

  private func change(_ row: ModelBoard.Row, _ context: DrawContext) -> String {
    guard board.run?.isActive == true, row.rank != nil, row.id != 0 else { return "" }
    guard let rise = row.rise else { return " new" }
    if rise == 0 { return "" }
    let arrows = context.glyphs == .ascii ? ("^", "v") : ("▲", "▼")
    return " " + (rise > 0 ? arrows.0 : arrows.1) + String(rise.magnitude)
  }

  private func text(_ row: ModelBoard.Row, _ column: BoardColumn) -> String {
    func number(_ value: Double?) -> String { value.map(Self.figure) ?? "–" }
    switch column {
    case .score:
      if case .running = row.status, !row.folds.isEmpty {
        // Under a threshold that is still to be chosen, the figure would say nothing.
        if board.metric?.usesDecision == true { return "…" }
        // Of the folds so far, and so no figure to rank by.
        return "~" + Self.figure(row.folds.reduce(0, +) / Double(row.folds.count))
      }
      return number(row.score)
    case .spread: return number(row.std)
    case .range: return ""
    case .fit: return row.fit.map { String(format: "%.1f s", $0) } ?? "–"
    case .latency: return row.latency.map { $0 < 0.001 ? "<0.001" : String(format: "%.3f", $0) } ?? "–"
    case .share: return row.weight.map { Number.percent($0) } ?? (row.id == 0 ? "" : "–")
    case .size: return row.bytes > 0 ? size(row.bytes) : "–"
    case .metric(let objective): return number(row.metrics[objective.rawValue])
    case .settings: return row.settings
    case .recipe: return row.recipe ?? ""
    case .status:
      switch row.status {
      case .done: return "done"
      case .stopped: return "stopped"
      case .failed: return "failed"
      case .planned: return "listed"
      case .running(let done, let folds): return folds.map { "\(done)/\($0) folds" } ?? "fold 1"
      }
    }
  }

  private func size(_ bytes: Int) -> String {
    bytes < 1_000_000 ? "\(max(1, bytes / 1000)) kB" : String(format: "%.1f MB", Double(bytes) / 1e6)
  }

  /// The folds from worst to best as `├──●─┤`, the mean as the dot, on one scale for all rows.
  private func drawRange(
    _ row: ModelBoard.Row, _ style: Style, in rect: Rect, on grid: inout CellGrid, _ context: DrawContext
  ) {
    let all = board.rows.filter { $0.status == .done }.flatMap(\.folds)
    guard let low = all.min(), let high = all.max(), low < high, rect.width > 4, row.status != .failed,
      let least = row.folds.min(), let most = row.folds.max()
    else { return }
    let last = Double(rect.width - 1)
    func cell(_ value: Double) -> Int { Int(min(last, max(0, ((value - low) / (high - low) * last).rounded()))) }
    let glyphs = context.glyphs == .ascii ? ("|", "-", "|", "o") : ("├", "─", "┤", "●")
    let (left, right) = (cell(least), cell(most))
    for x in left...max(left, right) {
      let glyph = x == left ? glyphs.0 : x == right ? glyphs.2 : glyphs.1
      grid.draw(glyph, x: rect.x + x, y: rect.y, style: style, width: 1)
    }
    let mean = row.folds.reduce(0, +) / Double(row.folds.count)
    grid.draw(glyphs.3, x: rect.x + cell(mean), y: rect.y, style: style.bold(), width: 1)
  }
}
