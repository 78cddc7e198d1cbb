import Flow
import Frame
import Grid
import Widgets

/// Chooses a file: step 2 of a new data flow, and *Open*. Type to search or type a path; Left goes to the folder above.
struct FileOverlay: Overlay {
  enum Purpose: Sendable, Equatable {
    /// Open a dataset or a flow at once.
    case open
    /// Choose a dataset and go on to its preview.
    case select
    /// Choose a dataset that joins those of the flow.
    case add
    /// Choose the file that a source of the flow reads instead.
    case replace(StepID)
  }

  /// A line of the list.
  private struct Line: Sendable {
    enum Choice: Sendable {
      case folder(String)
      case file(String)
    }

    var item: ListItem
    var choice: Choice?
  }

  private let purpose: Purpose
  private let back: (any Overlay)?
  private var folder: String
  private var listing: FolderListing?
  private var asked: String?
  private var text = TextFieldState()
  private var cursor: Int?

  /// - Parameter start: the folder that is shown first; nil is the working folder.
  init(_ state: WorkbenchState, purpose: Purpose, start: String? = nil, back: (any Overlay)? = nil) {
    self.purpose = purpose
    self.back = back
    folder = start ?? state.workingFolder
    if let known = state.datasets.listing, known.folder == folder { listing = known }
  }

  var hints: [(key: String, label: String)] {
    [
      ("Enter", purpose == .open ? "open" : "choose"), ("←", "folder above"), ("→", "into folder"),
      ("type", "search or path"), ("Esc", text.isEmpty ? "back" : "clear"),
    ]
  }

  // MARK: Lines

  private func lines(_ state: WorkbenchState) -> [Line] {
    let typed = FilePaths.split(text.text)
    let wanted = (typed?.name ?? text.text).lowercased()
    var lines: [Line] = []
    if typed == nil, !folder.hasPrefix(FilePaths.remote), !folder.hasPrefix(FilePaths.cluster) {
      let recents = state.recents.filter { accepts($0) && matches($0, wanted) }.prefix(wanted.isEmpty ? 4 : 20)
      add("Opened before", recents.map { file($0, detail: folderName($0)) }, to: &lines)
      if let samples = state.sampleFolder {
        let names = ["census.csv", "reviews.csv"].filter { matches($0, wanted) }
        add("Sample data", names.map { file(FilePaths.joined(samples, $0), detail: "CSV") }, to: &lines)
      }
    }
    var inside: [Line] = []
    if wanted.isEmpty, folder != "/" {
      inside.append(Line(item: ListItem("..", detail: "folder above"), choice: .folder(FilePaths.parent(of: folder))))
    }
    let isCluster = folder.hasPrefix(FilePaths.cluster)
    for entry in listing?.entries ?? [] where matches(entry.name, wanted) {
      let path = FilePaths.joined(folder, entry.name)
      if entry.isFolder {
        inside.append(
          Line(
            item: ListItem(entry.name + (isCluster ? "" : "/"), detail: isCluster ? "database" : "folder"),
            choice: .folder(path)))
      } else if accepts(entry.name) {
        let size = entry.size.map(byteText) ?? ""
        let kind = isCluster ? FilePaths.kind(path) : FilePaths.kind(entry.name)
        inside.append(file(path, detail: "\(kind)  \(size)"))
      }
    }
    add(isCluster ? "Cluster \(folder)" : "Folder \(folder)", inside, to: &lines)
    return lines
  }

  private func add(_ heading: String, _ more: [Line], to lines: inout [Line]) {
    if !more.isEmpty { lines += [Line(item: .heading(heading), choice: nil)] + more }
  }

  private func file(_ path: String, detail: String) -> Line {
    Line(item: ListItem(fileName(path), detail: detail), choice: .file(path))
  }

  /// A flow has its source already: it cannot be the source of another.
  private func accepts(_ path: String) -> Bool {
    purpose == .open || ![".flow", ".assay"].contains(where: path.lowercased().hasSuffix)
  }

  private func matches(_ path: String, _ wanted: String) -> Bool {
    wanted.isEmpty || fileName(path).lowercased().contains(wanted)
  }

  /// The line under the cursor: the first file, until the person moves.
  private func position(_ lines: [Line]) -> Int? {
    if let cursor, lines.indices.contains(cursor), lines[cursor].choice != nil { return cursor }
    let files = lines.firstIndex { if case .file? = $0.choice { true } else { false } }
    return files ?? lines.firstIndex { $0.choice != nil }
  }

  // MARK: Events

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard listing?.folder != folder, asked != folder else { return [] }
    asked = folder
    return [.list(folder: folder)]
  }

  mutating func receive(_ listing: FolderListing) {
    guard listing.folder == folder else { return }
    self.listing = listing
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch event {
    case .key(let key): return handle(key, &state)
    case .paste(let pasted):
      text.insert(pasted.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")
      follow()
    case .mouse(let mouse):
      switch mouse.kind {
      case .press(.left, let clicks):
        var grid = CellGrid(size: state.size)
        let hits = draw(into: &grid, state)
        guard case .item(_, let line)? = hits.target(at: mouse.position) else { return .stay() }
        let wasHere = cursor == line
        cursor = line
        return clicks > 1 || wasHere ? choose(&state) : .stay()
      case .scroll(.up): move(by: -1, state)
      case .scroll(.down): move(by: 1, state)
      case .press, .release, .drag, .scroll: break
      }
    case .resize, .wake, .hangup, .terminate: break
    }
    return .stay()
  }

  private mutating func handle(_ key: KeyEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch key {
    case .escape:
      if !text.isEmpty {
        text = TextFieldState()
        cursor = nil
        return .stay()
      }
      return back.map { .replace($0) } ?? .close()
    case .enter: return choose(&state)
    case .up, .backTab: move(by: -1, state)
    case .down: move(by: 1, state)
    case .pageUp: move(by: -8, state)
    case .pageDown: move(by: 8, state)
    case .tab: complete(state)
    case .left where text.isEmpty, .backspace where text.isEmpty: go(to: FilePaths.parent(of: folder))
    case .right where text.cursor == text.characters.count:
      let lines = lines(state)
      if let at = position(lines), case .folder(let path)? = lines[at].choice { go(to: path) }
    default:
      let before = text.text
      if text.handle(key), text.text != before { follow() }
    }
    return .stay()
  }

  private mutating func move(by delta: Int, _ state: WorkbenchState) {
    let lines = lines(state)
    cursor = ListView.moved(position(lines) ?? 0, by: delta, over: lines.map(\.item))
  }

  private mutating func go(to path: String) {
    folder = path
    text = TextFieldState()
    cursor = nil
  }

  /// A typed path moves the list to its folder.
  private mutating func follow() {
    cursor = nil
    if let typed = FilePaths.split(text.text) { folder = typed.folder }
  }

  /// Tab writes the name under the cursor into the path; without a path it moves on.
  private mutating func complete(_ state: WorkbenchState) {
    let lines = lines(state)
    guard FilePaths.split(text.text) != nil, let at = position(lines), let choice = lines[at].choice else {
      move(by: 1, state)
      return
    }
    switch choice {
    case .file(let path): text.set(path)
    case .folder(let path): text.set(path.hasSuffix("/") ? path : path + "/")
    }
    follow()
  }

  private mutating func choose(_ state: inout WorkbenchState) -> OverlayOutcome {
    let lines = lines(state)
    // A path that was typed in full wins over the list: the file may have an ending that is not listed.
    if let at = position(lines), let choice = lines[at].choice {
      switch choice {
      case .folder(let path):
        go(to: path)
        return .stay()
      case .file(let path): return take(path, &state)
      }
    }
    let typed = expanded(text.text.trimmingBlanks)
    guard !typed.isEmpty else { return .stay() }
    return take(typed, &state)
  }

  private func take(_ path: String, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch purpose {
    case .open:
      guard state.isDirty else { return .close(openPath(path, &state)) }
      return .replace(ConfirmOverlay.leaveUnsaved(opening: path))
    case .select, .add, .replace:
      guard accepts(path) else {
        state.say("\(fileName(path)) is no dataset: ^O opens it.", .warning)
        return .stay()
      }
      var source = Source(location: path)
      var step: StepID?
      if case .replace(let id) = purpose, case .source(let old)? = state.flow.graph[id]?.operation {
        step = id
        source.rows = old.rows
        source.location = FilePaths.absolute(path, in: state.workingFolder)
      }
      return .replace(ImportOverlay(source, replacing: step, adds: purpose == .add, back: self))
    }
  }

  // MARK: Drawing

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let bounds = FormDialog.bounds(state.size)
    let rect = DialogFrame.rect(for: Size(width: 70, height: 24), in: bounds)
    let frame =
      switch purpose {
      case .open: DialogFrame("Open", note: "a dataset, a .flow or a session", hints: "Enter: open  Esc: back")
      case .select, .add:
        DialogFrame(
          purpose == .add ? "Add dataset" : "New data flow", step: "step 2 of 3",
          note: folder.hasPrefix(FilePaths.remote)
            ? "which object? or type a prefix with *"
            : folder.hasPrefix(FilePaths.cluster) ? "which table?" : "which file?",
          hints: "Enter: next  Esc: back")
      case .replace: DialogFrame("Source", note: "which file is read?", hints: "Enter: next  Esc: back")
      }
    var hits = frame.draw(in: rect, on: &grid, context)
    let (search, rest) = DialogFrame.inner(rect).splitTop(rect.height > 6 ? 2 : 1)
    TextFieldView(text, placeholder: "type to search, or a path such as ~/data/").draw(in: search, on: &grid, context)
    let lines = lines(state)
    var list = rest
    if let error = listing?.error, listing?.folder == folder {
      let block = TextBlock(error, style: Level.error.style(context))
      let (above, below) = rest.splitTop(min(rest.height / 2, block.height(width: rest.width)))
      block.draw(in: above, on: &grid, context)
      list = below
    }
    let isWaiting = listing?.folder != folder
    let view = ListView(
      lines.map(\.item), cursor: position(lines), name: "file",
      placeholder: isWaiting
        ? "reading \(folder)…" : "Nothing here is called that: Enter opens the path as it is typed.")
    hits.add(view.draw(in: list, on: &grid, context))
    return hits
  }
}

extension String {
  /// Without blanks at both ends.
  var trimmingBlanks: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
