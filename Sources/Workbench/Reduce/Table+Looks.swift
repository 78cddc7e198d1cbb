import Engine
import Flow
import Frame

/// Changes how the current view looks at its table: the old rows stay on screen until the new ones are there, and the
/// cursor stays on its row.
func change(look: Look, _ state: inout WorkbenchState) -> [Effect] {
  guard let view = state.table.current, look != view.request.look else { return [] }
  let effects = cancelViews([view], state)
  var request = view.request
  request.look = look
  var changed = TableView(id: state.table.nextView, request: request, title: view.title)
  state.table.nextView += 1
  changed.column = view.column
  changed.left = view.left
  changed.openedFrom = view.openedFrom
  changed.arrangement = view.arrangement
  changed.search = view.search.map { TableSearch($0.match, isBackward: $0.isBackward) }
  if look.columns == view.request.look.columns {
    changed.widths = view.widths
    if look.filters == view.request.look.filters {
      changed.header = view.header
      changed.hasHeader = view.hasHeader
    }
  }
  changed.anchor = view.place
  var before = view.opened == nil ? view.before.first ?? view : view
  before.before = []
  before.awaited = [:]
  before.headerRequest = nil
  before.tailRequest = nil
  changed.before = before.opened == nil ? [] : [before]
  let (id, effect) = state.ask(.open(request), for: .open(view: changed.id))
  changed.opening = id
  state.table.views[state.table.views.count - 1] = changed
  return effects + [effect]
}

/// Replaces the current view's order, keeping the row and column under the cursor; who stands on the first row stays
/// there, to see what comes first now.
func sort(by keys: [SortKey], _ state: inout WorkbenchState) -> [Effect] {
  guard let view = state.table.current else { return [] }
  var look = view.request.look
  look.sort = keys
  let effects = change(look: look, &state)
  if view.row == 0, view.anchor == nil { state.table.changeCurrent { $0.anchor = nil } }
  return effects
}

/// Shows fewer rows in a view on top of the current one; the cursor stays on its row, or goes to the next one left.
func filter(_ filter: RowFilter, title: String? = nil, _ state: inout WorkbenchState) -> [Effect] {
  guard let view = state.table.current else { return [] }
  var request = view.request
  request.look.filters.append(filter)
  let effects = push(request, title: title ?? filter.summary, &state)
  let anchor = view.place
  state.table.changeCurrent { new in
    new.column = view.column
    new.left = view.left
    new.widths = view.widths
    new.arrangement = view.arrangement
    new.anchor = anchor
    var before = view
    before.before = []
    new.before = view.opened == nil ? [] : [before]
  }
  return effects
}

/// Takes the newest filter away; the cursor stays on the row where it stands.
func clearNewestFilter(_ state: inout WorkbenchState) -> [Effect]? {
  guard let view = state.table.current, !view.request.look.filters.isEmpty else { return nil }
  var look = view.request.look
  look.filters.removeLast()
  let count = state.table.views.count
  guard count > 1, state.table.views[count - 2].request.table == view.request.table else {
    return change(look: look, &state)
  }
  let anchor = view.place
  state.table.views.removeLast()
  let effects = cancelViews([view], state)
  let isSame = state.table.current?.request.look == look
  state.table.changeCurrent { below in
    below.column = min(view.column, max(0, below.schema.count - 1))
    below.anchor = anchor
  }
  guard !isSame, let id = state.table.current?.id else {
    return effects + (state.table.current.map { locateAnchor($0.id, &state) } ?? [])
  }
  let changes = change(look: look, &state)
  if state.table.current?.id != id { state.table.changeCurrent { $0.anchor = anchor ?? $0.anchor } }
  return effects + changes
}

/// Asks where the row stands that the cursor shall be on.
func locateAnchor(_ view: Int, _ state: inout WorkbenchState) -> [Effect] {
  guard let table = state.table.views.first(where: { $0.id == view }), let anchor = table.anchor else { return [] }
  if table.request.look.isPlain {
    state.table.change(view) { $0.place(anchor.id, lines: anchor.lines) }
    return []
  }
  let (id, effect) = state.ask(.locate(table.request, row: anchor.id), for: .locate(view: view))
  state.table.change(view) { $0.locating = id }
  return [effect]
}

func receivePosition(
  _ happening: JobHappening, _ view: Int, _ request: RequestID, _ state: inout WorkbenchState
) {
  switch happening {
  case .done(.position(let row)):
    state.table.change(view) { table in
      guard table.locating == request else { return }
      table.locating = nil
      // Who has moved meanwhile is where he wants to be.
      guard let anchor = table.anchor, table.row == 0 || table.row == table.anchor?.id else {
        return table.anchor = nil
      }
      if let row { table.place(row, lines: anchor.lines) } else { table.anchor = nil }
    }
  case .failed, .cancelled, .done: state.table.change(view) { $0.locating = nil }
  case .started, .progress, .partial: break
  }
}

extension TableView {
  /// Puts the cursor on a row, as many lines below the first as it stood.
  fileprivate mutating func place(_ row: Int, lines: Int) {
    anchor = nil
    moveRow(to: row)
    top = max(0, self.row - max(0, lines))
  }
}

/// A look that cannot be computed is left again: the rows from before it are there as they were.
func leaveFailedLook(_ id: Int, _ state: inout WorkbenchState) -> Bool {
  guard let index = state.table.views.firstIndex(where: { $0.id == id }) else { return false }
  let view = state.table.views[index]
  guard view.opened == nil, let before = view.before.first else { return false }
  if index > 0, state.table.views[index - 1].id == before.id {
    state.table.views.remove(at: index)
  } else {
    state.table.views[index] = before
  }
  return true
}

// MARK: Searching

/// Looks for a pattern from the cursor on, and counts the rows in which it is found.
/// - Parameter offset: rows from the cursor at which to begin.
func find(
  _ match: TextMatch, from offset: Int = 0, isBackward: Bool = false, _ state: inout WorkbenchState
) -> [Effect] {
  state.table.changeCurrent { view in
    let old = view.search?.request
    view.search = TableSearch(match, isBackward: isBackward)
    view.search?.request = old
  }
  return search(from: offset, isBackward: isBackward, isNew: true, &state)
}

/// The next match in the direction of the search, or against it.
func searchAgain(reversed: Bool, _ state: inout WorkbenchState) -> [Effect] {
  let isBackward = (state.table.current?.search?.isBackward ?? false) != reversed
  return search(from: isBackward ? -1 : 1, isBackward: isBackward, &state)
}

/// - Parameter offset: rows from the cursor at which to begin.
func search(from offset: Int, isBackward: Bool = false, isNew: Bool = false, _ state: inout WorkbenchState) -> [Effect]
{
  guard let view = state.table.current, let search = view.search else { return [] }
  // A search that still counts goes on: what it counts is asked for again, and there by then.
  let cancelled = isNew ? search.request.map { [Effect.cancel($0)] } ?? [] : []
  let request = Search(search.match, from: view.row + offset, isBackward: isBackward, isNew: isNew)
  let (id, effect) = state.ask(.find(view.request, request), for: .find(view: view.id))
  state.table.changeCurrent { $0.search?.request = id }
  return cancelled + [effect]
}

func receiveFound(_ happening: JobHappening, _ view: Int, _ request: RequestID, _ state: inout WorkbenchState) {
  guard let table = state.table.views.first(where: { $0.id == view }), table.search?.request == request else { return }
  switch happening {
  case .partial(.found(let found)), .done(.found(let found)):
    let hadRow = table.search?.found?.row
    if case .done = happening { state.table.change(view) { $0.search?.request = nil } }
    state.table.change(view) { table in
      table.search?.found = found
      // The count that comes after the first row moves nothing.
      guard let row = found.row, !(row == hadRow && found.total != nil && table.row != row) else { return }
      table.moveRow(to: row)
      if let column = found.column.flatMap({ name in table.schema.firstIndex { $0.name == name } }) {
        table.moveColumn(to: column)
      }
    }
    if found.total == 0 {
      state.say("/\(table.search?.match.pattern ?? "")/ is found nowhere in \(scope(table.search?.match)).", .warning)
    } else if found.isWrapped {
      state.say("The search went on at the other end.")
    }
  case .failed(let text):
    state.table.change(view) { $0.search = nil }
    state.say(text, .error)
  case .cancelled: state.table.change(view) { $0.search?.request = nil }
  case .started, .progress, .partial, .done: break
  }
}

private func scope(_ match: TextMatch?) -> String { match?.columns?.joined(separator: ", ") ?? "any column" }

// MARK: Marks

/// Changes the marks of the table that the current view looks at.
func mark(_ change: MarkedRows.Change, _ state: inout WorkbenchState) -> [Effect] {
  guard let view = state.table.current else { return [] }
  return mark(change, of: view.request.table, &state)
}

func mark(_ change: MarkedRows.Change, of table: NodeRequest, _ state: inout WorkbenchState) -> [Effect] {
  var marks = state.table.markedTable == table ? state.table.marks : MarkedRows()
  marks.append(change)
  return setMarks(marks, of: table, &state)
}

/// Replaces the marks of a table and has them counted.
func setMarks(_ marks: MarkedRows, of table: NodeRequest, _ state: inout WorkbenchState) -> [Effect] {
  state.table.markedTable = table
  state.table.marks = marks
  var effects = state.table.markCounting.map { [Effect.cancel($0)] } ?? []
  state.table.markCount = nil
  state.table.markCounting = nil
  guard !state.table.marks.isEmpty else {
    state.table.markCount = 0
    return effects
  }
  var request = table
  request.look.filters = [.marked(state.table.marks)]
  let (id, effect) = state.ask(.count(request), for: .markCount)
  state.table.markCounting = id
  effects.append(effect)
  return effects
}

func receiveMarked(_ happening: JobHappening, _ table: NodeRequest, _ state: inout WorkbenchState) -> [Effect] {
  switch happening {
  case .done(.rowIDs(let ranges)):
    if ranges.isEmpty { state.say("No row matches.") }
    return ranges.isEmpty ? [] : mark(.add(ranges), of: table, &state)
  case .failed(let text): state.say(text, .error)
  case .started, .progress, .partial, .done, .cancelled: break
  }
  return []
}

func receiveMarkCount(_ happening: JobHappening, _ request: RequestID, _ state: inout WorkbenchState) {
  guard state.table.markCounting == request else { return }
  switch happening {
  case .done(.count(let rows)):
    state.table.markCount = rows
    state.table.markCounting = nil
    if state.table.tellsMarks { sayMarks(rows, &state) }
  case .failed(let text):
    state.table.tellsMarks = false
    state.table.markCounting = nil
    state.say(text, .error)
  case .cancelled: state.table.markCounting = nil
  case .started, .progress, .partial, .done: break
  }
}

func receiveLosses(_ happening: JobHappening, _ change: ColumnChange, _ state: inout WorkbenchState) {
  guard case .type(let column, let type) = change else { return }
  switch happening {
  case .done(.losses(let losses)):
    if let lost = losses[column] {
      let cells = lost == 1 ? "1 cell of \(column) is" : "\(Number.grouped(lost)) cells of \(column) are"
      state.say("\(cells) missing now: no \(type.name). g o takes the change back.", .warning)
    } else {
      state.say("\(column) is read as \(type.name): no cell was lost.", .success)
    }
  case .failed(let text): state.say(text, .error)
  case .started, .progress, .partial, .done, .cancelled: break
  }
}
