import Engine
import Grid
import Plot
import Widgets

/// The picture of a chart that is being built: asked for anew when the chart changes, with the picture from before in
/// its place until the new one is there.
struct ChartPreview: Sendable {
  private(set) var chart: Chart?
  /// What was asked for last; nil where nothing can be drawn.
  private(set) var asked: ChartSpec?
  /// Why there is no picture.
  private(set) var error: String?
  private var known: (result: AnalysisResult, provenance: Analysis.Provenance)?
  private var request: RequestID?

  var isCounting: Bool { request != nil }

  /// Begins with a picture that is there already.
  init(_ spec: ChartSpec? = nil, _ chart: Chart? = nil) {
    guard let spec, let chart else { return }
    (asked, self.chart) = (spec, chart)
  }

  /// What was computed for the chart; nil where that is not there, or was computed for another.
  func result(for spec: ChartSpec) -> (result: AnalysisResult, provenance: Analysis.Provenance)? {
    asked == spec && request == nil ? known : nil
  }

  /// Asks for a chart; what was asked for before is cancelled.
  mutating func show(_ spec: ChartSpec?, of rows: NodeRequest, _ state: inout WorkbenchState) -> [Effect] {
    guard spec != asked else { return [] }
    var effects = cancel(&state)
    asked = spec
    known = nil
    error = nil
    guard let spec else { return effects }
    let (id, effect) = state.ask(.analyze(rows, .chart(spec)), for: .dialog, isListed: false)
    request = id
    effects.append(effect)
    return effects
  }

  /// Gives up what is being computed.
  mutating func cancel(_ state: inout WorkbenchState) -> [Effect] {
    defer { request = nil }
    return request.map { [.cancel($0)] } ?? []
  }

  mutating func receive(_ happening: JobHappening, for id: RequestID) {
    guard id == request else { return }
    switch happening {
    case .done(.analysis(let result, let provenance)):
      request = nil
      known = (result, provenance)
      if case .chart(let chart) = result { self.chart = chart }
    case .failed(let text):
      request = nil
      error = text
    case .cancelled, .done:
      request = nil
      error = "The count was cancelled. Any change of a field counts again."
    case .started, .progress, .partial: break
    }
  }

  /// - Parameter fault: what is wrong with the form, which then stands in the picture's place.
  func draw(fault: String?, _ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect) {
    if rect.isEmpty { return }
    let context = state.drawing
    if let problem = fault ?? error {
      let lines = [fault == nil ? "This cannot be drawn." : "Nothing to draw yet.", "", problem]
      return drawHint(lines, state, into: &grid, in: rect)
    }
    guard let chart else { return drawHint(["Counting…"], state, into: &grid, in: rect) }
    let drawn = ChartMemory.shared.render(chart, size: rect.size, context: context, view: .whole)
    grid.blit(drawn.grid, at: rect.origin)
    guard isCounting else { return }
    let label = " Counting… "
    let width = min(rect.width, TextWidth.of(label))
    grid.draw(label, x: rect.maxX - width, y: rect.y, style: context.titleStyle.reversed(), width: width)
  }
}
