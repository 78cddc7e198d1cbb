import Engine
import Flow

/// The insight that is selected, with its result.
private func currentInsight(_ state: WorkbenchState) -> (analysis: Analysis, result: InsightResult)? {
  guard let analysis = currentAnalysis(state), case .insight(let result)? = analysis.result else { return nil }
  return (analysis, result)
}

private func hasBias(_ state: WorkbenchState) -> Bool {
  if case .bias? = currentAnalysis(state)?.result { true } else { false }
}

private func explained(_ state: WorkbenchState) -> ExplainedTable? {
  if case .explanation(let found)? = currentAnalysis(state)?.result { found } else { nil }
}

private let noReport = "the selected analysis is no report, or has not run yet"

private let hasPictures: @Sendable (WorkbenchState) -> Availability = { state in
  guard case .analysis(let id)? = state.chart.shown else {
    return .disabled("the chart is the only one of its analysis")
  }
  let result = state.flow[analysis: id]?.result
  if case .explanation? = result { return .enabled }
  return pictures(of: result).count > 1 ? .enabled : .disabled("the chart is the only one of its analysis")
}

private func turnPage(by delta: Int, _ state: inout WorkbenchState) -> [Effect] {
  state.chart.page += delta
  state.chart.cursor = 0
  state.chart.view = .whole
  return []
}

/// Reports: their pictures, their suggestions, their export.
let insightCommands: [Command] = [
  Command(
    "chart.nextPicture", "Next picture", "Shows the next chart of a report.", keys: ["]"], in: [.pane(.chart)],
    group: .look, priority: 6, hint: "pictures", availability: hasPictures
  ) { turnPage(by: 1, &$0) },
  Command(
    "chart.pictureBefore", "Picture before", "Shows the chart before of a report.", keys: ["["], in: [.pane(.chart)],
    group: .look, priority: 6, hint: "pictures", availability: hasPictures
  ) { turnPage(by: -1, &$0) },
  Command(
    "analyses.suggest", "Add a suggested step…", "Lists the steps that a quality report suggests; Enter adds one.",
    keys: ["s"], in: [.pane(.analyses)], group: .change, menu: .analyze, priority: 8, hint: "suggestions",
    availability: { state in
      guard let found = currentInsight(state) else { return .disabled(noReport) }
      return SuggestionOverlay.hasSteps(found.result) ? .enabled : .disabled("the report suggests no steps")
    }
  ) { state in
    guard let found = currentInsight(state) else { return [] }
    state.overlays.append(SuggestionOverlay(found.result, of: found.analysis))
    return []
  },
  Command(
    "analyses.export", "Export report…", "Writes the report as Markdown or JSON; the ending chooses.", keys: ["e"],
    in: [.pane(.analyses)], group: .file, menu: .file, priority: 4, hint: "export",
    availability: { state in
      currentInsight(state) == nil && !hasBias(state) && explained(state) == nil ? .disabled(noReport) : .enabled
    }
  ) { state in
    if let analysis = currentAnalysis(state), case .bias(let result)? = analysis.result {
      state.overlays.append(TextPrompt.exportBias(result, of: analysis.id, name: analysis.name))
      return []
    }
    if let analysis = currentAnalysis(state), let found = explained(state) {
      state.overlays.append(TextPrompt.exportExplanation(found, of: analysis.id, name: analysis.name))
      return []
    }
    guard let found = currentInsight(state) else { return [] }
    state.overlays.append(TextPrompt.exportReport(found.result, of: found.analysis.id, name: found.analysis.name))
    return []
  },
]
