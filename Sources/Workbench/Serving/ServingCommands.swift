import Engine

/// Serving models. What a server does shows in the jobs pane, where `jobs.cancelNewest` stops it.
let servingCommands: [Command] = [
  Command(
    "model.serve", "Serve a model…", "Answers HTTP requests with a trained model, until the job is cancelled.",
    group: .analyse, menu: .model
  ) { state in askToServe(nil, &state) }
]

/// Asks where a model is to be served.
/// - Parameter folder: of the model; nil suggests that of the last training.
func askToServe(_ folder: String?, _ state: inout WorkbenchState) -> [Effect] {
  state.overlays.append(ServeOverlay(folder, state))
  return []
}

/// Tells where a server listens, and that it has stopped.
func receiveServing(_ happening: JobHappening, _ state: inout WorkbenchState) {
  switch happening {
  case .partial(.serving(let status)):
    guard status.requests == 0 else { return }
    let stop = state.keyLabel("jobs.cancelNewest")
    state.say("Serving at \(status.address): POST /invocations. \(stop) in the Jobs pane stops it.", .success)
  case .partial(.notes(let notes)): state.say(notes.joined(separator: " "), .warning)
  case .failed(let text): state.say(text, .error)
  case .cancelled: state.say("The server has stopped.")
  case .started, .progress, .partial, .done: break
  }
}
