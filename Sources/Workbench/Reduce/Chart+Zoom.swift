import Engine
import Frame
import Grid
import Plot

/// A direction of a chart.
enum ChartDirection { case x, y }

/// What a person can do with the box that was dragged.
func sayBox(_ state: inout WorkbenchState) {
  let keys = [("chart.zoomIn", "zooms in"), ("chart.brush", "marks its rows"), ("chart.leave", "leaves it")]
  let words = keys.compactMap { id, what -> String? in
    let key = state.keyLabel(CommandID(id))
    return key.isEmpty || state.registry[CommandID(id)]?.availability(state).isEnabled != true ? nil : "\(key) \(what)"
  }
  state.say(words.joined(separator: ", ") + ".")
}

// MARK: Windows

/// Into the box that was dragged, or else closer to the mark under the cursor.
func zoomIn(_ state: inout WorkbenchState) -> [Effect] {
  guard let box = state.chart.box else { return zoom(by: 0.5, &state) }
  let axes = drawnChart(state).axes
  var view = state.chart.view
  if let x = axes?.x, !x.isList, let window = x.window(from: box.first.x, through: box.last.x) { view.x = window }
  if let y = axes?.y, !y.isList, let window = y.window(from: box.first.y, through: box.last.y) { view.y = window }
  if view == state.chart.view {
    state.say("The box lies beside the axes: Esc leaves it.")
    return []
  }
  state.chart.box = nil
  state.message = nil
  return look(through: view, &state)
}

func zoom(by factor: Double, _ state: inout WorkbenchState) -> [Effect] {
  guard let axes = drawnChart(state).axes else { return [] }
  state.chart.box = nil
  let center = cursorPlace(state)
  var view = state.chart.view
  func zoomed(_ axis: ChartAxis, _ center: Double?) -> ClosedRange<Double>? {
    wholeAxis(axis, state).zoomed(by: factor, around: center)
  }
  if let x = axes.x, !x.isList { view.x = zoomed(x, center?.x) }
  // Along a line one looks at a stretch of it; how high it goes there is of interest as it is.
  if let y = axes.y, !y.isList, !isLine(state) || view.y != nil { view.y = zoomed(y, center?.y) }
  if factor < 1, view == state.chart.view {
    state.say("This is as close as it gets.")
    return []
  }
  return look(through: view, &state)
}

private func isLine(_ state: WorkbenchState) -> Bool {
  if case .content(let content)? = shownChart(state) { content is LineChart } else { false }
}

func showWhole(_ state: inout WorkbenchState) -> [Effect] {
  state.chart.box = nil
  return look(through: .whole, &state)
}

/// Moves the window by a share of its width; along lists by half of what is in sight.
func pan(_ direction: ChartDirection, by share: Double, _ state: inout WorkbenchState) -> [Effect] {
  guard let axes = drawnChart(state).axes, let axis = direction == .x ? axes.x : axes.y else { return [] }
  let step = axis.isList ? share * 2 : share
  let window = wholeAxis(axis, state).moved(by: direction == .x || axis.growsDown ? step : -step)
  var view = state.chart.view
  switch direction {
  case .x: view.x = window
  case .y: view.y = window
  }
  // The first of a list is its beginning as it was.
  if axis.isList, let window, window.lowerBound <= 0 { view.y = nil }
  state.chart.box = nil
  return look(through: view, &state)
}

/// Finer bins cover a part of an axis; one looks around on all of it.
private func wholeAxis(_ axis: ChartAxis, _ state: WorkbenchState) -> ChartAxis {
  guard state.chart.detail?.chart != nil, let chart = wholeChart(state.chart, state) else { return axis }
  let size = Size(width: 80, height: 24)
  let whole = ChartMemory.shared.render(chart, size: size, context: state.drawing, view: .whole).axes
  var axis = axis
  for other in [whole?.x, whole?.y].compactMap({ $0 }) where other.name == axis.name { axis.whole = other.whole }
  return axis
}

// MARK: The cursor

/// The values under the cursor's mark.
private func cursorPlace(_ state: WorkbenchState) -> (x: Double?, y: Double?)? {
  let drawn = drawnChart(state)
  guard drawn.marks.indices.contains(state.chart.cursor) else { return nil }
  let rect = drawn.marks[state.chart.cursor].rect
  if rect.isEmpty { return nil }
  return (
    drawn.axes?.x?.middle(from: rect.x, through: rect.maxX - 1),
    drawn.axes?.y?.middle(from: rect.y, through: rect.maxY - 1)
  )
}

/// Shows a part of the axes; the cursor stays at its values, as far as they are in sight.
private func look(through view: ChartView, _ state: inout WorkbenchState) -> [Effect] {
  let place = cursorPlace(state)
  state.chart.view = view
  let effects = refineBins(&state)
  moveCursor(to: place, &state)
  return effects
}

/// Puts the cursor on the mark nearest to some values.
private func moveCursor(to place: (x: Double?, y: Double?)?, _ state: inout WorkbenchState) {
  let drawn = drawnChart(state)
  guard let place, !drawn.marks.isEmpty else {
    state.chart.cursor = min(max(0, state.chart.cursor), max(0, drawn.marks.count - 1))
    return
  }
  let x = place.x.flatMap { drawn.axes?.x?.position($0) } ?? .nan
  let y = place.y.flatMap { drawn.axes?.y?.position($0) } ?? .nan
  func distance(_ rect: Rect) -> Double {
    // A row is about twice as high as a column is wide.
    let across = x.isFinite ? abs(Double(rect.x) + Double(rect.width) / 2 - x) : 0
    let down = y.isFinite ? abs(Double(rect.y) + Double(rect.height) / 2 - y) * 2 : 0
    return rect.isEmpty ? .infinity : across + down
  }
  let distances = drawn.marks.map { distance($0.rect) }
  state.chart.cursor = distances.indices.min { distances[$0] < distances[$1] } ?? 0
}

// MARK: Finer bins

/// Counts a binned chart again where so few bins are in sight that they say little.
func refineBins(_ state: inout WorkbenchState) -> [Effect] {
  let view = state.chart.view
  var effects: [Effect] = []
  if let detail = state.chart.detail, !view.isZoomed || !detail.covers(view) {
    effects += detail.awaited.map { [.cancel($0)] } ?? []
    state.chart.detail = nil
  }
  guard view.isZoomed, state.chart.detail?.awaited == nil, let chart = shownChart(state),
    let (window, selection) = coarsePart(of: chart, view), state.chart.detail?.window != window,
    case .chart(var spec)? = shownSpec(state), var request = shownRows(state), !isOutdated(state)
  else { return effects }
  spec.bins = nil
  request.look.sort = []
  request.look.filters.append(.mark(selection))
  let (id, effect) = state.ask(.analyze(request, .chart(spec)), for: .detail)
  // What is there already stays on screen until finer bins have come.
  state.chart.detail = ChartDetail(window: window, awaited: id, chart: state.chart.detail?.chart)
  return effects + [effect]
}

/// The part of a binned chart that is in sight and its rows, where it has too few bins and could have more.
private func coarsePart(of chart: Chart, _ view: ChartView) -> (ChartView, ChartSelection)? {
  switch chart {
  case .histogram(let histogram):
    guard let window = view.x else { return nil }
    let bins = histogram.bins.filter { $0.lower < window.upperBound && $0.upper > window.lowerBound }
    guard let first = bins.first, let last = bins.last, bins.count < 12, first.upper > first.lower else { return nil }
    if histogram.isInteger, bins.allSatisfy({ $0.upper - $0.lower <= 1 }) { return nil }
    let isEnd = last == histogram.bins.last
    return (
      ChartView(x: first.lower...last.upper),
      .range(
        column: histogram.column, lower: first.lower, upper: last.upper, includesUpper: isEnd, kind: histogram.kind)
    )
  case .content(let content):
    guard let density = content as? DensityHeatmap else { return nil }
    return density.coarsePart(view)
  case .bars, .scatter, .heatmap, .importance: return nil
  }
}

extension DensityHeatmap {
  fileprivate func coarsePart(_ view: ChartView) -> (ChartView, ChartSelection)? {
    func part(_ window: ClosedRange<Double>?, _ range: ClosedRange<Double>, _ bins: Int, _ kind: AxisKind)
      -> (shown: ClosedRange<Double>, count: Double, isFinest: Bool)?
    {
      let width = (range.upperBound - range.lowerBound) / Double(max(1, bins))
      guard width > 0, width.isFinite else { return nil }
      let shown = window.map { $0.clamped(to: range) } ?? range
      return (shown, (shown.upperBound - shown.lowerBound) / width, kind == .integer && width <= 1)
    }
    guard let x = part(view.x, xRange, counts.map(\.count).max() ?? 0, xKind),
      let y = part(view.y, yRange, counts.count, yKind)
    else { return nil }
    guard (x.count < 48 && !x.isFinest) || (y.count < 24 && !y.isFinest) else { return nil }
    func interval(_ column: String, _ shown: ClosedRange<Double>, _ kind: AxisKind) -> ChartSelection.Interval {
      .init(column: column, lower: shown.lowerBound, upper: shown.upperBound, includesUpper: true, kind: kind)
    }
    return (
      ChartView(x: view.x == nil ? nil : x.shown, y: view.y == nil ? nil : y.shown),
      .box(x: interval(self.x, x.shown, xKind), y: interval(self.y, y.shown, yKind))
    )
  }
}

func receiveDetail(_ happening: JobHappening, _ request: RequestID, _ state: inout WorkbenchState) {
  let isFront = state.chart.detail?.awaited == request
  let index = state.keptCharts.firstIndex { $0.detail?.awaited == request }
  guard isFront || index != nil else { return }
  var chart = isFront ? state.chart : index.map { state.keptCharts[$0] } ?? state.chart
  let place = isFront ? cursorPlace(state) : nil
  switch happening {
  case .started, .progress, .partial: return
  case .done(.analysis(.chart(let finer), _)):
    if let merged = wholeChart(chart, state).flatMap({ finer.counted(as: $0) }) { chart.detail?.chart = merged }
  // The wider bins are true as well.
  case .failed, .cancelled, .done: break
  }
  chart.detail?.awaited = nil
  if let index, !isFront {
    state.keptCharts[index] = chart
    return
  }
  state.chart = chart
  moveCursor(to: place, &state)
}

extension Chart {
  /// The finer bins of a part with the row counts of the whole chart; nil where they say no more.
  fileprivate func counted(as whole: Chart) -> Chart? {
    switch (self, whole) {
    case (.histogram(var finer), .histogram(let whole)):
      let inside = whole.bins.filter { bin in
        finer.bins.contains { $0.lower < bin.upper && $0.upper > bin.lower }
      }
      guard finer.bins.count > inside.count else { return nil }
      (finer.title, finer.total, finer.missing) = (whole.title, whole.total, whole.missing)
      (finer.sampled, finer.summary) = (whole.sampled, whole.summary)
      if whole.density == nil { finer.density = nil }
      return .histogram(finer)
    case (.content(let content), .content(let other)):
      guard var finer = content as? DensityHeatmap, let whole = other as? DensityHeatmap, !finer.counts.isEmpty else {
        return nil
      }
      (finer.total, finer.missing, finer.sampled) = (whole.total, whole.missing, whole.sampled)
      return .content(finer)
    default: return nil
    }
  }
}
