import Engine
import Flow
import Frame

/// Rows, or what they were before a look that is still being computed.
let hasTableRows: @Sendable (WorkbenchState) -> Availability = { state in
  guard let view = state.table.current else { return .disabled("there is no table yet: open a dataset") }
  return view.opened == nil && view.before.isEmpty ? .disabled("the rows are still being read") : .enabled
}

private let hasFilter: @Sendable (WorkbenchState) -> Availability = { state in
  state.table.current?.request.look.filters.isEmpty ?? true ? .disabled("no filter hides rows: & filters") : .enabled
}

private let isChanged: @Sendable (WorkbenchState) -> Availability = { state in
  guard let look = state.table.current?.request.look else { return .disabled("there is no table yet") }
  return look.sort.isEmpty && look.columns.isEmpty
    ? .disabled("rows and columns are as the step hands them on") : .enabled
}

/// A command of the table pane that looks at rows.
func rowCommand(
  _ name: String, _ title: String, _ summary: String, keys: [String] = [], group: CommandGroup = .look,
  menu: MenuTitle? = .data, priority: Int = 0, hint: String = "",
  availability: @escaping @Sendable (WorkbenchState) -> Availability = hasTableRows,
  perform: @escaping @Sendable (inout WorkbenchState) -> [Effect]
) -> Command {
  Command(
    CommandID("table." + name), title, summary, keys: keys, in: [.pane(.table)], group: group, menu: menu,
    priority: priority, hint: hint, availability: availability, perform: perform)
}

/// Finding, filtering, ordering and marking rows, new columns and types. None of these changes the flow, but for the one
/// that keeps what is looked at.
let rowCommands: [Command] = searchCommands + filtering + ordering + markCommands + changing + types

private let filtering: [Command] = [
  rowCommand(
    "filter", "Filter rows…",
    "Shows the rows that an expression or a pattern in this column chooses; with ! before it, the others.",
    keys: ["&"], priority: 8, hint: "filter"
  ) { promptFilter(in: currentColumn($0)?.name, &$0) },
  rowCommand(
    "filterAnywhere", "Filter rows by all columns…", "The same, with the pattern looked for in every column.",
    keys: ["g &"]
  ) { promptFilter(in: nil, &$0) },
  rowCommand(
    "filterByCell", "Filter by this cell", "Shows the rows that have the value under the cursor in this column.",
    keys: ["g ,"]
  ) { state in cellFilter(state).map { filter($0, &state) } ?? [] },
  rowCommand(
    "keepOthers", "Keep the other rows", "Turns the newest filter round: shows the rows that it hides.",
    availability: hasFilter
  ) { state in
    guard let view = state.table.current, let newest = view.request.look.filters.last else { return [] }
    let effects = clearNewestFilter(&state) ?? []
    return effects + filter(newest.inverse, &state)
  },
]

private let ordering: [Command] = [
  rowCommand(
    "sortAlsoAscending", "Sort ascending, next key", "Orders rows that are equal so far by this column.", keys: ["g ["]
  ) { addKey(descending: false, &$0) },
  rowCommand(
    "sortAlsoDescending", "Sort descending, next key",
    "Orders rows that are equal so far by this column, largest first.",
    keys: ["g ]"]
  ) { addKey(descending: true, &$0) },
  rowCommand(
    "unsort", "Original order and columns",
    "Shows the rows in their own order, without new columns and types; filters stay.", keys: ["g o"],
    availability: isChanged
  ) { state in
    guard var look = state.table.current?.request.look else { return [] }
    look.sort = []
    look.columns = []
    return change(look: look, &state)
  },
]

private let changing: [Command] = [
  rowCommand(
    "derive", "New column…", "Adds a column that an expression gives, such as bmi = weight / height ^ 2. Looks only.",
    keys: ["="]
  ) { promptDerive(&$0) },
  rowCommand(
    "keep", "Keep as steps", "Adds filters, order, new columns and types of this view to the flow.", keys: ["g k"],
    group: .change, menu: .flow,
    availability: { state in
      guard let view = state.table.current, !view.request.look.isPlain else {
        return .disabled("the view shows the step as it is")
      }
      if view.request.look.table != Look() { return .disabled("a summary is no part of the flow") }
      return keptOperations(view) == nil
        ? .disabled("single marked rows follow no rule: filter by an expression instead") : .enabled
    }
  ) { keepLook(&$0) },
]

private let types: [Command] = [
  ("~", ShownType.text), ("#", .integer), ("%", .real), ("$", .currency), ("@", .date),
].map { key, type in
  rowCommand(
    "type.\(type.rawValue)", "Read as \(type.name)",
    "Shows this column as \(type.name) and tells how many cells are none. Looks only.", keys: [key]
  ) { retype(type, &$0) }
}

// MARK: Prompts

private func promptFilter(in column: String?, _ state: inout WorkbenchState) -> [Effect] {
  let schema = state.table.current?.schema ?? []
  state.overlays.append(
    TablePrompt(
      title: "Filter rows", label: "Expression, or pattern in \(column ?? "any column")", schema: schema,
      note: { text, _ in TypedFilter.meaning(text, column: column, schema: schema) },
      accept: { text, state in filter(try TypedFilter.filter(text, column: column, schema: schema), &state) }))
  return []
}

private func promptDerive(_ state: inout WorkbenchState) -> [Effect] {
  let schema = state.table.current?.schema ?? []
  state.overlays.append(
    TablePrompt(
      title: "New column", label: "name = expression", schema: schema,
      note: { _, _ in "such as bmi = weight / height ^ 2; without a name the expression is the name" },
      accept: { text, state in
        let (name, expression) = derived(text, schema)
        _ = try ExpressionParser.parse(expression, schema: schema)
        guard var look = state.table.current?.request.look else { return [] }
        look.columns.append(.derive(name: name, expression: expression))
        let effects = change(look: look, &state)
        // The new column is the last one: the cursor goes there, so that it is seen.
        let place = schema.firstIndex { $0.name == name } ?? schema.count
        state.table.changeCurrent { $0.column = place }
        return effects
      }))
  return []
}

/// Name and expression of a new column: `name = expression` where the left side is a name alone.
private func derived(_ text: String, _ schema: Schema) -> (name: String, expression: String) {
  if let match = text.firstMatch(of: /^\s*(?:\[([^\]]+)\]|([\p{L}_][\p{L}\p{N}_ ]*?))\s*=(?!=)\s*(.+)$/) {
    return (String(match.1 ?? match.2 ?? ""), String(match.3))
  }
  return (text, text)
}

// MARK: Doing

func cellFilter(_ state: WorkbenchState) -> RowFilter? {
  guard let view = state.table.current, let column = currentColumn(state), view.isLoaded(view.row) else { return nil }
  return .equals(column: column.name, view.value(row: view.row, column: view.column))
}

private func addKey(descending: Bool, _ state: inout WorkbenchState) -> [Effect] {
  guard let column = currentColumn(state), let look = state.table.current?.request.look else { return [] }
  let others = look.sort.filter { $0.column != column.name }
  return sort(by: others + [SortKey(column.name, descending: descending)], &state)
}

private func retype(_ type: ShownType, _ state: inout WorkbenchState) -> [Effect] {
  guard let column = currentColumn(state), var look = state.table.current?.request.look else { return [] }
  look.columns.removeAll { change in
    if case .type(column.name, _) = change { true } else { false }
  }
  let change = ColumnChange.type(column: column.name, type)
  look.columns.append(change)
  let effects = Workbench.change(look: look, &state)
  guard let request = state.table.current?.request, !effects.isEmpty else { return effects }
  return effects + [state.ask(.losses(request), for: .losses(change)).1]
}

/// The steps that do to the rows what a look does; nil where it chooses rows one by one.
private func keptOperations(_ view: TableView) -> [Flow.Operation]? {
  let look = view.request.look
  var operations = look.columns.map(\.operation)
  for filter in look.filters {
    guard let condition = filter.condition(over: view.schema) else { return nil }
    operations.append(.filter(condition))
  }
  if !look.sort.isEmpty { operations.append(.sort(look.sort)) }
  return operations
}

private func keepLook(_ state: inout WorkbenchState) -> [Effect] {
  guard let view = state.table.current, let operations = keptOperations(view) else { return [] }
  do {
    var last = view.request.node
    let effects = try state.edit { flow in
      for operation in operations { last = try flow.graph.add(operation, after: last) }
    }
    let kept = operations.count == 1 ? "a step" : "\(operations.count) steps"
    state.say("Kept as \(kept). \(state.keyLabel("edit.undo")) undoes.", .success)
    let opened = open(last, &state)
    alignFlowCursor(&state)
    return effects + opened
  } catch {
    state.say("\(error)", .error)
    return []
  }
}
