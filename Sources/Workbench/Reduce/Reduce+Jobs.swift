import Engine
import Flow
import Foundation
import Frame

/// What a job says, carried to the part of the state that asked for it.
func receive(_ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState) -> [Effect] {
  note(happening, for: request, &state)
  var effects = bell(happening, for: request, state)
  guard let purpose = state.requests[request] else { return effects }
  switch purpose {
  case .dialog: effects += forward(happening, for: request, &state)
  case .open(let view): effects += receiveOpened(happening, view, &state)
  case .page(let view, let page): receivePage(happening, view, page, request, &state)
  case .tail(let view): receiveTail(happening, view, &state)
  case .header(let view): receiveHeader(happening, view, &state)
  case .find(let view): receiveFound(happening, view, request, &state)
  case .locate(let view): receivePosition(happening, view, request, &state)
  case .markRange(let table): effects += receiveMarked(happening, table, &state)
  case .markCount: receiveMarkCount(happening, request, &state)
  case .losses(let change): receiveLosses(happening, change, &state)
  case .analysis(let id): effects += receiveAnalysis(happening, id, &state)
  case .look: effects += receiveLook(happening, request, &state)
  case .detail: receiveDetail(happening, request, &state)
  case .brush(let table, let removes): effects += receiveBrushed(happening, table, removes: removes, &state)
  case .inspection: receiveInspection(happening, request, &state)
  case .fit(let step): effects += receiveFit(happening, step, &state)
  case .report: report(happening, &state)
  case .serving: receiveServing(happening, &state)
  case .pastRun(let id): receivePastRun(happening, id, &state)
  case .steering:
    switch happening {
    case .done(.steered(false)), .done(.lab(.paused(false))):
      state.say("No training is under way in that folder.", .warning)
    case .started, .progress, .partial, .done, .failed, .cancelled: break
    }
  case .wordTraining(let folder): receiveWordTraining(happening, folder, request, &state)
  case .cloud(let task): effects += receiveCloud(happening, task, request, &state)
  case .bring(let task): effects += receiveBrought(happening, task, &state)
  case .athena(let task): effects += receiveAthena(happening, task, request, &state)
  case .copy(let what): effects = receiveCopy(happening, what, &state)
  }
  switch happening {
  case .done, .failed, .cancelled: state.requests[request] = nil
  case .started, .progress, .partial: break
  }
  return effects
}

/// Work that took long enough for a person to look elsewhere ends with the bell, where the settings ask for it.
private func bell(_ happening: JobHappening, for request: RequestID, _ state: WorkbenchState) -> [Effect] {
  guard state.preferences.settings.ringsBell else { return [] }
  switch happening {
  case .done, .failed:
    guard let row = state.jobs.rows.first(where: { $0.id == request }), row.elapsed(at: state.clock) >= 10 else {
      return []
    }
    return [.bell]
  case .started, .progress, .partial, .cancelled: return []
  }
}

/// Keeps the jobs pane true.
private func note(_ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState) {
  let now = state.clock
  state.jobs.change(request) { row in
    switch happening {
    case .started:
      row.state = .running
      row.startedAt = now
    case .progress(let progress):
      row.fraction = progress.fraction ?? row.fraction
      row.note = progress.note
    case .partial: break
    case .done:
      row.state = .done
      row.fraction = 1
      row.endedAt = now
    case .failed(let text):
      row.state = .failed
      row.error = text
      row.endedAt = now
    case .cancelled:
      row.state = .cancelled
      row.endedAt = now
    }
  }
}

private func forward(_ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState) -> [Effect] {
  let overlays = state.overlays
  var effects: [Effect] = []
  state.overlays = []
  for var overlay in overlays {
    let outcome = overlay.receive(happening, for: request, &state)
    effects += settle(overlay, outcome, &state)
  }
  return effects
}

private func receiveOpened(_ happening: JobHappening, _ view: Int, _ state: inout WorkbenchState) -> [Effect] {
  switch happening {
  case .partial(.opened(let node)), .done(.opened(let node)):
    state.table.change(view) { table in
      table.before = []
      let grew = table.opened?.count != node.count
      table.opened = node
      table.error = nil
      if grew, let rows = table.exactRows {
        // Who asked for the end while the rows were being counted stays there.
        let isAtEnd = table.tail != nil || table.tailRequest != nil
        table.moveRow(to: isAtEnd ? rows - 1 : table.row)
      }
      table.moveColumn(to: table.column)
      // A page that was cut short by the end of what could be read then is asked for again.
      let whole = table.reachableRows
      for (number, page) in table.pages where page.rowCount < TableView.pageSize {
        if number * TableView.pageSize + page.rowCount < whole { table.pages[number] = nil }
      }
    }
    if case .done = happening {
      state.table.change(view) { $0.opening = nil }
      if !node.notes.isEmpty { state.say(node.notes.joined(separator: " · "), .warning) }
      return locateAnchor(view, &state)
    }
  case .failed(let text):
    if leaveFailedLook(view, &state) {
      state.say(text, .error)
      return []
    }
    state.table.change(view) { table in
      table.error = text
      table.opening = nil
    }
    state.say(text, .error)
  case .cancelled:
    if leaveFailedLook(view, &state) { return [] }
    state.table.change(view) { $0.opening = nil }
    state.say(
      "Reading was cancelled: what is shown may not be all. \(state.keyLabel("file.reload")) reads again.", .warning)
  case .started, .progress, .partial, .done: break
  }
  return []
}

private func receivePage(
  _ happening: JobHappening, _ view: Int, _ page: Int, _ request: RequestID, _ state: inout WorkbenchState
) {
  switch happening {
  case .done(.rows(let rows)):
    let drawing = state
    state.table.change(view) { table in
      guard table.awaited[page] == request else { return }
      table.awaited[page] = nil
      table.pages[page] = rows.rows
      table.ids[page] = rows.ids
      table.prunePages()
      if table.widths.isEmpty { table.measureColumns(drawing) }
    }
  case .failed(let text):
    state.table.change(view) { table in
      table.awaited[page] = nil
      // Rows that a cluster could not give leave those that are shown: back to the first ones.
      if page > 0, table.pages[0] != nil, table.request.isOfCluster {
        table.moveRow(to: 0)
      } else {
        table.error = text
      }
    }
    state.say(text, .error)
  case .cancelled: state.table.change(view) { $0.awaited[page] = nil }
  case .started, .progress, .partial, .done: break
  }
}

extension NodeRequest {
  /// True for rows that a cluster has, or had before they were brought here.
  var isOfCluster: Bool {
    ((try? graph.path(to: node)) ?? []).contains { id in
      if case .source(let source)? = graph[id]?.operation { TableAddress.isMeant(by: source.location) } else { false }
    }
  }
}

private func receiveTail(_ happening: JobHappening, _ view: Int, _ state: inout WorkbenchState) {
  switch happening {
  case .done(.rows(let page)):
    state.table.change(view) { table in
      guard table.tailRequest != nil else { return }
      table.tailRequest = nil
      table.tail = page.rows
    }
  case .failed, .cancelled, .done: state.table.change(view) { $0.tailRequest = nil }
  case .started, .progress, .partial: break
  }
}

private func receiveHeader(_ happening: JobHappening, _ view: Int, _ state: inout WorkbenchState) {
  guard case .done(.header(let header)) = happening else { return }
  let drawing = state
  state.table.change(view) { table in
    table.header = header
    table.hasHeader = true
    table.headerRequest = nil
    table.measureColumns(drawing)
  }
}

private func receiveAnalysis(_ happening: JobHappening, _ id: Int, _ state: inout WorkbenchState) -> [Effect] {
  guard var analysis = state.flow[analysis: id] else { return [] }
  if case .automl(let study) = analysis.spec, study.isPlanOnly != true {
    let (effects, isHandled) = receiveTraining(happening, analysis, study, &state)
    if isHandled { return effects }
  }
  if case .started = happening { state.analyses.failures[id] = nil }
  switch happening {
  case .done(.analysis(let result, let provenance)):
    analysis.result = result
    analysis.provenance = provenance
    // A result is not an edit: it is kept with the flow, and undo does not take it away again.
    state.flow[analysis: id] = analysis
    if state.chart.shown == .analysis(id) { state.chart.detail = nil }
    let seconds = String(format: "%.1f", provenance.seconds)
    state.say("\(analysis.name) finished in \(seconds) s", .success)
    return [.autosave(state.flow, path: state.flowPath)]
  case .failed(let text):
    state.analyses.failures[id] = text
    state.say("\(analysis.name): \(text)", .error)
  case .cancelled:
    state.say("\(analysis.name) was cancelled. r in the Analyses pane runs it again.", .info)
  case .started, .progress, .partial, .done: break
  }
  return []
}

private func receiveLook(
  _ happening: JobHappening, _ request: RequestID, _ state: inout WorkbenchState
) -> [Effect] {
  if state.chart.awaited == request {
    if let error = state.chart.receive(happening) { state.say(error, .error) }
    if case .done = happening { return refineBins(&state) }
  } else if let index = state.keptCharts.firstIndex(where: { $0.awaited == request }) {
    if let error = state.keptCharts[index].receive(happening) { state.say(error, .error) }
  }
  return []
}

extension ChartState {
  /// Takes what the job of a look says; returns why it failed.
  fileprivate mutating func receive(_ happening: JobHappening) -> String? {
    switch happening {
    case .done(.analysis(let result, _)):
      self.result = result
      detail = nil
      awaited = nil
    case .failed(let text):
      awaited = nil
      return text
    case .cancelled: awaited = nil
    case .started, .progress, .partial, .done: break
    }
    return nil
  }
}

private func receiveFit(_ happening: JobHappening, _ step: StepID, _ state: inout WorkbenchState) -> [Effect] {
  switch happening {
  case .done(.fitted(let fitted, let fitting)):
    try? state.flow.graph.setFitted(step, fitted.isEmpty ? nil : fitted)
    try? state.flow.graph.setFitting(step, fitted.isEmpty ? nil : fitting)
    return [.autosave(state.flow, path: state.flowPath)] + openSelected(&state)
  case .done(.learned(let learned, let fitting)):
    try? state.flow.graph.setLearned(step, learned)
    try? state.flow.graph.setFitting(step, fitting)
    return [.autosave(state.flow, path: state.flowPath)] + openSelected(&state)
  case .failed(let text):
    state.say(text, .error)
  case .started, .progress, .partial, .done, .cancelled: break
  }
  return []
}

private func report(_ happening: JobHappening, _ state: inout WorkbenchState) {
  switch happening {
  case .done(.written(let path, let rows, _)): state.say("Wrote \(rows.formatted()) rows to \(path)", .success)
  case .done(.exported(let path)):
    let isFlow = [".assay", ".sql"].contains(where: path.lowercased().hasSuffix)
    let isReport = path.lowercased().hasSuffix(".md")
    state.say("Wrote the \(isFlow ? "flow" : isReport ? "report" : "chart") to \(path)", .success)
  case .done(.explained(let found)):
    state.say("Wrote the values of \(counted(found.explanation.rows, "row"))", .success)
  case .failed(let text): state.say(text, .error)
  case .started, .progress, .partial, .done, .cancelled: break
  }
}
