import Engine
import Learn

private let noTraining = "the analysis in front is no AutoML run: a adds one"

private let hasTraining: @Sendable (WorkbenchState) -> Availability = { state in
  currentTraining(state) == nil ? .disabled(noTraining) : .enabled
}

/// Enabled where the leaderboard in front has rows.
private let hasRows: @Sendable (WorkbenchState) -> Availability = { state in
  guard let (analysis, _) = currentTraining(state) else { return .disabled(noTraining) }
  // Every frame asks: the rows themselves are made when they are drawn.
  let run = state.automl.runs[analysis.id]
  let hasAny = run.map { !$0.trials.isEmpty || $0.running != nil } ?? (analysis.result != nil)
  return hasAny ? .enabled : .disabled("no candidate has ended yet")
}

/// Enabled while a run is under way.
private let running: @Sendable (WorkbenchState) -> Availability = { state in
  guard let (analysis, _) = currentTraining(state) else { return .disabled(noTraining) }
  switch state.automl.runs[analysis.id]?.phase {
  case .running?, .paused?: return .enabled
  case .waiting?: return .disabled("the run has not begun")
  case .finishing?: return .disabled("the run is being ended")
  case .cutShort?: return .disabled("the run was cut short: \(state.keyLabel("automl.goOn")) goes on")
  case nil: return .disabled("the run has ended: \(state.keyLabel("automl.goOn")) trains longer")
  }
}

/// Enabled where the row under the cursor has something to show.
private let hasModel: @Sendable (WorkbenchState) -> Availability = { state in
  if case .disabled(let reason) = hasRows(state) { return .disabled(reason) }
  guard let row = currentModel(state) else { return .disabled("no candidate has ended yet") }
  switch row.status {
  case .done: return .enabled
  case .running: return .disabled("the candidate is in training: its page is there when it has ended")
  case .planned: return .disabled("the candidate has not been trained: \(state.keyLabel("automl.train")) trains it")
  case .stopped, .failed: return .disabled("the candidate has no figures: \(row.reason ?? "it did not end")")
  }
}

/// Enabled where the folder holds a model that predicts.
private let hasBundle: @Sendable (WorkbenchState) -> Availability = { state in
  guard let (analysis, _) = currentTraining(state) else { return .disabled(noTraining) }
  if let run = state.automl.runs[analysis.id] {
    return run.hasModel ? .enabled : .disabled("there is no ensemble yet")
  }
  if case .automl(let result)? = analysis.result, result.report != nil { return .enabled }
  return .disabled("there is no ensemble yet")
}

/// Enabled while a run is under way that can be asked for something about the model under the cursor.
private func asking(_ state: WorkbenchState, _ refusal: (ModelBoard.Row) -> String?) -> Availability {
  if case .disabled(let reason) = running(state) { return .disabled(reason) }
  guard let row = currentModel(state) else { return .disabled("no candidate has ended yet") }
  if row.id == 0 { return .disabled("the ensemble is made of the others: choose one of them") }
  return refusal(row).map { .disabled($0) } ?? .enabled
}

private func ask(
  _ state: inout WorkbenchState, _ words: String, _ request: (Int) -> AutoMLControl.Request
) -> [Effect] {
  guard let (_, study) = currentTraining(state), let row = currentModel(state) else { return [] }
  state.say("\(words) \(row.model) #\(row.id) when the candidate in training has ended")
  return steer(study, request(row.id), &state)
}

/// The row under the cursor of the leaderboard in front.
func currentModel(_ state: WorkbenchState) -> ModelBoard.Row? {
  guard let (analysis, study) = currentTraining(state) else { return nil }
  let board = board(analysis, study, state)
  let place = board.place(state.automl.boards[analysis.id] ?? BoardState())
  return board.rows.indices.contains(place) ? board.rows[place] : nil
}

/// Trainings: watching them, stopping them, and what is done with their models.
let trainingCommands: [Command] = [
  Command(
    "automl.down", "Next model", "Moves to the next row of the leaderboard.", keys: ["down", "j"],
    in: [.leaderboard, .candidates],
    group: .move, availability: hasRows
  ) { state in
    moveBoard(by: 1, &state)
    return []
  },
  Command(
    "automl.up", "Model before", "Moves to the row before.", keys: ["up", "k"], in: [.leaderboard, .candidates],
    group: .move,
    availability: hasRows
  ) { state in
    moveBoard(by: -1, &state)
    return []
  },
  Command(
    "automl.pageDown", "Page down", "Moves ten rows on.", keys: ["pagedown", "ctrl-d", "ctrl-f"],
    in: [.leaderboard, .candidates],
    group: .move, availability: hasRows
  ) { state in
    moveBoard(by: 10, &state)
    return []
  },
  Command(
    "automl.pageUp", "Page up", "Moves ten rows back.", keys: ["pageup", "ctrl-u", "ctrl-b"],
    in: [.leaderboard, .candidates],
    group: .move, availability: hasRows
  ) { state in
    moveBoard(by: -10, &state)
    return []
  },
  Command(
    "automl.first", "First model", "Moves to the first row, and stays there whoever leads.", keys: ["home", "g g"],
    in: [.leaderboard, .candidates], group: .move, availability: hasRows
  ) { state in
    changeBoard(&state) { board, _ in board.row = nil }
    return []
  },
  Command(
    "automl.last", "Last model", "Moves to the last row.", keys: ["end", "G"], in: [.leaderboard, .candidates],
    group: .move,
    availability: hasRows
  ) { state in
    moveBoard(by: 100_000, &state)
    return []
  },
  Command(
    "automl.right", "Next figure", "Moves to the next column; those that have no room come into sight.",
    keys: ["right", "l"], in: [.leaderboard, .candidates], group: .move, availability: hasRows
  ) { state in
    moveBoardColumn(by: 1, &state)
    return []
  },
  Command(
    "automl.left", "Figure before", "Moves to the column before.", keys: ["left", "h"],
    in: [.leaderboard, .candidates],
    group: .move, availability: hasRows
  ) { state in
    moveBoardColumn(by: -1, &state)
    return []
  },
  Command(
    "automl.sortUp", "Sort ascending", "Orders the leaderboard by the column under the cursor, smallest first.",
    keys: ["["], in: [.leaderboard], group: .look, priority: 4, hint: "sort", availability: hasRows
  ) { sortBoard(isAscending: true, &$0) },
  Command(
    "automl.sortDown", "Sort descending", "Orders the leaderboard by the column under the cursor, largest first.",
    keys: ["]"], in: [.leaderboard], group: .look, priority: 4, hint: "sort", availability: hasRows
  ) { sortBoard(isAscending: false, &$0) },
  Command(
    "automl.unsort", "Order by merit", "Orders the leaderboard by what decides again, the best first.", keys: ["="],
    in: [.leaderboard], group: .look,
    availability: { state in
      guard let (analysis, _) = currentTraining(state) else { return .disabled(noTraining) }
      return state.automl.boards[analysis.id]?.sort == nil ? .disabled("the best comes first already") : .enabled
    }
  ) { state in
    changeBoard(&state) { board, _ in board.sort = nil }
    return []
  },
  Command(
    "automl.pause", "Pause or go on", "Lets the run wait, and its clock stand still; again, and it goes on.",
    keys: ["p"], in: [.leaderboard], group: .change, menu: .model, priority: 8, hint: "pause",
    availability: running
  ) { state in
    guard let (analysis, study) = currentTraining(state), var run = state.automl.runs[analysis.id] else { return [] }
    let isPaused = run.phase == .paused
    run.note(run.seconds(at: state.clock), at: state.clock)
    run.phase = isPaused ? .running : .paused
    state.automl.runs[analysis.id] = run
    return steer(study, isPaused ? .resume : .pause, &state)
  },
  Command(
    "automl.stop", "Stop and keep the best", "Ends the run now; the best ensemble of what has ended is the model.",
    keys: ["x"], in: [.leaderboard], group: .change, menu: .model, priority: 9, hint: "keep the best",
    availability: { state in
      guard let (analysis, _) = currentTraining(state) else { return .disabled(noTraining) }
      guard let run = state.automl.runs[analysis.id] else { return .disabled("the run has ended") }
      switch run.phase {
      case .finishing: return .disabled("the run is being ended")
      case .waiting:
        return .disabled("the run has not begun: \(state.keyLabel("jobs.cancelNewest")) in the Jobs pane cancels it")
      case .running, .paused, .cutShort:
        return run.trials.contains { $0.row.status == .completed }
          ? .enabled : .disabled("no candidate has a figure yet")
      }
    }
  ) { state in
    guard let (analysis, study) = currentTraining(state) else { return [] }
    if state.automl.runs[analysis.id]?.phase == .cutShort { return keepBest(analysis, study, &state) }
    let isPaused = state.automl.runs[analysis.id]?.phase == .paused
    state.automl.runs[analysis.id]?.phase = .finishing
    return steer(study, .finish, &state) + (isPaused ? steer(study, .resume, &state) : [])
  },
  Command(
    "automl.goOn", "Train, go on, or train longer…",
    "Goes on with a run that was cut short; of one that has ended, asks for more time or other settings.",
    keys: ["r"], in: [.leaderboard], group: .change, menu: .model, priority: 7, hint: "go on",
    availability: { state in
      guard let (analysis, _) = currentTraining(state) else { return .disabled(noTraining) }
      return state.automl.runs[analysis.id]?.isActive == true ? .disabled("the run is under way") : .enabled
    }
  ) { state in
    guard let (analysis, _) = currentTraining(state) else { return [] }
    if analysis.result == nil { return runAnalysis(analysis.id, &state) }
    state.overlays.append(AutoMLOverlay(state, editing: analysis))
    return []
  },
  Command(
    "automl.giveUp", "Give up this candidate", "Stops the candidate in training; the run goes on with the next one.",
    keys: ["K"], in: [.leaderboard], group: .change, menu: .model,
    availability: { state in
      if case .disabled(let reason) = running(state) { return .disabled(reason) }
      return state.automl.runs[currentTraining(state)?.analysis.id ?? -1]?.running == nil
        ? .disabled("no candidate is in training") : .enabled
    }
  ) { state in
    guard let (analysis, study) = currentTraining(state),
      let number = state.automl.runs[analysis.id]?.running?.number
    else { return [] }
    state.say("Giving up candidate \(number)")
    return steer(study, .stop(candidate: number), &state)
  },
  Command(
    "automl.boost", "Try more like this", "Trains candidates with settings around those of the model next.",
    keys: ["b"], in: [.leaderboard], group: .change, menu: .model, priority: 3, hint: "more like this",
    availability: { asking($0) { $0.status == .done ? nil : "the model has no figure to go on from" } }
  ) { ask(&$0, "Tries more like") { .boost(candidate: $0) } },
  Command(
    "automl.retry", "Try again", "Trains a model that was stopped or failed once more, next.", keys: ["R"],
    in: [.leaderboard], group: .change, menu: .model,
    availability: { asking($0) { $0.status == .stopped || $0.status == .failed ? nil : "the model has not failed" } }
  ) { ask(&$0, "Tries again") { .retry(candidate: $0) } },
  Command(
    "automl.open", "Model page", "Shows a model in depth: figures, pictures, recipe.", keys: ["enter"],
    in: [.leaderboard], group: .look, menu: .model, priority: 10, hint: "open", availability: hasModel
  ) { state in
    guard let (analysis, study) = currentTraining(state), let row = currentModel(state) else { return [] }
    state.overlays.append(ModelPageOverlay(analysis, study, row.id, name: row.model))
    return []
  },
  Command(
    "automl.compare", "Compare marked models",
    "Shows marked models side by side, and whether the folds tell them apart; their ROC curves on one picture.",
    keys: ["c"], in: [.leaderboard], group: .look, menu: .model, priority: 5, hint: "compare",
    availability: { state in
      guard let (analysis, study) = currentTraining(state) else { return .disabled(noTraining) }
      let marks = state.automl.boards[analysis.id]?.marks ?? []
      let rows = board(analysis, study, state).rows
      return rows.count { marks.contains($0.id) && $0.score != nil } > 1
        ? .enabled : .disabled("mark two models or more with \(state.keyLabel("automl.mark"))")
    }
  ) { state in
    guard let (analysis, study) = currentTraining(state) else { return [] }
    state.overlays.append(CompareOverlay(analysis, study, state))
    return []
  },
  Command(
    "automl.text", "Run as text", "Shows the leaderboard and what it was made of in words and tables.", keys: ["T"],
    in: [.leaderboard, .candidates], group: .look, menu: .model,
    availability: { state in
      guard let (analysis, _) = currentTraining(state) else { return .disabled(noTraining) }
      return analysis.result == nil ? .disabled("the run has not ended") : .enabled
    }
  ) { state in
    guard let (analysis, _) = currentTraining(state) else { return [] }
    state.overlays.append(TextOverlay(title: analysis.name, text: reportText(of: analysis, state), wraps: false))
    return []
  },
  Command(
    "automl.predict", "Predict rows…", "Writes the rows of the step with the predictions of the ensemble to a file.",
    keys: ["P"], in: [.leaderboard], group: .file, menu: .model, priority: 4, hint: "predict", availability: hasBundle
  ) { state in
    guard let (analysis, study) = currentTraining(state) else { return [] }
    state.overlays.append(TextPrompt.predict(analysis, study, state))
    return []
  },
  Command(
    "automl.serve", "Deploy: serve the model…",
    "Answers HTTP requests with the ensemble of the run, until the job is cancelled.", keys: ["d"], in: [.leaderboard],
    group: .file, menu: .model, priority: 5, hint: "deploy", availability: hasBundle
  ) { state in
    guard let (_, study) = currentTraining(state) else { return [] }
    return askToServe(study.folder, &state)
  },
  Command(
    "automl.explain", "Explain the model",
    "Opens the whole explanation of the model under the cursor: which columns move its predictions, how, and why one "
      + "row gets its own.", keys: ["S"], in: [.leaderboard], group: .analyse, menu: .model, priority: 6, hint: "SHAP",
    availability: { state in
      if case .disabled(let reason) = hasModel(state) { return .disabled(reason) }
      return hasBundle(state)
    }
  ) { state in
    guard let (analysis, study) = currentTraining(state), let row = currentModel(state) else { return [] }
    return explainModel(analysis, study, row.id, name: row.model, &state)
  },
  Command(
    "automl.explore", "Exploration of the rows",
    "Shows what the rows are that the models learn from: the label, each column, and what to look at first.",
    keys: ["E"], in: [.leaderboard, .candidates], group: .look, menu: .model, priority: 2, hint: "rows",
    availability: hasTraining
  ) { state in
    guard let (analysis, study) = currentTraining(state), state.flow.graph[analysis.node] != nil else { return [] }
    state.overlays.append(ExplorationOverlay(study, on: analysis.node, state))
    return []
  },
  Command(
    "automl.addStep", "Add the model to the flow", "Adds a step that predicts the rows with the ensemble of the run.",
    keys: ["+"], in: [.leaderboard], group: .change, menu: .model, priority: 6, hint: "add to flow",
    availability: hasBundle
  ) { state in
    guard let (analysis, study) = currentTraining(state) else { return [] }
    return addPredictions(analysis, study, &state)
  },
  Command(
    "automl.card", "Export model card…", "Writes what is to be known of the model as Markdown or JSON.", keys: ["e"],
    in: [.leaderboard], group: .file, menu: .model, priority: 4, hint: "model card", availability: hasModel
  ) { state in
    guard let (analysis, study) = currentTraining(state), let row = currentModel(state) else { return [] }
    state.overlays.append(ModelPageOverlay(analysis, study, row.id, name: row.model, exports: true))
    return []
  },
  Command(
    "automl.train", "Train the chosen candidates",
    "Trains the marked candidates and no others, in their order; all of the list where none is marked.",
    keys: ["enter"], in: [.candidates], group: .change, menu: .model, priority: 10, hint: "train",
    availability: { state in
      guard let (analysis, _) = currentTraining(state) else { return .disabled(noTraining) }
      return isCandidateList(analysis, state) ? .enabled : .disabled("the candidates in front have been trained")
    }
  ) { state in
    guard let (analysis, study) = currentTraining(state) else { return [] }
    return trainChosen(analysis, study, &state)
  },
  Command(
    "automl.edit", "Edit and train…", "Changes the settings of the model and trains that next.", keys: ["n"],
    in: [.leaderboard, .candidates], group: .change, menu: .model, priority: 3, hint: "edit",
    availability: { state in
      if currentModel(state)?.status == .planned { return .enabled }
      if case .disabled(let reason) = hasModel(state) { return .disabled(reason) }
      return currentModel(state)?.id == 0
        ? .disabled("the ensemble is made of the others: choose one of them") : .enabled
    }
  ) { state in
    guard let (analysis, study) = currentTraining(state), let row = currentModel(state) else { return [] }
    let listed = board(analysis, study, state).listed.first { $0.number == row.id }
    state.overlays.append(CandidateOverlay(analysis, study, row.id, name: row.model, listed: listed?.spec))
    return []
  },
  Command(
    "automl.mark", "Mark model", "Marks the model under the cursor, or takes its mark away.", keys: ["space"],
    in: [.leaderboard, .candidates], group: .look, priority: 5, hint: "mark", availability: hasRows
  ) { state in
    changeBoard(&state) { view, board in
      let place = board.place(view)
      guard board.rows.indices.contains(place) else { return }
      let id = board.rows[place].id
      if let index = view.marks.firstIndex(of: id) { view.marks.remove(at: index) } else { view.marks.append(id) }
      view.row = board.rows[min(place + 1, board.rows.count - 1)].id
    }
    return []
  },
]

// MARK: - The board

/// Changes how the leaderboard in front is looked at.
func changeBoard(_ state: inout WorkbenchState, _ body: (inout BoardState, ModelBoard) -> Void) {
  guard let (analysis, study) = currentTraining(state) else { return }
  var view = state.automl.boards[analysis.id] ?? BoardState()
  body(&view, board(analysis, study, state))
  state.automl.boards[analysis.id] = view
}

func moveBoard(by delta: Int, _ state: inout WorkbenchState) {
  changeBoard(&state) { view, board in
    guard !board.rows.isEmpty else { return }
    view.row = board.rows[min(max(0, board.place(view) + delta), board.rows.count - 1)].id
  }
}

func moveBoard(toRow row: Int, _ state: inout WorkbenchState) {
  changeBoard(&state) { view, board in
    if board.rows.indices.contains(row) { view.row = board.rows[row].id }
  }
}

/// Whether the chart pane is wide enough for the picture of the folds.
private func isBoardWide(_ state: WorkbenchState) -> Bool {
  BoardTable.isWide(paneInterior(.chart, state, state.layout).width - 1)
}

private func moveBoardColumn(by delta: Int, _ state: inout WorkbenchState) {
  let isWide = isBoardWide(state)
  changeBoard(&state) { view, board in
    view.column = min(max(0, view.column + delta), board.columns(isWide: isWide).count - 1)
  }
}

private func sortBoard(isAscending: Bool, _ state: inout WorkbenchState) -> [Effect] {
  let isWide = isBoardWide(state)
  changeBoard(&state) { view, board in
    let columns = board.columns(isWide: isWide)
    let column = columns[min(max(0, view.column), columns.count - 1)]
    view.sort = BoardSort(column: column, isAscending: isAscending)
  }
  return []
}
