import Flow
import Foundation
import Grid
import Widgets

/// What a step has learnt, as tables to read.
struct FittedOverlay: Overlay {
  private let state: FittedState
  /// Those of the columns of each table; kept, for a vocabulary may have many terms.
  private let widths: [[(width: Int, isNumber: Bool)]]
  private var top = 0
  private var left = 0

  init(_ state: FittedState) {
    self.state = state
    widths = state.sections.map(Self.widths)
  }

  var hints: [(key: String, label: String)] {
    [("↑↓←→", "scroll"), ("PgDn", "page"), ("f", "refit"), ("y", "copy"), ("Esc", "close")]
  }

  // MARK: Lines

  /// One line: a heading, the head of a table, or a row with the share that a bar shows.
  private enum Line {
    case heading(String)
    case head(String)
    case row(String, share: Double?)
    case blank
  }

  private static let barWidth = 12

  /// The columns of a table: numbers to the right, texts to the left.
  private static func widths(_ section: FittedState.Section) -> [(width: Int, isNumber: Bool)] {
    section.headings.indices.map { column in
      let cells = section.rows.map { $0[column] }
      let isNumber =
        cells.contains { if case .number = $0 { true } else { false } }
        && cells.allSatisfy { if case .text = $0 { false } else { true } }
      let widest = cells.lazy.map { TextWidth.of(line(FittedState.text($0))) }.max() ?? 0
      return (max(TextWidth.of(section.headings[column]), min(48, widest)), isNumber)
    }
  }

  private static func line(_ text: String) -> String { String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }) }

  private static func row(_ cells: [String], _ widths: [(width: Int, isNumber: Bool)]) -> String {
    let padded = zip(cells, widths).map { TextWidth.fit(line($0), $1.width, $1.isNumber ? .right : .left) }
    return padded.joined(separator: "  ")
  }

  /// The lines between two places; only these are written, however many terms there are.
  private func lines(_ range: Range<Int>) -> [Line] {
    var found: [Line] = []
    var place = 0
    for (number, section) in state.sections.enumerated() {
      let before = (number > 0 ? 1 : 0) + (section.title.isEmpty ? 0 : 1) + 1
      let count = before + section.rows.count
      defer { place += count }
      guard place < range.upperBound, place + count > range.lowerBound else { continue }
      let widths = widths[number]
      let share = section.headings.firstIndex(of: "share")
      for index in max(range.lowerBound, place)..<min(range.upperBound, place + count) {
        let offset = index - place - (number > 0 ? 1 : 0)
        if offset < 0 {
          found.append(.blank)
        } else if offset == 0, !section.title.isEmpty {
          found.append(.heading(section.title))
        } else if index - place == before - 1 {
          found.append(.head(Self.row(section.headings, widths)))
        } else {
          let cells = section.rows[index - place - before]
          found.append(.row(Self.row(cells.map(FittedState.text), widths), share: share.flatMap { cells[$0].number }))
        }
      }
    }
    return found
  }

  private var count: Int {
    state.sections.enumerated().reduce(0) { sum, section in
      sum + (section.offset > 0 ? 1 : 0) + (section.element.title.isEmpty ? 0 : 1) + 1 + section.element.rows.count
    }
  }

  private var width: Int {
    zip(state.sections, widths).map { section, widths in
      let all = widths.map(\.width)
      let bar = section.headings.contains("share") ? Self.barWidth + 2 : 0
      return max(all.reduce(0, +) + 2 * max(0, all.count - 1) + bar, TextWidth.of(section.title))
    }.max() ?? 0
  }

  /// Which rows it was learnt from, and when.
  private var origin: String {
    guard let fitting = state.fitting else { return "The flow does not say from which rows this was learnt." }
    let parts = Calendar.current.dateComponents([.year, .month, .day, .hour, .minute], from: fitting.at)
    func two(_ number: Int?) -> String { String(format: "%02d", number ?? 0) }
    let day = "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day))"
    let rows = Number.grouped(fitting.rows) + (fitting.rows == 1 ? " row" : " rows")
    return "Learnt from \(rows) on \(day) at \(two(parts.hour)):\(two(parts.minute))."
  }

  // MARK: Events

  private func frame(_ state: WorkbenchState) -> Rect {
    let bounds = Rect(state.size).inset(dx: state.size.width >= 60 ? 3 : 0, dy: state.size.height >= 20 ? 2 : 1)
    let widest = max(44, width + 1, TextWidth.of(origin), TextWidth.of(title) + 4)
    return DialogFrame.rect(for: Size(width: min(widest, bounds.width - 4), height: count + head.count + 1), in: bounds)
  }

  private var title: String { "\(state.step) \(state.title) has learnt" }

  /// What stands above the tables.
  private var head: [String] { (state.summary.isEmpty ? [] : [Self.line(state.summary)]) + [origin] }

  /// Where the tables stand.
  private func body(_ state: WorkbenchState) -> Rect {
    let inner = DialogFrame.inner(frame(state))
    return inner.splitTop(min(inner.height, head.count + 1)).1
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    let body = body(state)
    let last = max(0, count - body.height)
    let (page, lastLeft) = (max(1, body.height - 1), max(0, width - body.width + 1))
    switch event {
    case .key(let key):
      switch key.code {
      case .escape, .enter, .character("q"), .character("F"): return .close()
      case .character("f"): return .run("flow.refit")
      case .character("y"): return .stay([.copy(text, what: "what the step has learnt")])
      case .down, .character("j"): top = min(last, top + 1)
      case .up, .character("k"): top = max(0, top - 1)
      case .right, .character("l"): left = min(lastLeft, left + 8)
      case .left, .character("h"): left = max(0, left - 8)
      case .pageDown, .character(" "): top = min(last, top + page)
      case .pageUp, .character("b"): top = max(0, top - page)
      case .home, .character("g"): top = 0
      case .end, .character("G"): top = last
      default: break
      }
    case .mouse(let mouse):
      switch mouse.kind {
      case .scroll(.down): top = min(last, top + 3)
      case .scroll(.up): top = max(0, top - 3)
      case .press where !frame(state).contains(mouse.position): return .close()
      default: break
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  /// All of it as text.
  private var text: String {
    let lines = lines(0..<count).map { line -> String in
      switch line {
      case .heading(let text), .head(let text), .row(let text, _): text
      case .blank: ""
      }
    }
    return (head + [""] + lines).joined(separator: "\n") + "\n"
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let rect = frame(state)
    let hits = DialogFrame(title, hints: "f: refit  Esc: close").draw(in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    for (offset, line) in head.enumerated() where offset < inner.height {
      grid.draw(
        TextWidth.fit(line, min(inner.width, TextWidth.of(line))), x: inner.x, y: inner.y + offset,
        style: offset == head.count - 1 ? context.mutedStyle : context.textStyle.bold(), width: inner.width)
    }
    let body = body(state)
    let isLong = count > body.height
    let area = isLong && body.width > 2 ? body.splitRight(1).1 : body
    let ink = context.style(context.theme.chart.series.first ?? context.theme.ui.muted)
    for (offset, line) in lines(top..<min(count, top + max(0, body.height))).enumerated() {
      let row = Rect(x: area.x, y: area.y + offset, width: area.width, height: 1)
      var parts: [(String, Style)]
      switch line {
      case .blank: parts = []
      case .heading(let text): parts = [(text, context.markStyle.bold())]
      case .head(let text): parts = [(text, context.mutedStyle)]
      case .row(let text, nil): parts = [(text, context.textStyle)]
      case .row(let text, let share?):
        var bar = ProgressBar.cells(share, width: Self.barWidth, glyphs: context.glyphs)
        if context.glyphs == .ascii { bar = bar.replacing(".", with: " ") }
        parts = [(text, context.textStyle), ("  " + bar, ink)]
      }
      if left > 0, let first = parts.first {
        parts[0].0 = String(first.0.dropFirst(TextWidth.prefix(first.0, left).0.count))
      }
      drawParts(parts, into: &grid, in: row)
    }
    if isLong, body.width > 2 { ScrollBar(count: count, top: top).draw(in: body.splitRight(1).0, on: &grid, context) }
    return hits
  }
}
