import Engine
import Frame

/// Files and objects of the datasets pane that are marked: they are opened as one dataset, in the order of their marks.
func markedSource(_ state: WorkbenchState) -> Source? {
  guard let first = state.datasets.marks.first else { return nil }
  return Source(location: first, also: Array(state.datasets.marks.dropFirst()))
}

/// Why a line cannot be marked; nil where it can.
private func markRefusal(_ line: DatasetLine?, _ state: WorkbenchState) -> String? {
  guard let line, let path = line.path else { return "there is nothing to mark" }
  if line.isList { return "these are several already: mark them one by one" }
  guard let cloud = line.cloud else {
    let isFlow = [".flow", ".assay"].contains(where: path.lowercased().hasSuffix)
    return isFlow ? "a flow is no dataset" : TableName.isTable(path) ? "a table is read alone" : nil
  }
  if case .entry(let entry, _) = cloud, entry.kind == .object, entry.source != nil { return nil }
  return "this is no single object (\(state.keyLabel("datasets.all")) opens all below a prefix)"
}

private enum TableName {
  static func isTable(_ path: String) -> Bool { Source.isElsewhere(path) && !path.lowercased().hasPrefix("s3:") }
}

private func currentLine(_ state: WorkbenchState) -> DatasetLine? {
  let lines = datasetLines(state)
  return lines.indices.contains(state.datasets.cursor) ? lines[state.datasets.cursor] : nil
}

/// `2 marked: jan.csv, feb.csv · o opens them as one`; empty where nothing is marked.
func markedReadout(_ state: WorkbenchState) -> String {
  let marks = state.datasets.marks
  guard !marks.isEmpty else { return "" }
  let names = marks.prefix(3).map(fileName).joined(separator: ", ") + (marks.count > 3 ? " and more" : "")
  let what =
    marks.count == 1
    ? "mark another to open both as one" : "\(state.keyLabel("datasets.all")) opens them as one, in this order"
  return "\(Number.grouped(marks.count)) marked: \(names) · \(what)"
}

/// The number of a line among the marks, from 1; nil where it has none.
func markNumber(_ line: DatasetLine, _ marks: [String]) -> Int? {
  guard !line.isList, let path = line.cloud.map({ $0.source }) ?? line.path else { return nil }
  return marks.firstIndex(of: path).map { $0 + 1 }
}

let datasetMarkCommands: [Command] = [
  Command(
    "datasets.mark", "Mark to open as one",
    "Marks the file or object, or takes its mark away: the marked ones are opened as one dataset, in this order.",
    keys: ["space"], in: [.pane(.datasets)], group: .file, menu: .data, priority: 6, hint: "mark",
    availability: { state in markRefusal(currentLine(state), state).map { .disabled($0) } ?? .enabled }
  ) { state in
    guard let line = currentLine(state), markRefusal(line, state) == nil, let path = line.cloud?.source ?? line.path
    else {
      return []
    }
    if let place = state.datasets.marks.firstIndex(of: path) {
      state.datasets.marks.remove(at: place)
    } else {
      state.datasets.marks.append(path)
    }
    state.message = nil
    state.datasets.cursor = min(datasetLines(state).count - 1, state.datasets.cursor + 1)
    return []
  },
  Command(
    "datasets.unmark", "Unmark all", "Takes all marks of files and objects away.", keys: ["g space"],
    in: [.pane(.datasets)], group: .file,
    availability: { state in
      state.datasets.marks.isEmpty
        ? .disabled("nothing is marked: \(state.keyLabel("datasets.mark")) marks a file") : .enabled
    }
  ) { state in
    state.datasets.marks = []
    return []
  },
]
