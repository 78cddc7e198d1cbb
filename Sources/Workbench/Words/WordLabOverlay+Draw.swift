import Engine
import Grid
import Plot
import Widgets

extension WordLabOverlay {
  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let bounds = FormDialog.bounds(state.size)
    let size = Size(width: min(bounds.width - 4, 150), height: min(bounds.height - 2, 44))
    let rect = DialogFrame.rect(for: size, in: bounds)
    let hint = models.count > 1 ? "Tab: page  ^T: model  Esc: close" : "Tab: page  Esc: close"
    var hits = DialogFrame("Word lab", note: models.map(fileName).joined(separator: ", "), hints: hint).draw(
      in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    guard inner.height > 1 else { return hits }
    let tabs = TabsRow(
      Page.allCases.map { TabsRow.Tab($0.rawValue + 1, $0.title, key: "") }, selected: page.rawValue + 1)
    hits.add(tabs.draw(in: inner.splitTop(1).0, on: &grid, context))
    let place = Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: 1)
    TextFieldView(field).draw(in: place, on: &grid, context)
    let gap = inner.height > 8 ? 1 : 0
    let body = Rect(x: inner.x, y: inner.y + 2 + gap, width: inner.width, height: max(0, inner.height - 2 - gap))
    guard !body.isEmpty else { return hits }
    switch page {
    case .words: drawWords(in: body, &grid, state)
    case .map: drawMap(in: body, &grid, state)
    case .search: drawSearch(in: body, &grid, state)
    }
    return hits
  }

  private func say(_ text: String, in rect: Rect, _ grid: inout CellGrid, _ context: DrawContext, isError: Bool = false)
  {
    let style = isError ? Level.error.style(context) : context.mutedStyle
    TextBlock(text, style: style).draw(in: rect, on: &grid, context)
  }

  // MARK: Words

  private func drawWords(in rect: Rect, _ grid: inout CellGrid, _ state: WorkbenchState) {
    guard !line.isEmpty else {
      say(
        """
        Type a word: its nearest neighbours come at once.
        king - man + woman: what the sum is near to
        breakfast, cereal, dinner, lunch: the odd one out
        a warm coat | a cosy jacket: how alike two texts are
        cook, smith; nurse, maid; he, man; she, woman: do the first two lean apart
        """, in: rect, &grid, state.drawing)
      return
    }
    // Columns too narrow for a word and a figure say nothing.
    let shown = max(1, min(models.count, rect.width / 26))
    let first = min(max(0, column - shown + 1), models.count - shown)
    let width = rect.width / shown
    for place in first..<(first + shown) {
      let area = Rect(
        x: rect.x + (place - first) * width, y: rect.y, width: shown > 1 ? width - 2 : width, height: rect.height)
      drawAnswer(place, in: area, &grid, state)
    }
  }

  private func drawAnswer(_ place: Int, in rect: Rect, _ grid: inout CellGrid, _ state: WorkbenchState) {
    let context = state.drawing
    var area = rect
    if models.count > 1 {
      let style = place == column ? context.titleStyle : context.mutedStyle
      grid.draw(
        TextWidth.fit(fileName(models[place]), area.width), x: area.x, y: area.y, style: style, width: area.width)
      area = area.splitTop(1).1
    }
    switch answers[place] {
    case nil: say("…", in: area, &grid, context)
    case .failure(let error)?: say(error.text, in: area, &grid, context, isError: true)
    case .success(let words)?:
      let head = [words.title, words.note].compactMap { $0 }.joined(separator: ": ")
      for text in wrapped(head, width: max(1, area.width)).prefix(max(1, area.height / 4)) {
        grid.draw(text, x: area.x, y: area.y, style: context.mutedStyle, width: area.width)
        area = area.splitTop(1).1
      }
      let hasTrace = !words.trace.isEmpty && area.width >= 60 && models.count == 1
      let left = hasTrace ? area.splitLeft(area.width * 3 / 5).0 : area
      draw(words.rows, isHere: place == column, in: left, &grid, context)
      guard hasTrace else { return }
      let right = Rect(x: left.maxX + 2, y: area.y, width: area.width - left.width - 2, height: area.height)
      grid.draw(
        TextWidth.fit("parts of the word, length of their vectors", right.width), x: right.x, y: right.y,
        style: context.mutedStyle, width: right.width)
      draw(words.trace, isHere: false, in: right.splitTop(1).1, &grid, context)
    }
  }

  /// Words with a bar and their figure.
  private func draw(
    _ rows: [LabWords.Row], isHere: Bool, in rect: Rect, _ grid: inout CellGrid, _ context: DrawContext
  ) {
    guard rect.height > 0 else { return }
    let longest = max(1, rows.compactMap(\.similarity).map(abs).filter(\.isFinite).max() ?? 1)
    let widest = rows.map { TextWidth.of($0.word) }.max() ?? 8
    let name = min(max(8, widest), max(8, rect.width - 12))
    let bar = max(0, min(30, rect.width - name - 12))
    let top = isHere ? max(0, min(cursor - rect.height + 1, rows.count - rect.height)) : 0
    for (offset, row) in rows.dropFirst(top).prefix(rect.height).enumerated() {
      let isCursor = isHere && top + offset == cursor
      let mark = row.isMarked ? "!" : " "
      let pointer = isCursor ? (context.glyphs == .ascii ? ">" : "▸") : " "
      let figure = row.similarity.map { TextWidth.fit(Self.figure($0), 6, .right) } ?? "     –"
      let cells = ProgressBar.cells(max(0, row.similarity ?? 0) / longest, width: bar, glyphs: context.glyphs)
      let text = "\(pointer)\(mark)\(TextWidth.fit(row.word, name)) \(figure)  \(cells)"
      let style = isCursor ? context.textStyle.reversed() : row.isMarked ? context.textStyle.bold() : context.textStyle
      grid.draw(
        TextWidth.fit(text, rect.width, ellipsis: false), x: rect.x, y: rect.y + offset, style: style, width: rect.width
      )
    }
  }

  /// Three decimals, without a leading zero where the figure is below one.
  static func figure(_ number: Double) -> String {
    let text = String(Int((abs(number) * 1000).rounded()) % 1000)
    let whole = Int((abs(number) * 1000).rounded()) / 1000
    return (number < -0.0005 ? "-" : "") + (whole > 0 ? "\(whole)" : "") + "."
      + String(repeating: "0", count: 3 - text.count)
      + text
  }

  // MARK: Map

  private func drawMap(in rect: Rect, _ grid: inout CellGrid, _ state: WorkbenchState) {
    let context = state.drawing
    guard var picture = map?.map else {
      let wait = "Laying out the most frequent words…" + (mapNote.isEmpty ? "" : "\n" + mapNote)
      say(mapError ?? wait, in: rect, &grid, context, isError: mapError != nil)
      return
    }
    let found = matches
    picture.highlighted = found
    let body = rect.height > 6 ? rect.splitBottom(1).1 : rect
    let drawn = ChartMemory.shared.render(.content(picture), size: body.size, context: context, view: .whole)
    grid.blit(drawn.grid, at: body.origin)
    guard rect.height > 6 else { return }
    let text: String
    if line.isEmpty {
      text =
        "\(Number.grouped(picture.points.count)) of \(Number.grouped(map?.total ?? 0)) words: type to find one, ^N: \(mapMethod == .pca ? "t-SNE" : "PCA")"
    } else if found.isEmpty {
      text = "no word on the map begins with \"\(line)\""
    } else {
      let here = picture.points[found[min(cursor, found.count - 1)]]
      let others = found.count > 1 ? ", \(found.count - 1) more: ↓" : ""
      text = "\(here.label)\(others)  Enter: its neighbours"
    }
    grid.draw(
      TextWidth.fit(text, rect.width), x: rect.x, y: rect.maxY - 1, style: context.textStyle, width: rect.width)
  }

  // MARK: Search

  private func drawSearch(in rect: Rect, _ grid: inout CellGrid, _ state: WorkbenchState) {
    let context = state.drawing
    guard !texts.isEmpty else {
      say("There is no column of text to search: open a table that has one.", in: rect, &grid, context)
      return
    }
    let (head, body) = rect.splitTop(1)
    let name = texts[textColumn]
    var text = "column \(name)" + (texts.count > 1 ? ", ^N: another" : "")
    if found == nil, isExact { text += "  exact" }
    if let found {
      let without = found.without > 0 ? ", \(Number.grouped(found.without)) without a known word" : ""
      text += "  nearest \(found.rows.count) of \(Number.grouped(found.searched)) rows\(without), \(found.method)"
      if isBuilding {
        text += "; \(searchNote)"
      } else if found.usedKept {
        text += ", kept vectors"
      }
    }
    grid.draw(TextWidth.fit(text, head.width), x: head.x, y: head.y, style: context.mutedStyle, width: head.width)
    if let searchError {
      say(searchError, in: body, &grid, context, isError: true)
      return
    }
    guard let found else {
      say(
        searched == nil
          ? "Type what the texts should be about, then Enter. An encoder needs its time for the first search; the "
            + "vectors are kept, and the next ones are quick. Beyond \(Number.grouped(LabSearch.exactTexts)) texts an "
            + "index is searched, which may miss a row; ^X compares every text."
          : searchNote, in: body, &grid, context)
      return
    }
    let top = max(0, min(cursor - body.height + 1, found.rows.count - body.height))
    for (offset, row) in found.rows.dropFirst(top).prefix(body.height).enumerated() {
      let isCursor = top + offset == cursor
      let pointer = isCursor ? (context.glyphs == .ascii ? ">" : "▸") : " "
      let number = TextWidth.fit(Number.grouped(row.number + 1), 9, .right)
      let words = String(row.text.prefix(body.width).map { $0.isNewline || $0 == "\t" ? " " : $0 })
      let line = "\(pointer)\(TextWidth.fit(Self.figure(row.similarity), 6, .right)) \(number)  \(words)"
      let style = isCursor ? context.textStyle.reversed() : context.textStyle
      grid.draw(TextWidth.fit(line, body.width), x: body.x, y: body.y + offset, style: style, width: body.width)
    }
  }
}
