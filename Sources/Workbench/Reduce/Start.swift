import Engine
import Foundation
import Frame

/// A line of the start screen.
public struct StartLine: Sendable, Equatable {
  public enum Choice: Sendable, Equatable {
    case restore, newFlow, open
    case path(String)
  }

  public var choice: Choice
  public var title: String
  public var detail: String
}

/// What the start screen offers: what can be restored, a new flow, files opened before, the sample data.
public func startLines(_ state: WorkbenchState) -> [StartLine] {
  var lines: [StartLine] = []
  if let orphan = state.orphan {
    lines.append(
      StartLine(
        choice: .restore, title: "Restore \(orphan.flow.name)",
        detail: "not saved when assay ended on \(orphan.savedAt)"))
  }
  lines.append(StartLine(choice: .newFlow, title: "New data flow…", detail: "select data, preview it, import it"))
  lines.append(StartLine(choice: .open, title: "Open…", detail: "a dataset or a .flow by its path"))
  for path in state.recents.prefix(8) {
    lines.append(StartLine(choice: .path(path), title: fileName(path), detail: folderName(path)))
  }
  if let samples = state.sampleFolder {
    for (name, detail) in [
      ("census.csv", "sample: 5,000 people, income above or below 50K"),
      ("reviews.csv", "sample: 4,000 product reviews with ratings"),
    ] where !state.recents.contains("\(samples)/\(name)") {
      lines.append(StartLine(choice: .path("\(samples)/\(name)"), title: name, detail: detail))
    }
  }
  return lines
}

func openStartLine(_ state: inout WorkbenchState) -> [Effect] {
  let lines = startLines(state)
  guard lines.indices.contains(state.start.cursor) else { return [] }
  switch lines[state.start.cursor].choice {
  case .restore: return restoreOrphan(&state)
  case .newFlow: return run("file.newFlow", &state)
  case .open: return run("file.open", &state)
  case .path(let path): return openPath(path, &state)
  }
}

/// Opens a flow or a dataset by its path.
func openPath(_ path: String, _ state: inout WorkbenchState) -> [Effect] {
  if [".flow", ".assay"].contains(where: path.lowercased().hasSuffix) {
    return [.openFlow(path: FilePaths.absolute(path, in: state.workingFolder))]
  }
  return begin(Source(location: path), &state)
}

/// Takes up the flow that a dead process left. It counts as not saved.
func restoreOrphan(_ state: inout WorkbenchState) -> [Effect] {
  guard let orphan = state.orphan else { return [] }
  state.orphan = nil
  var effects = show(orphan.flow, path: nil, &state)
  state.flowPath = orphan.path
  state.savedFlow = FlowFile()
  state.say("Restored \(orphan.flow.name). It is not saved yet: ^S saves.", .success)
  effects += [.autosave(orphan.flow, path: orphan.path), .discardAutosave(file: orphan.file)]
  return effects
}

// MARK: The datasets pane

/// A line of the datasets pane.
public struct DatasetLine: Sendable, Equatable {
  public var title: String
  public var detail: String
  /// Nil for a heading.
  public var path: String?
  public var isCurrent: Bool
  /// True for several files that are open as one.
  var isList = false
  /// How far it is indented.
  var depth = 0
  /// What it is in the tree of S3 and Glue; nil for a file.
  var cloud: CloudLine?
}

/// The sources of this flow, the files of the folder, recent files, and the tree of S3 and Glue.
public func datasetLines(_ state: WorkbenchState) -> [DatasetLine] {
  var lines: [DatasetLine] = []
  let opened = state.flow.graph.sources.compactMap { step -> Source? in
    if case .source(let source) = step.operation { source } else { nil }
  }
  for source in opened {
    let title = fileName(source.location) + source.more
    lines.append(DatasetLine(title: title, detail: "open", path: source.location, isCurrent: true))
    lines[lines.count - 1].isList = !source.also.isEmpty
  }
  // The files of a list can be opened alone, too.
  let sources = opened.filter(\.also.isEmpty).map(\.location)
  if let listing = state.datasets.listing {
    for entry in listing.entries where !entry.isFolder {
      let path = listing.folder == "." ? entry.name : listing.folder + "/" + entry.name
      guard !sources.contains(path) else { continue }
      lines.append(
        DatasetLine(title: entry.name, detail: entry.size.map(byteText) ?? "", path: path, isCurrent: false))
    }
  }
  let listed = Set(lines.compactMap { $0.path.map(absolutePath) })
  for path in state.recents where !listed.contains(absolutePath(path)) {
    lines.append(DatasetLine(title: fileName(path), detail: "recent", path: path, isCurrent: false))
  }
  tellApart(&lines)
  lines += state.datasets.cloud.lines(sources: Set(sources), isPlain: state.drawing.glyphs == .ascii)
  return state.datasets.filter.map { filtered(lines, by: $0.text) } ?? lines
}

/// Files of one name get the folders that tell them apart.
private func tellApart(_ lines: inout [DatasetLine]) {
  var alike = Dictionary(grouping: lines.indices, by: { lines[$0].title }).values.filter { $0.count > 1 }
  alike.removeAll { group in group.contains { lines[$0].path == nil } }
  for group in alike {
    let names = distinctNames(group.compactMap { lines[$0].path })
    for (index, name) in zip(group, names) where name.contains("/") { lines[index].title = name }
  }
}

func openDatasetLine(_ state: inout WorkbenchState) -> [Effect] {
  let lines = datasetLines(state)
  guard lines.indices.contains(state.datasets.cursor) else { return [] }
  switch lines[state.datasets.cursor].cloud {
  case .root(let place)?: return toggleBranch(place, &state)
  // A table is a dataset first of all; Right shows its columns.
  case .entry(let entry, _)? where entry.hasMore && (entry.kind != .table || entry.source == nil):
    return entry.place.map { toggleBranch($0, &state) } ?? []
  case .more(let place)?: return listMore(place, &state)
  case .refusal(let place, _)?: return listAgain(place, &state)
  case .waiting?, .nothing?: return []
  case .entry?, nil: return openDatasetSource(&state)
  }
}

private func toggleBranch(_ place: CloudPlace, _ state: inout WorkbenchState) -> [Effect] {
  guard state.datasets.cloud.branches[place]?.isOpen == true else { return openBranch(place, &state) }
  state.datasets.cloud.branches[place]?.isOpen = false
  return []
}

/// Opens what the line under the cursor reads as a dataset.
func openDatasetSource(_ state: inout WorkbenchState) -> [Effect] {
  let lines = datasetLines(state)
  guard lines.indices.contains(state.datasets.cursor) else { return [] }
  let line = lines[state.datasets.cursor]
  guard let path = line.cloud.map({ $0.source }) ?? line.path else { return [] }
  if line.isCurrent {
    state.focus = .table
    return []
  }
  guard !state.isDirty else {
    state.overlays.append(ConfirmOverlay.leaveUnsaved(opening: path))
    return []
  }
  var effects: [Effect] = []
  keepingDatasetLine(&state) { effects = openPath(path, &$0) }
  return effects
}

/// Opens what is marked as one dataset.
func openList(_ source: Source, _ state: inout WorkbenchState) -> [Effect] {
  guard !state.isDirty else {
    state.overlays.append(ConfirmOverlay.leaveUnsaved(opening: source))
    return []
  }
  state.datasets.marks = []
  var effects: [Effect] = []
  keepingDatasetLine(&state) { effects = begin(source, &$0) }
  return effects
}

/// The same for all ways to write the path of a file.
func absolutePath(_ path: String) -> String {
  Source.isElsewhere(path) ? path : URL(fileURLWithPath: path).standardizedFileURL.path
}

func fileName(_ path: String) -> String {
  path == "-" ? "stdin" : Source(location: path).name
}

func folderName(_ path: String) -> String {
  let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  return folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
}

/// Bytes as a person says them: `5.2 MB`.
func byteText(_ bytes: Int) -> String {
  if bytes < 1000 { return "\(bytes) B" }
  var value = Double(bytes)
  for unit in ["kB", "MB", "GB", "TB"] {
    value /= 1000
    if value < 999.5 || unit == "TB" {
      return (value < 9.95 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))") + " " + unit
    }
  }
  return "\(bytes) B"
}
