import Engine
import Grid
import Widgets

/// Something that is computed for those who look at it: asked once, with how far it is, and why it failed.
struct PageWork: Sendable {
  private(set) var request: RequestID?
  private(set) var error: String?
  private var fraction: Double?
  private var note = ""

  var isRunning: Bool { request != nil && error == nil }

  /// Asks once.
  mutating func ask(_ spec: JobSpec, _ state: inout WorkbenchState) -> [Effect] {
    guard request == nil else { return [] }
    let (id, effect) = state.ask(spec, for: .dialog)
    request = id
    return [effect]
  }

  /// Notes what the job says; true where it is this one's.
  mutating func note(_ happening: JobHappening, for id: RequestID) -> Bool {
    guard id == request else { return false }
    switch happening {
    case .progress(let progress): (fraction, note) = (progress.fraction ?? fraction, progress.note)
    case .failed(let text): error = text
    case .cancelled: error = "Cancelled: leave the page and come back to begin again."
    case .started, .partial, .done: break
    }
    return true
  }

  /// How far it is, or why it failed.
  func draw(_ words: String, in rect: Rect, on grid: inout CellGrid, _ state: WorkbenchState) {
    guard !rect.isEmpty else { return }
    let context = state.drawing
    if let error {
      TextBlock("! " + error, style: Level.error.style(context)).draw(in: rect, on: &grid, context)
      return
    }
    TextBlock(words, style: context.mutedStyle).draw(in: rect, on: &grid, context)
    let line = TextBlock(words).height(width: max(1, rect.width)) + 1
    guard rect.height > line else { return }
    let bar = Rect(x: rect.x, y: rect.y + line, width: min(36, rect.width), height: 1)
    ProgressBar(fraction, tick: Int(state.clock * 10)).draw(in: bar, on: &grid, context)
    guard rect.width > bar.width + 8 else { return }
    let share = fraction.map { Number.percent($0) + " " } ?? ""
    grid.draw(
      share + note, x: bar.maxX + 1, y: bar.y, style: context.mutedStyle, width: max(0, rect.maxX - bar.maxX - 1))
  }
}
