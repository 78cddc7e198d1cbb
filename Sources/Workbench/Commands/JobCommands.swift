private let hasJob: @Sendable (WorkbenchState) -> Availability = { state in
  state.jobs.rows.isEmpty ? .disabled("nothing has run yet") : .enabled
}

private let isRunning: @Sendable (WorkbenchState) -> Availability = { state in
  state.jobs.active.isEmpty ? .disabled("nothing runs") : .enabled
}

/// The jobs pane, and stopping work from anywhere.
let jobCommands: [Command] = [
  Command(
    "jobs.down", "Next job", "Moves to the next job.", keys: ["down", "j"], in: [.pane(.jobs)], group: .move,
    availability: hasJob
  ) { state in
    state.jobs.cursor = max(0, min(state.jobs.rows.count - 1, state.jobs.cursor + 1))
    return []
  },
  Command(
    "jobs.up", "Job before", "Moves to the job before.", keys: ["up", "k"], in: [.pane(.jobs)], group: .move,
    availability: hasJob
  ) { state in
    state.jobs.cursor = max(0, state.jobs.cursor - 1)
    return []
  },
  Command(
    "jobs.cancelNewest", "Cancel job", "Stops the job under the cursor, or elsewhere the newest that runs.",
    keys: ["x"], group: .change, menu: .view, priority: 3, hint: "cancel job", availability: isRunning
  ) { state in
    let rows = state.jobs.rows
    let here = state.focus == .jobs && rows.indices.contains(state.jobs.cursor) ? rows[state.jobs.cursor] : nil
    guard let job = here.flatMap({ $0.isActive ? $0 : nil }) ?? state.jobs.active.first else { return [] }
    state.say("Cancelling \(job.spec.title)")
    return [.cancel(job.id)]
  },
  Command(
    "jobs.why", "Details", "Shows the job's note, or why it failed.", keys: ["enter"], in: [.pane(.jobs)], group: .look,
    priority: 6, hint: "details", availability: hasJob
  ) { state in
    guard state.jobs.rows.indices.contains(state.jobs.cursor) else { return [] }
    let row = state.jobs.rows[state.jobs.cursor]
    let text = row.error ?? (row.note.isEmpty ? "\(row.state.rawValue)" : row.note)
    state.overlays.append(TextOverlay(title: row.spec.title, text: text))
    return []
  },
]
