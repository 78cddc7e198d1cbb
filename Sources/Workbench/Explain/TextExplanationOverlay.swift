import Engine
import Explain
import Flow
import Grid
import Plot
import Widgets

/// Texts explained by their words, sentences or paragraphs: the text with signs under what moves the prediction, and its
/// parts by what they add.
struct TextExplanationOverlay: Overlay {
  let title: String
  private let spec: ExplainSpec
  let analysis: Analysis
  /// One row by its cells; nil for rows of the step.
  private let row: [RowCell]?
  /// Columns of texts, those of most words first.
  let columns: [String]
  private(set) var column = 0
  private(set) var granularity = TextGranularity.token
  /// What stands in place of a part that is not there.
  private(set) var replacement = ""
  private(set) var found: TextExplanation?
  private(set) var error: String?
  /// The text, the output and the part that are looked at.
  private(set) var place = 0
  private(set) var output = 0
  private(set) var part = 0
  /// Whether the parts of all texts are listed, instead of one text.
  private(set) var showsAll = false
  private(set) var table = FindingTable([])
  private(set) var request: RequestID?
  private var isAsked = false
  /// Whether the cursor stands on a part of the text in sight; it begins on the one that adds most.
  private var isPlaced = false

  /// Texts that are explained where nobody says how many: each takes hundreds of predictions.
  static let texts = 25

  init(row: [RowCell], titled title: String, columns: [String], _ spec: ExplainSpec, _ analysis: Analysis) {
    (self.row, self.title, self.columns, self.spec, self.analysis) = (row, title, columns, spec, analysis)
  }

  init(_ view: ExplainView, columns: [String]) {
    (row, title, self.columns, analysis) = (nil, "Texts", columns, view.analysis)
    var spec = view.spec
    spec.rows = min(spec.rows ?? Self.texts, ExplainSpec.askedRows)
    self.spec = spec
  }

  /// What a part is called.
  var noun: String {
    switch granularity {
    case .token: "word"
    case .sentence: "sentence"
    case .paragraph: "paragraph"
    }
  }

  private var isSingle: Bool { row != nil }
  private var outputs: Int { found?.outputNames.count ?? 1 }

  /// The text that is looked at.
  var text: TextExplanation.Row? {
    guard let found, found.rows.indices.contains(place) else { return nil }
    return found.rows[place]
  }

  var hints: [(key: String, label: String)] {
    var hints = showsAll ? [("↑↓", noun)] : [("←→", noun), ("↑↓", "by size")]
    if !isSingle { hints += [("[ ]", "text"), ("Tab", showsAll ? "one text" : "all texts")] }
    if outputs > 1 { hints.append(("c", "class")) }
    if columns.count > 1 { hints.append(("t", "column")) }
    return hints + [("g", "parts"), ("r", "replace by"), ("e", "export"), ("Esc", "close")]
  }

  // MARK: Jobs

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard !isAsked, request == nil, columns.indices.contains(column), state.flow.graph[analysis.node] != nil else {
      return []
    }
    isAsked = true
    let wanted = TextExplainSpec(
      column: columns[column], granularity: granularity, replacement: replacement, row: row)
    let node = NodeRequest(graph: state.flow.graph, node: analysis.node)
    let (id, effect) = state.ask(.explainTexts(node, spec, wanted), for: .dialog, isListed: !isSingle)
    request = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for id: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard id == request else { return .stay() }
    switch happening {
    case .partial(.explainedTexts(let one)): found = found?.adding(one) ?? one
    case .done(.explainedTexts(let all)): found = all
    case .failed(let text): error = text
    case .done, .cancelled: error = found == nil ? "the texts were not explained" : nil
    case .started, .progress, .partial: return .stay()
    }
    switch happening {
    case .done, .failed, .cancelled: request = nil
    case .started, .progress, .partial: break
    }
    refresh()
    return .stay()
  }

  /// Asks for the texts again, since they shall be explained otherwise.
  private mutating func ask() -> OverlayOutcome {
    let running = request
    (request, isAsked, found, error) = (nil, false, nil, nil)
    (part, table, isPlaced) = (0, FindingTable([]), false)
    return .stay(running.map { [.cancel($0)] } ?? [])
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else {
      if case .mouse(let mouse) = event, case .scroll(let direction) = mouse.kind {
        moveBySize(to: table.cursor + (direction == .down ? 1 : -1))
      }
      return .stay()
    }
    switch key.code {
    case .escape, .character("q"): return .close(request.map { [.cancel($0)] } ?? [])
    case .right, .character("l"): move(by: 1)
    case .left, .character("h"): move(by: -1)
    case .character("]"), .character("n"): turn(by: 1)
    case .character("["), .character("N"): turn(by: -1)
    case .tab, .backTab:
      guard !isSingle else { return .stay() }
      showsAll.toggle()
      table = FindingTable([])
      refresh()
    case .character("c"):
      output = (output + 1) % outputs
      refresh()
    case .character("t"):
      guard columns.count > 1 else { return .stay() }
      column = (column + 1) % columns.count
      place = 0
      return ask()
    case .character("g"):
      let all = TextGranularity.allCases
      granularity = all[((all.firstIndex(of: granularity) ?? 0) + 1) % all.count]
      return ask()
    case .character("r"): return prompt()
    case .character("e"): return export()
    default:
      var moved = table
      if moved.handle(key) { moveBySize(to: moved.cursor) }
    }
    return .stay()
  }

  /// The parts of the text by what they add, most first.
  private var order: [Int] {
    guard let text else { return [] }
    return text.parts.indices.sorted { left, right in
      (abs(text.parts[right].values[output]), left) < (abs(text.parts[left].values[output]), right)
    }
  }

  private mutating func move(by delta: Int) {
    guard let text, !showsAll, !text.parts.isEmpty else { return }
    part = min(max(0, part + delta), text.parts.count - 1)
    if let line = order.firstIndex(of: part) { table.moveTo(line) }
  }

  private mutating func moveBySize(to line: Int) {
    table.moveTo(line)
    let order = order
    if !showsAll, order.indices.contains(table.cursor) { part = order[table.cursor] }
  }

  private mutating func turn(by delta: Int) {
    guard let found, !found.rows.isEmpty, !showsAll else { return }
    place = min(max(0, place + delta), found.rows.count - 1)
    (part, table, isPlaced) = (0, FindingTable([]), false)
    refresh()
  }

  private func prompt() -> OverlayOutcome {
    .push(
      TextPrompt(
        title: "Replace by", label: "Instead of a \(noun) that is not there (empty: leave it out)", text: replacement,
        allowsNothing: true,
        accept: { text, state in
          guard let at = state.overlays.lastIndex(where: { $0 is TextExplanationOverlay }),
            var sheet = state.overlays[at] as? TextExplanationOverlay, sheet.replacement != text
          else { return [] }
          sheet.replacement = text
          let outcome = sheet.ask()
          state.overlays[at] = sheet
          if case .stay(let effects) = outcome { return effects }
          return []
        }))
  }

  private func export() -> OverlayOutcome {
    guard let found, let chart else { return .stay() }
    return .push(TextPrompt.exportTexts(found, chart))
  }

  /// The text with its signs.
  var chart: Chart? {
    guard text != nil, outputs > output else { return nil }
    let name = isSingle ? columns[column] : "Text \(Number.grouped(place + 1))"
    return found?.chart(place, output: output, title: name)
  }

  private mutating func refresh() {
    guard let found, outputs > output else { return }
    if showsAll {
      table.columns = [
        .init(title: noun, isFlexible: true), .init(title: "occurs", alignment: .right),
        .init(title: "adds in the mean", alignment: .right),
        .init(title: "mean size", alignment: .right, isOptional: true),
      ]
      table.show(
        found.top.map { top in
          .init(cells: [
            top.text, Number.grouped(top.occurrences), withSign(top.values[output]), Number.short(top.sizes[output]),
          ])
        })
      return
    }
    guard let text else { return }
    let hasErrors = text.parts.contains { ($0.standardErrors?[output] ?? 0) > 0 }
    table.columns = [.init(title: noun, isFlexible: true), .init(title: "SHAP", alignment: .right)]
    if hasErrors { table.columns.append(.init(title: "±", alignment: .right, isOptional: true)) }
    table.show(
      order.map { number in
        let part = text.parts[number]
        let error = part.standardErrors.map { Number.short($0[output]) } ?? ""
        return .init(cells: [part.text, withSign(part.values[output])] + (hasErrors ? [error] : []))
      })
    if !isPlaced, let most = order.first { (part, isPlaced) = (most, true) }
    part = min(part, max(0, text.parts.count - 1))
    if let line = order.firstIndex(of: part) { table.moveTo(line) }
  }
}
