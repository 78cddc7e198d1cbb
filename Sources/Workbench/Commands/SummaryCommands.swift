import Engine
import Frame
import Insight
import Plot

private let hasRows: @Sendable (WorkbenchState) -> Availability = { state in
  guard let view = state.table.current else { return .disabled("there is no table yet: open a dataset") }
  return view.schema.isEmpty ? .disabled("the columns are not known yet") : .enabled
}

private let hasFrequency: @Sendable (WorkbenchState) -> Availability = { state in
  guard case .frequency(let frequency, _)? = state.table.current?.request.look.summary,
    frequency.columns.count == 1
  else { return .disabled("only a frequency table of one column has bins: F makes one") }
  return .enabled
}

/// Tables about the table: frequencies and descriptions.
let summaryCommands: [Command] = [
  Command(
    "table.frequency", "Frequency table",
    "How often each value of this column occurs, with shares, and the rate or mean of the target where one is set.",
    keys: ["F"], in: [.pane(.table)], group: .analyse, menu: .data, priority: 7, hint: "freq", availability: hasRows
  ) { state in
    guard let column = currentColumn(state) else { return [] }
    if case .description? = state.table.current?.request.look.summary { return openSummaryRow(&state) ?? [] }
    return frequency(of: [column.name], &state)
  },
  Command(
    "table.keyFrequency", "Frequency of the key columns",
    "How often each combination of the pinned columns occurs; ! pins one.", keys: ["g F"], in: [.pane(.table)],
    group: .analyse, menu: .data,
    availability: { state in
      guard let view = state.table.current else { return .disabled("there is no table yet: open a dataset") }
      return view.arrangement.pinned(view.schema) == 0 ? .disabled("no column is pinned: ! pins one") : .enabled
    }
  ) { state in
    guard let view = state.table.current else { return [] }
    return frequency(of: view.arrangement.keys.filter { view.schema.column(named: $0) != nil }, &state)
  },
  Command(
    "table.describe", "Describe all columns",
    "A table with a row for each column: kind, missing, distinct, spread, most frequent value.", keys: ["I"],
    in: [.pane(.table)], group: .analyse, menu: .data, priority: 6, hint: "stats", availability: hasRows
  ) { state in
    guard let view = state.table.current else { return [] }
    var request = view.request
    request.look = Look(summary: .description(of: summaryBase(view)))
    return push(request, title: "columns", &state)
  },
  Command(
    "table.fewerBins", "Fewer bins", "Counts the column in fewer, wider bins.", keys: ["b"], in: [.pane(.table)],
    group: .look, menu: .data, availability: hasFrequency
  ) { changeBins(&$0) { max(1, $0 * 2 / 3) } },
  Command(
    "table.moreBins", "More bins", "Counts the column in more, narrower bins.", keys: ["B"], in: [.pane(.table)],
    group: .look, menu: .data, availability: hasFrequency
  ) { changeBins(&$0) { min(1000, max($0 + 1, $0 * 3 / 2)) } },
]

/// The rows that a summary of a view is about.
private func summaryBase(_ view: TableView) -> Look {
  var look = view.request.look
  look.sort = []
  return look
}

private func frequency(of columns: [String], over base: Look? = nil, _ state: inout WorkbenchState) -> [Effect] {
  guard let view = state.table.current else { return [] }
  let schema = base == nil ? view.schema : state.table.views.last { $0.request.look.summary == nil }?.schema ?? []
  let target = state.flow.target.flatMap { name in
    schema.column(named: name) != nil && !columns.contains(name) ? name : nil
  }
  var request = view.request
  request.look = Look(
    summary: .frequency(Frequency(columns: columns, target: target), of: base ?? summaryBase(view)))
  return push(request, title: "frequency of " + columns.joined(separator: " × "), &state)
}

private func changeBins(_ state: inout WorkbenchState, _ wanted: (Int) -> Int) -> [Effect] {
  guard let view = state.table.current, let rows = view.exactRows,
    case .frequency(var frequency, let base)? = view.request.look.summary
  else { return [] }
  let kind = state.table.views.dropLast().last?.schema.column(named: frequency.columns[0])?.kind
  guard kind.map({ $0.isNumeric || $0.isTemporal }) ?? true else {
    state.say("\(frequency.columns[0]) holds no numbers or dates: each value has its own row.")
    return []
  }
  frequency.bins = wanted(frequency.bins ?? rows)
  var request = view.request
  request.look = Look(summary: .frequency(frequency, of: base))
  state.table.views.removeLast()
  let effects = cancelViews([view], state) + push(request, title: view.title, &state)
  state.table.changeCurrent { $0.openedFrom = view.openedFrom }
  return effects
}

/// Opens the rows that a row of a frequency table counts, or the frequency table of a row of a description.
/// - Returns: nil where the view is of plain rows.
func openSummaryRow(_ state: inout WorkbenchState) -> [Effect]? {
  guard let view = state.table.current, let summary = view.request.look.summary else { return nil }
  guard view.isLoaded(view.row) else { return [] }
  switch summary {
  case .description(let base):
    guard let name = view.text(row: view.row, column: 0) else { return [] }
    return frequency(of: [name], over: base, &state)
  case .frequency(let frequency, let base):
    var request = view.request
    let chosen = selections(of: frequency, view, state)
    request.look = base
    request.look.filters += chosen.map { .mark($0.selection) }
    return push(request, title: chosen.map(\.title).joined(separator: ", "), &state)
  }
}

/// What the row under the cursor counts, as conditions on the columns.
private func selections(of frequency: Frequency, _ view: TableView, _ state: WorkbenchState) -> [(
  selection: ChartSelection, title: String
)] {
  let roles = frequency.roles(of: view.schema)
  return frequency.columns.enumerated().map { index, name in
    let text = view.text(row: view.row, column: index)
    let title = "\(name)=\(text ?? "(missing)")"
    guard let from = roles.firstIndex(of: .from), let to = roles.firstIndex(of: .to),
      let lower = view.value(row: view.row, column: from).number,
      let upper = view.value(row: view.row, column: to).number
    else { return (.equals(column: name, value: text), title) }
    // The last bin has its upper end too.
    let ends = view.pages.values.flatMap { page in (0..<page.rowCount).compactMap { page.value($0, to).number } }
    let kind = state.table.views.last { $0.schema.column(named: name) != nil && $0.id != view.id }?
      .schema.column(named: name)?.kind
    let axis: AxisKind = kind.map { $0 == .date || $0 == .timestamp } ?? false ? .time : .number
    return (
      .range(column: name, lower: lower, upper: upper, includesUpper: upper == ends.max(), kind: axis),
      "\(name) \(text ?? "")"
    )
  }
}
