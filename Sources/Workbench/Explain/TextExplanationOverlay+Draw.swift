import Engine
import Explain
import Grid
import Plot
import Widgets

extension TextExplanationOverlay {
  /// From this width on the parts stand beside the text.
  private static let columnsFrom = 96

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let bounds = FormDialog.bounds(state.size)
    let size = Size(width: min(bounds.width - 4, 150), height: min(bounds.height - 2, 44))
    let rect = DialogFrame.rect(for: size, in: bounds)
    let about = columns.indices.contains(column) ? columns[column] : ""
    var hits = DialogFrame(title, step: step, note: "\(analysis.name): \(about)", hints: "e: export  Esc: close").draw(
      in: rect, on: &grid, context)
    var inner = DialogFrame.inner(rect)
    for head in heads where inner.height > 4 {
      let style = head.level.map { $0.style(context) } ?? context.textStyle
      for line in wrapped(head.text, width: max(1, inner.width)).prefix(inner.height - 4) {
        grid.draw(line, x: inner.x, y: inner.y, style: style, width: inner.width)
        inner = inner.splitTop(1).1
      }
    }
    guard found != nil else { return hits }
    if showsAll {
      hits.add(table.draw(in: inner, on: &grid, context))
      return hits
    }
    guard let chart else { return hits }
    if inner.height > 8 { inner = inner.splitTop(1).1 }
    var (picture, list) = (inner, Rect.zero)
    if inner.width >= Self.columnsFrom {
      let width = min(48, inner.width / 3)
      (picture, list) = inner.splitLeft(inner.width - width)
      list = list.splitLeft(2).1
    } else if inner.height >= 8 {
      // What a short text leaves goes to the list.
      var below = min(table.height, max(4, inner.height / 3))
      if case .content(let content) = chart {
        below = max(below, min(table.height, inner.height - 1 - content.preferredRows(width: inner.width)))
      }
      (picture, list) = inner.splitTop(inner.height - below - 1)
      list = list.splitTop(1).1
    }
    let drawn = ChartMemory.shared.render(chart, size: picture.size, context: context, view: ChartView(cursor: part))
    grid.blit(drawn.grid, at: picture.origin)
    hits.add(table.draw(in: list, on: &grid, context))
    return hits
  }

  /// `text 3 of 25`, and of more than one class the one that is told.
  private var step: String {
    guard let found else { return "" }
    var parts: [String] = []
    if found.rows.count > 1, !showsAll { parts.append("text \(place + 1) of \(found.rows.count)") }
    if found.outputNames.count > 1 { parts.append(found.outputNames[output]) }
    return parts.joined(separator: ", ")
  }

  /// What is predicted, how that was found, and of how many texts.
  private var heads: [(text: String, level: Level?)] {
    var heads: [(text: String, level: Level?)] = []
    guard let found else {
      return [(error.map { "! " + $0 } ?? "Asking the model about every \(noun)…", error == nil ? nil : .error)]
    }
    if let text, !showsAll {
      let absent = found.replacement.isEmpty ? "without any \(noun)" : "with \(found.replacement) for every \(noun)"
      heads.append(
        (
          "f(x) \(Number.short(text.predictions[output])) \(found.unit)\(ofOutput(found)), "
            + "\(Number.short(text.baseValues[output])) \(absent)", nil
        ))
    }
    let missed = showsAll ? found.additivityError : text?.additivityError ?? found.additivityError
    let told = Number.short(RowExplanation.told(missed))
    heads.append(
      (
        "\(found.method), other columns as they are; "
          + (found.isAccurate
            ? "sums miss f(x) by at most \(told)" : "! sums miss f(x) by \(told), more than rounding"),
        found.isAccurate ? nil : .warning
      ))
    if found.rows.count > 1 || request != nil {
      let count = counted(found.rows.count, "text")
      let all = found.rows.count < found.totalRows ? "\(count), drawn from \(counted(found.totalRows, "row"))" : count
      heads.append((request == nil ? all : "\(count) so far, more are being explained…", request == nil ? nil : .info))
    }
    if let error { heads.append(("! " + error, .error)) }
    return heads
  }

  private func ofOutput(_ found: TextExplanation) -> String {
    guard found.unit != "prediction", found.outputNames.indices.contains(output) else { return "" }
    return " of \(found.outputNames[output])"
  }
}

/// Columns of an explanation whose cells are texts of several words, those of most words first.
func textColumns(_ found: ExplainedTable) -> [String] {
  guard found.time?.granularity != .timewise else { return [] }
  let rows = found.kept.prefix(20)
  let counts = found.explanation.features.indices.map { feature in
    rows.reduce(0) { $0 + ($1.cells.indices.contains(feature) ? words(in: $1.cells[feature]) : 0) }
  }
  let wordy = counts.indices.filter { counts[$0] >= 3 * rows.count && !rows.isEmpty }
  return wordy.sorted { (counts[$1], $0) < (counts[$0], $1) }.map { found.explanation.features[$0] }
}

/// The same of a row.
func textColumns(_ cells: [RowCell], among columns: [String]) -> [String] {
  let counts = cells.filter { columns.contains($0.column) }.map { ($0.column, words(in: $0.text ?? "")) }
  return counts.filter { $0.1 > 1 }.sorted { $1.1 < $0.1 }.map(\.0)
}

private func words(in text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }
