import Engine
import Frame
import Grid
import Insight
import Plot
import Widgets

/// The cells of a frequency table or a description as a person reads them: shares in percent, bars, intervals.
struct SummaryCells {
  private enum Roles {
    case frequency([Frequency.Role])
    case description([DescriptionRole])
  }

  /// Widths of the columns that are drawn, where there is room for all of them, and the least that can be read.
  private static let (widestBar, widestInterval) = (12, 15)
  private static let (narrowestBar, narrowestInterval) = (4, 9)

  private let roles: Roles
  private let view: TableView
  private let glyphs: GlyphSet
  /// The ends of the scale on which intervals are drawn.
  private let scale: (low: Double, high: Double)
  private let barWidth: Int
  private let intervalWidth: Int
  /// Cells that are wanting although bars and intervals are as narrow as they can be.
  private let excess: Int

  /// Nil for a view of plain rows.
  init?(_ view: TableView, _ state: WorkbenchState) {
    switch view.request.look.summary {
    case .frequency(let frequency, _): roles = .frequency(frequency.roles(of: view.schema))
    case .description: roles = .description(DescriptionRole.allCases)
    case nil: return nil
    }
    self.view = view
    glyphs = state.drawing.glyphs
    scale = Self.scale(roles, view)
    let over = Self.excess(roles, view, state)
    barWidth = min(Self.widestBar, max(Self.narrowestBar, Self.widestBar - over))
    let left = over - (Self.widestBar - barWidth)
    intervalWidth = min(Self.widestInterval, max(Self.narrowestInterval, Self.widestInterval - left))
    excess = max(0, left - (Self.widestInterval - intervalWidth))
  }

  /// Cells that the columns of a frequency table with intervals want and the pane does not have, so that the last of
  /// them, the interval, is not cut. 0 until the columns have been measured.
  private static func excess(_ roles: Roles, _ view: TableView, _ state: WorkbenchState) -> Int {
    guard case .frequency(let roles) = roles, roles.contains(.interval), view.widths.count == roles.count else {
      return 0
    }
    let widths = view.shownColumns.map { index in
      if let fixed = view.arrangement.widths[view.schema[index].name] { return fixed }
      return roles[index] == .bar ? widestBar : roles[index] == .interval ? widestInterval : view.widths[index]
    }
    let pane = paneInterior(.table, state, state.layout).width
    let room = DataGrid.room(width: pane, largestNumber: largestRowNumber(view))
    return max(0, widths.reduce(widths.count - 1, +) - room)
  }

  /// Columns that give up their places where the pane is too narrow for the interval: first the running sum, then the
  /// bar, which says what the share says.
  var dispensable: [String] {
    guard excess > 0, case .frequency(let roles) = roles else { return [] }
    var (names, left): ([String], Int) = ([], excess)
    for role in [Frequency.Role.cumulative, .bar] where left > 0 {
      guard let index = roles.firstIndex(of: role) else { continue }
      names.append(view.schema[index].name)
      left -= 1 + (role == .bar ? barWidth : view.widths[index])
    }
    return names
  }

  /// Of rates from 0 up to the highest end of an interval among the first rows, of means from the lowest.
  private static func scale(_ roles: Roles, _ view: TableView) -> (low: Double, high: Double) {
    guard case .frequency(let roles) = roles, let low = roles.firstIndex(of: .low),
      let high = roles.firstIndex(of: .high), let page = view.pages[0], high < page.columns.count
    else { return (0, 1) }
    let lows = (0..<page.rowCount).compactMap { page.value($0, low).number }
    let highs = (0..<page.rowCount).compactMap { page.value($0, high).number }
    let top = highs.max() ?? 1
    return (roles.contains(.rate) ? 0 : lows.min() ?? 0, top)
  }

  func kind(_ column: Int) -> GridColumn.Kind {
    switch roles {
    case .frequency(let roles):
      guard roles.indices.contains(column) else { return .text }
      switch roles[column] {
      case .key: return gridKind(view.schema[column].kind)
      case .bar, .interval: return .text
      case .count, .share, .cumulative, .rate, .mean, .low, .high, .from, .to: return .number
      }
    case .description(let roles):
      guard roles.indices.contains(column) else { return .text }
      switch roles[column] {
      case .column, .kind, .type, .mode, .shape, .approximate: return .text
      case .missing, .missingShare, .distinct, .min, .max, .mean, .sd, .q1, .median, .q3, .modeShare: return .number
      }
    }
  }

  /// The line under the heading: of intervals their scale.
  func profile(_ column: Int) -> String {
    guard case .frequency(let roles) = roles, roles.indices.contains(column), roles[column] == .interval else {
      return ""
    }
    let isRate = roles.contains(.rate)
    let left = isRate ? Number.percent(scale.low) : Number.short(scale.low)
    let right = isRate ? Number.percent(scale.high) : Number.short(scale.high)
    return left + String(repeating: " ", count: max(1, intervalWidth - left.count - right.count)) + right
  }

  /// The width of a drawn column; nil where the text decides.
  func width(_ column: Int) -> Int? {
    guard case .frequency(let roles) = roles, roles.indices.contains(column) else { return nil }
    return roles[column] == .bar ? barWidth : roles[column] == .interval ? intervalWidth : nil
  }

  func cell(_ row: Int, _ column: Int) -> GridCell {
    let value = view.value(row: row, column: column)
    switch roles {
    case .frequency(let roles):
      guard roles.indices.contains(column) else { return .null }
      return frequencyCell(roles, row, column, value)
    case .description(let roles):
      guard roles.indices.contains(column) else { return .null }
      return descriptionCell(roles[column], row, value)
    }
  }

  private func frequencyCell(_ roles: [Frequency.Role], _ row: Int, _ column: Int, _ value: Value) -> GridCell {
    switch roles[column] {
    case .key:
      guard let text = view.text(row: row, column: column) else { return .text("(missing)") }
      if text.isEmpty { return .text("(empty)") }
      return .text(glyphs == .ascii && roles.last == .to ? text.replacing("–", with: "-") : text)
    case .count: return value.number.map { .text(Number.grouped(Int($0))) } ?? .null
    case .share, .cumulative, .rate: return value.number.map { .text(Number.percent($0)) } ?? .null
    case .bar: return value.number.map { .text(bar($0)) } ?? .null
    case .interval: return interval(roles, row).map { .text($0) } ?? .null
    case .low, .high:
      return value.number.map { .text(roles.contains(.rate) ? Number.percent($0) : Number.short($0)) } ?? .null
    case .mean, .from, .to: return value.number.map { .text(Number.short($0)) } ?? .null
    }
  }

  private func bar(_ fraction: Double) -> String {
    let cells = ProgressBar.cells(fraction, width: barWidth, glyphs: glyphs)
    // What is there shows, however little.
    guard glyphs == .ascii else { return fraction > 0 && cells.first == " " ? "▏" : cells }
    return fraction > 0 && cells.first != "#" ? "-" : cells.replacing(".", with: " ")
  }

  /// `├──●──┤` on the scale of the column.
  private func interval(_ roles: [Frequency.Role], _ row: Int) -> String? {
    func number(_ role: Frequency.Role) -> Double? {
      roles.firstIndex(of: role).flatMap { view.value(row: row, column: $0).number }
    }
    guard let low = number(.low), let high = number(.high), let middle = number(.rate) ?? number(.mean),
      scale.high > scale.low
    else { return nil }
    func place(_ value: Double) -> Int {
      let part = (value - scale.low) / (scale.high - scale.low)
      return Int((min(1, max(0, part)) * Double(intervalWidth - 1)).rounded())
    }
    let plain = glyphs == .ascii
    var cells = [Character](repeating: " ", count: intervalWidth)
    for x in place(low)...max(place(low), place(high)) { cells[x] = plain ? "-" : "─" }
    cells[place(low)] = plain ? "|" : "├"
    cells[place(high)] = plain ? "|" : "┤"
    cells[place(middle)] = plain ? "o" : "●"
    return String(cells)
  }

  private func descriptionCell(_ role: DescriptionRole, _ row: Int, _ value: Value) -> GridCell {
    guard let text = value.text else { return .null }
    let approximate = view.value(row: row, column: DescriptionRole.allCases.count - 1).text ?? ""
    func about(_ figure: String) -> String { approximate.contains(figure) ? (glyphs == .ascii ? "~" : "≈") : "" }
    func figure(_ text: String) -> String { Double(text).map(Number.short) ?? text }
    switch role {
    case .column, .kind, .type, .approximate: return .text(text)
    case .missing: return .text(Number.grouped(Int(value.number ?? 0)))
    case .distinct: return .text(about("distinct") + Number.grouped(Int(value.number ?? 0)))
    case .missingShare: return .text(Number.percent(value.number ?? 0))
    case .modeShare: return .text(about("top") + Number.percent(value.number ?? 0))
    case .mean, .sd: return .text(Number.short(value.number ?? 0))
    case .min, .max: return .text(figure(text))
    case .q1, .median, .q3: return .text(about("quantiles") + figure(text))
    case .mode: return .text(about("top") + text)
    case .shape:
      let counts = text.split(separator: ",").compactMap { Double($0) }
      return .text(sparkline(counts, width: counts.count, glyphs: glyphs))
    }
  }
}
