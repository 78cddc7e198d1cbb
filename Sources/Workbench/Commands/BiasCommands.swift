import Engine
import Fairness
import Flow

private let noStudy = "the analysis in front is no bias report, or has not run yet"

private let hasReport: @Sendable (WorkbenchState) -> Availability = { state in
  reportStudy(state) == nil ? .disabled(noStudy) : .enabled
}

private let hasStudy: @Sendable (WorkbenchState) -> Availability = { state in
  currentStudy(state)?.analysis.result == nil ? .disabled(noStudy) : .enabled
}

private let panes: Set<Context> = [.biasReport, .pane(.analyses)]

/// A study of the same groups, added to the step of the report in front.
private func add(_ kind: BiasStudy.Kind, of pair: FacetReport? = nil, _ state: inout WorkbenchState) -> [Effect] {
  guard let (analysis, study) = currentStudy(state) else { return [] }
  var other = study
  other.kind = kind
  if let pair { (other.facet, other.value) = (pair.facet, pair.value) }
  return addAnalysis(.bias(other), name: nil, on: analysis.node, &state)
}

/// Bias reports: their panel, the studies that follow from them, the steps that mend, the export.
let biasCommands: [Command] = [
  Command(
    "bias.panel", "Bias panel", "Shows all metrics of the group under the cursor, with what they mean.", keys: ["p"],
    in: panes, group: .look, menu: .analyze, priority: 9, hint: "panel", availability: hasStudy
  ) { openStudy(&$0) ?? [] },
  Command(
    "bias.mend", "Mend the gap…", "Adds a step that weighs or resamples rows until groups have the same outcomes.",
    keys: ["m"], in: panes, group: .change, menu: .analyze, priority: 8, hint: "mend",
    availability: { state in
      guard let found = currentBias(state) else { return .disabled(noStudy) }
      if found.view.part != nil { return .disabled("a step mends all rows: [ goes back to their chart") }
      return BiasMending.all(found.view.report.spec, facet: found.view.pairs[found.pair].facet).isEmpty
        ? .disabled("no step can say these groups: choose one facet with values or one threshold") : .enabled
    }
  ) { state in
    guard let found = currentBias(state) else { return [] }
    state.overlays.append(BiasMendOverlay(found.view, pair: found.pair))
    return []
  },
  Command(
    "bias.simpson", "Find Simpson's paradox", "Looks for columns that explain the gaps away, or turn them.",
    keys: ["S"],
    in: panes, group: .analyse, menu: .analyze, priority: 7, hint: "Simpson", availability: hasReport
  ) { add(.simpson, &$0) },
  Command(
    "bias.thresholds", "Thresholds by group", "Trades the gap of the group under the cursor against accuracy.",
    keys: ["t"], in: panes, group: .analyse, menu: .analyze, priority: 7, hint: "thresholds",
    availability: { state in
      guard let study = reportStudy(state) else { return .disabled(noStudy) }
      guard study.kind == .report else {
        return .disabled("thresholds are for the groups of one facet: choose the report of single facets")
      }
      if study.model != nil { return .enabled }
      if case .score? = study.spec.prediction { return .enabled }
      return .disabled("thresholds need scores: make the report with a model, or a column of scores")
    }
  ) { state in
    guard let found = currentBias(state) else { return [] }
    return add(.thresholds, of: found.view.pairs[found.pair], &state)
  },
  Command(
    "bias.combine", "Combine groups", "Looks at groups of two facets at once, the worst gap first.", keys: ["I"],
    in: panes, group: .analyse, menu: .analyze, priority: 6, hint: "combine",
    availability: { state in
      guard let study = reportStudy(state) else { return .disabled(noStudy) }
      guard study.kind == .report else { return .disabled("these groups are combined already") }
      return BiasStudy.pairs(of: study.spec.facets).isEmpty
        ? .disabled("the report has one facet: two are combined") : .enabled
    }
  ) { add(.intersections, &$0) },
  Command(
    "bias.text", "Report as text", "Shows the whole report in words and tables.", keys: ["T"], in: panes, group: .look,
    menu: .analyze, priority: 4, hint: "text", availability: hasStudy
  ) { state in
    guard let (analysis, _) = currentStudy(state) else { return [] }
    state.overlays.append(TextOverlay(title: analysis.name, text: reportText(of: analysis, state), wraps: false))
    return []
  },
]
