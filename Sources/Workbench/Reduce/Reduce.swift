import Engine
import Grid
import Widgets

/// The workbench's only way from one state to the next: pure, total, and quick. Everything outside is an `Effect`.
public func reduce(_ state: inout WorkbenchState, _ action: Action) -> [Effect] {
  let before = state.flow
  let pane = state.chart.box == nil ? .zero : paneInterior(.chart, state, state.layout)
  var effects: [Effect]
  switch action {
  case .input(let event): effects = handle(event, &state)
  case .command(let id): effects = run(id, &state)
  case .job(let request, let happening): effects = receive(happening, for: request, &state)
  case .listed(let listing): effects = receive(listing, &state)
  case .flowOpened(let flow, let path): effects = show(flow, path: path, &state)
  case .flowSaved(let path):
    state.flowPath = FilePaths.absolute(path, in: state.workingFolder)
    state.savedFlow = state.flow
    state.record(.save(path: state.flowPath ?? path))
    state.say("Saved \(path)", .success)
    effects = [.forgetAutosave, .remember(path: path)]
  case .scriptOpened(let flow, let path): effects = showScript(flow, path: path, &state)
  case .sessionSaved(let path):
    state.say("Saved the session to \(path): assay run does it again", .success)
    effects = []
  case .preferencesRead(let preferences): effects = adopt(preferences, &state)
  case .chartBox(let from, let to): effects = box(from: from, to: to, &state)
  case .copied(let report, let what):
    state.say(
      report.isCopied ? "Copied \(what) \(report.text)" : "Not copied: \(report.text)",
      report.isCopied ? .success : .warning)
    effects = []
  case .failed(let text):
    state.say(text, .error)
    effects = []
  case .ticked(let clock):
    state.clock = clock
    if let expires = state.message?.expires, expires <= clock { state.message = nil }
    effects = []
  }
  if state.flow != before { updateFingerprints(&state) }
  // A box is in cells of the chart as it was laid out.
  if !pane.isEmpty, paneInterior(.chart, state, state.layout).size != pane.size { state.chart.box = nil }
  return effects + fetchForOverlay(&state) + fetchVisibleRows(&state) + fetchInspection(&state) + fetchPastRun(&state)
    + fetchCloud(&state) + logEffects(&state)
}

/// Hands over what is to be added to the record of the session.
func logEffects(_ state: inout WorkbenchState) -> [Effect] {
  state.recordChanges()
  guard !state.unwritten.isEmpty else { return [] }
  defer { state.unwritten = [] }
  return [.log(state.unwritten)]
}

/// Lets the overlay on top ask for what it shows.
private func fetchForOverlay(_ state: inout WorkbenchState) -> [Effect] {
  guard var top = state.overlays.popLast() else { return [] }
  let effects = top.fetch(&state)
  state.overlays.append(top)
  return effects
}

/// Runs a command, or says why it cannot be run.
func run(_ id: CommandID, _ state: inout WorkbenchState) -> [Effect] {
  guard let command = state.registry[id] else { return [] }
  if case .disabled(let reason) = command.availability(state) {
    state.say("\(command.title): \(reason)", .warning)
    return []
  }
  CommandTrail.shared.note(id)
  return command.perform(&state)
}

private func receive(_ listing: FolderListing, _ state: inout WorkbenchState) -> [Effect] {
  if listing.folder == state.workingFolder { state.datasets.listing = listing }
  for index in state.overlays.indices { state.overlays[index].receive(listing) }
  return []
}
