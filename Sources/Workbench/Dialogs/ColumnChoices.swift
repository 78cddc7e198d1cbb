import Engine
import Flow
import Frame
import Insight
import Widgets

/// The columns of a step as options of a form.
enum ColumnChoices {
  /// The options, in the order of the schema; a column that `refuse` gives a reason for cannot be chosen.
  static func options(_ schema: Schema, refuse: (Column) -> String? = { _ in nil }) -> [FormOption] {
    schema.map { FormOption($0.name, "\($0.name) (\($0.kind.rawValue))", reason: refuse($0)) }
  }

  /// The options with one before them that means no column.
  static func optional(_ schema: Schema, none: String) -> [FormOption] { [FormOption("", none)] + options(schema) }

  static func notNumeric(_ column: Column) -> String? { column.kind.isNumeric ? nil : "not a number" }
}

/// The columns that a step yields, as far as the screen knows: of the open table, or compiled down from it.
func knownSchema(of node: StepID, _ state: WorkbenchState) -> Schema? {
  guard let view = state.table.views.first, let opened = view.opened, view.request.graph == state.flow.graph else {
    return nil
  }
  // Columns of a look or of a summary are none of the step.
  guard view.request.look.columns.isEmpty, view.request.look.summary == nil else { return nil }
  if view.request.node == node { return opened.schema }
  let relation = Relation(sql: "SELECT 1", schema: opened.schema)
  let path = (try? state.flow.graph.path(to: node)) ?? []
  guard path.contains(view.request.node) else { return nil }
  return try? Compiler(state.flow.graph, relations: [view.request.node: relation]).schema(of: node)
}

/// How many rows a step has, as far as the screen knows.
func knownRows(of node: StepID, _ state: WorkbenchState) -> RowCount? {
  guard let view = state.table.views.first, view.request.node == node else { return nil }
  return view.opened?.count
}

/// Learns the columns of a step: from the screen, or else from the engine.
struct SchemaQuestion: Sendable {
  let node: StepID
  /// How the rows are looked at: new columns and other types belong to them.
  private let look: Look
  private(set) var schema: Schema?
  /// What is known of the columns' values, from the first rows.
  private(set) var header: [HeaderProfile] = []
  private(set) var error: String?
  private var request: RequestID?

  init(_ node: StepID, _ state: WorkbenchState, look: Look = Look()) {
    self.node = node
    self.look = Look(columns: look.columns, summary: look.summary)
    learn(from: state)
  }

  /// Takes what the screen knows by now.
  private mutating func learn(from state: WorkbenchState) {
    if schema == nil { schema = look.isPlain ? knownSchema(of: node, state) : shownSchema(state) }
    guard look.isPlain, let view = state.table.views.first, view.request.node == node, !view.header.isEmpty else {
      return
    }
    header = view.header
  }

  /// The columns of a view that looks at the rows in the same way.
  private func shownSchema(_ state: WorkbenchState) -> Schema? {
    state.table.views.first { view in
      let other = view.request.look
      return view.request.node == node && view.request.graph == state.flow.graph && view.opened != nil
        && other.columns == look.columns && other.summary == look.summary
    }?.schema
  }

  /// Asks the engine, once, when the screen does not know and is not about to.
  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    learn(from: state)
    guard schema == nil, request == nil, error == nil, state.flow.graph[node] != nil else { return [] }
    if let view = state.table.views.first, view.request.node == node, view.opening != nil { return [] }
    let (id, effect) = state.ask(.header(NodeRequest(graph: state.flow.graph, node: node, look: look)), for: .dialog)
    request = id
    return [effect]
  }

  /// True when the answer came.
  mutating func receive(_ happening: JobHappening, for id: RequestID) -> Bool {
    guard id == request else { return false }
    switch happening {
    case .done(.header(let columns)):
      header = columns
      schema = columns.map { Column(name: $0.column, type: $0.kind.typeName, kind: $0.kind) }
    case .failed(let text): error = text
    case .started, .progress, .partial, .done, .cancelled: return false
    }
    return true
  }
}
