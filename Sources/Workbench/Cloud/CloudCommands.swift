import Engine
import Frame

private let isNoTree: @Sendable (WorkbenchState) -> Availability = { state in
  currentCloudLine(state) == nil ? .disabled("the cursor is on no line of S3 or Glue") : .enabled
}

private let changesObjects: @Sendable (WorkbenchState) -> Availability = { state in
  guard let place = currentCloudLine(state)?.objects else { return .disabled("the cursor is on no object of S3") }
  if state.datasets.cloud.account?.isReadOnly == true { return .disabled("nothing may be changed: s3_read_only is on") }
  return .enabled
}

private let readsObjects: @Sendable (WorkbenchState) -> Availability = { state in
  currentCloudLine(state)?.objects == nil ? .disabled("the cursor is on no object of S3") : .enabled
}

private let hasSource: @Sendable (WorkbenchState) -> Availability = { state in
  if !state.datasets.marks.isEmpty { return .enabled }
  let lines = datasetLines(state)
  guard lines.indices.contains(state.datasets.cursor) else { return .disabled("there is nothing to read") }
  let line = lines[state.datasets.cursor]
  guard line.cloud == nil || line.cloud?.source != nil else {
    return .disabled("this is no dataset: choose an object, a prefix or a table")
  }
  return line.path == nil ? .disabled("this is no dataset") : .enabled
}

/// S3 and the Glue catalogue in the datasets pane.
let cloudCommands: [Command] = [
  Command(
    "cloud.objects", "Amazon S3", "Opens the buckets of S3 in the Data pane, with the credentials of the AWS tools.",
    keys: ["O"], group: .file, menu: .data
  ) { state in showCloud(.buckets, &state) },
  Command(
    "cloud.catalogue", "AWS Glue catalogue", "Opens the databases of the Glue catalogue in the Data pane.",
    group: .file, menu: .data
  ) { state in showCloud(.databases, &state) },
  Command(
    "cloud.athena", "Athena query…", "Opens an editor for SQL on Athena: completion, cost, rows, the queries before.",
    keys: ["Q"], group: .file, menu: .data
  ) { state in
    state.overlays.append(AthenaOverlay())
    return []
  },
  Command(
    "cloud.publish", "Write as a Glue table…",
    "Writes the rows of the selected step to S3 and makes a table of the catalogue of them.", group: .file, menu: .data,
    availability: { state in
      if state.table.views.first == nil { return .disabled("there is no step to write") }
      if state.datasets.cloud.account?.isReadOnly == true {
        return .disabled("nothing may be changed: s3_read_only is on")
      }
      return .enabled
    }
  ) { state in
    guard let request = state.table.views.first?.request else { return [] }
    state.overlays.append(PublishOverlay(request, state))
    return []
  },
  Command(
    "datasets.filter", "Filter the lines", "Leaves the lines that hold what you type, and the branches they hang on.",
    keys: ["/"], in: [.pane(.datasets)], group: .look, menu: .data
  ) { state in filterDatasets(&state) },
  Command(
    "datasets.close", "Close the branch", "Closes the branch, or goes to the line that this one hangs on.",
    keys: ["h", "left"], in: [.pane(.datasets)], group: .move, availability: isNoTree
  ) { state in
    guard let line = currentCloudLine(state) else { return [] }
    if let place = line.branch, state.datasets.cloud.branches[place]?.isOpen == true {
      state.datasets.cloud.branches[place]?.isOpen = false
      return []
    }
    guard let parent = line.parent else { return [] }
    if let above = datasetLines(state).firstIndex(where: { $0.cloud?.branch == parent }) {
      state.datasets.cursor = above
    }
    return []
  },
  Command(
    "datasets.all", "Open as one dataset",
    "Opens what is marked as one dataset, in the order of the marks; without marks, all objects below the prefix.",
    keys: ["o"],
    in: [.pane(.datasets)], group: .file, menu: .data, priority: 7, hint: "open as one", availability: hasSource
  ) { state in markedSource(state).map { openList($0, &state) } ?? openDatasetSource(&state) },
  Command(
    "datasets.add", "Add to the flow", "Puts it beside the sources of this flow, to be joined or concatenated.",
    keys: ["a"], in: [.pane(.datasets)], group: .change, menu: .data, priority: 4, hint: "add to flow",
    availability: { state in
      state.flow.graph.steps.isEmpty ? .disabled("there is no flow yet: Enter begins one") : hasSource(state)
    }
  ) { state in
    if let marked = markedSource(state) {
      state.datasets.marks = []
      return addSource(marked, &state)
    }
    let lines = datasetLines(state)
    guard lines.indices.contains(state.datasets.cursor), let path = lines[state.datasets.cursor].path else { return [] }
    return addSource(Source(location: path), &state)
  },
  Command(
    "datasets.list", "List again", "Asks S3 or the catalogue again what is there.", keys: ["r"],
    in: [.pane(.datasets)], group: .look, menu: .data, priority: 3, hint: "list again", availability: isNoTree
  ) { state in
    guard let line = currentCloudLine(state), let place = line.branch ?? line.parent else { return [] }
    state.datasets.cloud.branches[place, default: CloudTree.Branch()].isOpen = true
    return listAgain(place, &state)
  },
  Command(
    "datasets.download", "Download…", "Reads the object into a file, or all below the prefix into a folder.",
    keys: ["e"], in: [.pane(.datasets)], group: .file, menu: .data, priority: 5, hint: "download",
    availability: readsObjects
  ) { state in
    guard let place = currentCloudLine(state)?.objects else { return [] }
    state.overlays.append(TextPrompt.download(place))
    return []
  },
  Command(
    "datasets.upload", "Upload…", "Writes a file, or a folder with all in it, below the prefix.", keys: ["u"],
    in: [.pane(.datasets)], group: .file, menu: .data, priority: 5, hint: "upload", availability: changesObjects
  ) { state in
    guard let place = currentCloudLine(state)?.objects else { return [] }
    let folder: CloudPlace? = if case .object = place { place.parent } else { place }
    guard let folder else { return [] }
    state.overlays.append(TextPrompt.upload(to: folder))
    return []
  },
  Command(
    "datasets.delete", "Delete…", "Counts what would go, asks, and deletes the object or all below the prefix.",
    keys: ["d", "delete"], in: [.pane(.datasets)], group: .change, menu: .data, priority: 2, hint: "delete",
    availability: changesObjects
  ) { state in
    guard let place = currentCloudLine(state)?.objects else { return [] }
    return [state.ask(.cloud(.measure(place)), for: .cloud(.countForDeletion(place))).1]
  },
  Command(
    "datasets.pageDown", "Page down", "Moves a page down.", keys: ["pagedown", "ctrl-f"], in: [.pane(.datasets)],
    group: .move
  ) { state in moveDatasets(by: datasetRows(state), &state) },
  Command(
    "datasets.pageUp", "Page up", "Moves a page up.", keys: ["pageup", "ctrl-b"], in: [.pane(.datasets)], group: .move
  ) { state in moveDatasets(by: -datasetRows(state), &state) },
  Command(
    "datasets.first", "First line", "Moves to the first line.", keys: ["g g", "home"], in: [.pane(.datasets)],
    group: .move
  ) {
    state in moveDatasets(by: -.max / 2, &state)
  },
  Command(
    "datasets.last", "Last line", "Moves to the last line.", keys: ["G", "end"], in: [.pane(.datasets)], group: .move
  ) {
    state in moveDatasets(by: .max / 2, &state)
  },
]

/// Lines that the datasets pane has room for, but one.
private func datasetRows(_ state: WorkbenchState) -> Int {
  max(1, paneInterior(.datasets, state, state.layout).height - 1)
}

private func moveDatasets(by delta: Int, _ state: inout WorkbenchState) -> [Effect] {
  state.datasets.cursor = max(0, min(datasetLines(state).count - 1, state.datasets.cursor + delta))
  return []
}
