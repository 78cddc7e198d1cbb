import Engine
import Flow
import Frame

/// Rows that are on their way from a cluster, and what is done with the file.
public struct BringTask: Sendable, Equatable {
  enum Then: String, Sendable {
    /// The step reads the file from now on.
    case replace
    case open, stay
  }

  var step: StepID
  var path: String
  /// Rows that come, of so many.
  var rows: Int
  var total: Int
  var then: Then
}

let clusterCommands: [Command] = [
  Command(
    "cluster.bring", "Bring rows here…",
    "Writes the rows of a step on a cluster to a Parquet file of this machine, and goes on with that.", keys: ["g b"],
    in: [.pane(.table), .pane(.flow)], group: .file, menu: .data, availability: isOnCluster
  ) { state in
    guard let step = state.selectedStep else { return [] }
    state.overlays.append(BringOverlay(NodeRequest(graph: state.flow.graph, node: step.id), state))
    return []
  }
]

/// Whether the rows of the selected step are those of tables of a cluster.
private func isOnCluster(_ state: WorkbenchState) -> Availability {
  guard let step = state.selectedStep, let path = try? state.flow.graph.path(to: step.id) else {
    return .disabled("there is no step yet")
  }
  let sources = path.compactMap { id -> Source? in
    if case .source(let source)? = state.flow.graph[id]?.operation { source } else { nil }
  }
  guard sources.contains(where: { TableAddress.isMeant(by: $0.location) }) else {
    return .disabled("the rows of this step are here already")
  }
  return sources.allSatisfy { TableAddress.isMeant(by: $0.location) }
    ? .enabled : .disabled("this step reads rows of this machine too: choose one that reads the cluster alone")
}

/// Starts the way of the rows.
func start(_ bring: BringTask, _ run: ClusterRun, _ state: inout WorkbenchState) -> [Effect] {
  if run.sample == nil { state.record(.writeRows(bring.step, Look(), path: bring.path)) }
  state.say("Bringing \(counted(bring.rows, "row")) here. The jobs pane shows how far it is, and stops it.")
  return [state.ask(.cluster(run), for: .bring(bring)).1]
}

/// Goes on with rows that have come.
func receiveBrought(_ happening: JobHappening, _ bring: BringTask, _ state: inout WorkbenchState) -> [Effect] {
  switch happening {
  case .done(.ranOnCluster(let outcome)):
    let share = outcome.rows < bring.total ? " of \(counted(bring.total, "row"))" : ""
    let what = share.isEmpty ? counted(outcome.rows, "row") : Number.grouped(outcome.rows) + share
    let drawn = outcome.notes.isEmpty ? "" : ". " + outcome.notes.joined(separator: " ")
    let said = "\(what) from \(outcome.engine) in \(fileName(bring.path))"
    switch bring.then {
    case .stay: state.say("Brought \(said)\(drawn)", .success)
    case .replace where state.flow.graph[bring.step]?.operation.kind == .source:
      let effects = replaceStep(bring.step, with: .source(Source(location: bring.path)), &state)
      state.say("This flow reads \(said). \(state.keyLabel("edit.undo")) goes back to the cluster.", .success)
      return effects
    case .replace: state.say("Brought \(said); the step that was to read them is gone", .warning)
    case .open:
      guard !state.isDirty else {
        state.overlays.append(ConfirmOverlay.leaveUnsaved(opening: bring.path))
        return []
      }
      let effects = openPath(bring.path, &state)
      state.say("Brought \(said)\(drawn)", .success)
      return effects
    }
  case .failed(let text): state.say(text, .error)
  case .cancelled: state.say("Nothing was brought: the way was stopped, on the cluster too.", .warning)
  case .started, .progress, .partial, .done: break
  }
  return []
}
