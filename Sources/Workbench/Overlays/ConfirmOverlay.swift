import Frame
import Grid
import Widgets

/// A question with a few answers, each behind a letter.
struct ConfirmOverlay: Overlay {
  struct Answer: Sendable {
    var key: Character
    var label: String
    var act: @Sendable (inout WorkbenchState) -> [Effect]
  }

  let title: String
  let question: String
  let answers: [Answer]
  private var cursor = 0

  init(title: String, question: String, answers: [Answer]) {
    self.title = title
    self.question = question
    self.answers = answers
  }

  var hints: [(key: String, label: String)] {
    answers.map { (String($0.key), $0.label) } + [("Esc", "stay")]
  }

  /// Quitting while something runs or is not saved.
  static func quit(running: Int, unsaved: Bool) -> ConfirmOverlay {
    var lines: [String] = []
    if running > 0 {
      lines.append("\(running) job\(running == 1 ? " is" : "s are") still running and will be cancelled.")
    }
    if unsaved { lines.append("The flow has changes that are not saved.") }
    var answers: [Answer] = []
    if unsaved {
      answers.append(Answer(key: "s", label: "save first") { run("file.save", &$0) })
    }
    answers.append(
      Answer(key: "q", label: unsaved ? "quit without saving" : "quit") { _ in [.forgetAutosave, .quit] })
    return ConfirmOverlay(title: "Quit", question: lines.joined(separator: "\n"), answers: answers)
  }

  /// Opening something else while the flow is not saved.
  static func leaveUnsaved(opening path: String) -> ConfirmOverlay {
    ConfirmOverlay(
      title: "Open \(fileName(path))", question: "The flow has changes that are not saved.",
      answers: [
        Answer(key: "s", label: "save first") { run("file.save", &$0) },
        Answer(key: "o", label: "open without saving") { openPath(path, &$0) },
      ])
  }

  /// The same for a list.
  static func leaveUnsaved(opening source: Source) -> ConfirmOverlay {
    ConfirmOverlay(
      title: "Open \(source.name)", question: "The flow has changes that are not saved.",
      answers: [
        Answer(key: "s", label: "save first") { run("file.save", &$0) },
        Answer(key: "o", label: "open without saving") { state in
          state.datasets.marks = []
          return begin(source, &state)
        },
      ])
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key):
      switch key.code {
      case .escape: return .close()
      case .left, .up, .backTab: cursor = (cursor + answers.count - 1) % max(1, answers.count)
      case .right, .down, .tab: cursor = (cursor + 1) % max(1, answers.count)
      case .enter: return choose(cursor, &state)
      case .character(let character):
        if let index = answers.firstIndex(where: { $0.key == character }) { return choose(index, &state) }
      default: break
      }
    case .mouse(let mouse):
      if case .press(.left, _) = mouse.kind, case .option(_, let index)? = target(at: mouse.position, state) {
        return choose(index, &state)
      }
    case .paste, .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private func choose(_ index: Int, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard answers.indices.contains(index) else { return .stay() }
    // The answer may open another overlay; this one is off the stack while it acts.
    return .close(answers[index].act(&state))
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let labels = answers.map { "[ \($0.key): \($0.label) ]" }
    let buttons = labels.reduce(0) { $0 + TextWidth.of($1) + 1 }
    let width = min(max(40, buttons, TextWidth.of(title) + 8), max(1, state.size.width - 6))
    let height = TextBlock(question).height(width: width) + 2
    let rect = DialogFrame.rect(for: Size(width: width, height: height), in: Rect(state.size))
    var hits = DialogFrame(title, hints: "Esc: stay").draw(in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    _ = TextBlock(question).draw(in: inner, on: &grid, context)
    var x = inner.x
    for (index, label) in labels.enumerated() {
      let place = Rect(x: x, y: inner.maxY - 1, width: min(TextWidth.of(label), inner.maxX - x), height: 1)
      if place.isEmpty { break }
      let style = index == cursor ? context.selectionStyle : context.textStyle
      grid.draw(label, x: place.x, y: place.y, style: style, width: place.width)
      hits.add(place, .option("answer", index))
      x = place.maxX + 1
    }
    return hits
  }
}
