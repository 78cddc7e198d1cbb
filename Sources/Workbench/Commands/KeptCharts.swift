import Engine
import Flow
import Grid

/// Several charts on screen: keeping one beside the next, bringing another to the front.
let keptChartCommands: [Command] = [
  Command(
    "chart.keepBeside", "Keep this chart beside",
    "The next chart stands beside this one instead of taking its place; the same key lets go of it.", keys: ["K"],
    in: [.pane(.chart)], group: .look, menu: .view, priority: 2, hint: "keep beside",
    availability: { $0.chart.shown == nil ? .disabled("there is no chart yet: . on a column draws one") : .enabled }
  ) { state in
    state.chart.isKept.toggle()
    state.say(
      state.chart.isKept ? "The next chart stands beside this one." : "The next chart takes the place of this one.")
    return []
  },
  Command(
    "chart.nextKept", "Next chart", "Brings the next of the charts that are kept beside each other to the front.",
    keys: ["n"], in: [.pane(.chart)], group: .look, menu: .view, priority: 2, hint: "next chart",
    availability: {
      $0.keptCharts.isEmpty ? .disabled("there is one chart only: K keeps it beside the next") : .enabled
    }
  ) { state in
    // In turn: the one in front goes to the end.
    var front = state.chart
    front.isKept = true
    state.chart = state.keptCharts.removeFirst()
    state.keptCharts.append(front)
    return []
  },
  Command(
    "chart.close", "Close this chart", "Takes the chart off the screen; an analysis of the flow stays in the flow.",
    keys: ["delete"], in: [.pane(.chart)], group: .look, menu: .view,
    availability: { $0.chart.shown == nil ? .disabled("there is no chart") : .enabled }
  ) { state in
    let effects: [Effect] = state.chart.awaited.map { [.cancel($0)] } ?? []
    state.chart = state.keptCharts.isEmpty ? ChartState() : state.keptCharts.removeFirst()
    return effects
  },
]

/// Makes the front free for another chart: one that is kept goes beside it, and the one that `isSame` knows, if it is
/// beside, comes to the front.
func makeRoom(_ state: inout WorkbenchState, unless isSame: (ChartState) -> Bool) {
  guard !isSame(state.chart) else { return }
  if let index = state.keptCharts.firstIndex(where: isSame) { return bringToFront(index, &state) }
  guard state.chart.isKept else { return }
  state.keptCharts.insert(state.chart, at: 0)
  if state.keptCharts.count >= Layout.mostCharts { state.keptCharts.removeLast() }
  state.chart = ChartState()
}

/// Exchanges the chart in front with one beside it.
func bringToFront(_ index: Int, _ state: inout WorkbenchState) {
  guard state.keptCharts.indices.contains(index) else { return }
  let front = state.chart
  state.chart = state.keptCharts[index]
  state.keptCharts[index] = front
  state.keptCharts[index].isKept = true
}

/// Takes charts off the screen whose reason is gone.
func dropCharts(_ state: inout WorkbenchState, where isGone: (ChartState) -> Bool) {
  state.keptCharts.removeAll(where: isGone)
  guard isGone(state.chart) else { return }
  state.chart = state.keptCharts.isEmpty ? ChartState() : state.keptCharts.removeFirst()
}
