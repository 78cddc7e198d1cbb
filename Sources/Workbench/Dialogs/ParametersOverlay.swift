import Engine
import Flow
import Grid
import Widgets

/// The parameters of the flow: what stands for `{{name}}`, and in which steps. Those that steps use and nobody has declared
/// stand among them, for they need a value.
struct ParametersOverlay: Overlay {
  private static let new = "+"
  private var list: ListDialog

  init(_ state: WorkbenchState) {
    let graph = state.flow.graph
    func users(_ name: String) -> String {
      let steps = graph.users(of: name).map(\.rawValue)
      return steps.isEmpty ? "not used" : "in \(steps.joined(separator: ", "))"
    }
    var entries = graph.parameters.map { parameter in
      ListDialog.Entry(
        id: parameter.name, title: "\(parameter.name) = \(parameter.value ?? "(no value)")",
        help: [parameter.kind.rawValue, users(parameter.name), parameter.note].compactMap(\.self).joined(
          separator: " · "),
        explanation:
          "Stands for {{\(parameter.name)}} in paths, expressions, SQL and values. It is \(parameter.kind.noun).")
    }
    entries += graph.undeclared.map {
      ListDialog.Entry(id: $0, title: "\($0) = (no value)", help: "\(users($0)) · needs a value")
    }
    entries.append(
      ListDialog.Entry(
        id: Self.new, title: "New parameter…", help: "then write {{name}} in a step",
        explanation: """
          A parameter is a value with a name. {{name}} stands for it in the path of a source, in a condition, an expression \
          or SQL, and in fields for texts, values and numbers. It is always a value: quotes and signs in it mean nothing.
          """))
    list = ListDialog("Parameters", note: state.flow.name, entries: entries)
  }

  var hints: [(key: String, label: String)] {
    [("↑↓", "choose"), ("Enter", "set"), ("type", "search"), ("F2", "explain"), ("Esc", "close")]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(let id): return .replace(ParameterOverlay(id == Self.new ? nil : id, state))
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}

/// The form of one parameter.
struct ParameterOverlay: Overlay {
  private let name: String?
  private let isDeclared: Bool
  private var dialog: FormDialog

  init(_ name: String?, _ state: WorkbenchState) {
    self.name = name
    let declared = name.flatMap { state.flow.graph.parameter($0) }
    isDeclared = declared != nil
    let kinds = [
      FormOption("text"), FormOption("number"), FormOption("flag", "true or false"), FormOption("date"),
    ]
    let title: FormField =
      name.map { .note("Name", $0, id: "name") }
      ?? .text("name", "Name", placeholder: "limit", help: "Letters, digits and _. {{name}} stands for it in a step.")
    var buttons = [FormOption("set", declared == nil ? "Add" : "Set")]
    if declared != nil { buttons.append(FormOption("delete", "Delete")) }
    buttons.append(FormOption("cancel", "Back"))
    dialog = FormDialog(
      "Parameter", note: name.map { "{{\($0)}}" } ?? "", width: 58,
      fields: [
        title,
        .radio(
          "kind", "Kind", kinds, selected: declared?.kind.rawValue ?? "number",
          help: "What the value is. In an expression it stands as a literal of this kind."),
        .text(
          "value", "Value", declared?.value ?? "", placeholder: "empty: to be given with -D",
          help: "The value in the flow. assay flow run and assay run take another with -D name=value."),
        .text("note", "Note", declared?.note ?? "", placeholder: "optional", help: "What it is for."),
        .buttons(buttons),
      ])
    if name != nil { dialog.setFocus("value") }
  }

  var hints: [(key: String, label: String)] {
    dialog.explanation != nil
      ? [("any key", "back")] : [("Tab", "field"), ("←→", "kind"), ("^R", "set"), ("F2", "explain"), ("Esc", "back")]
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .pressed("set"), .submitted: return set(&state)
    case .pressed("delete"): return delete(&state)
    case .pressed, .cancelled: return .replace(ParametersOverlay(state))
    case .changed, .ignored, .handled, .explain: return .stay()
    }
  }

  private mutating func set(_ state: inout WorkbenchState) -> OverlayOutcome {
    let form = dialog.form
    let wanted = name ?? form.text("name").trimmingBlanks
    for field in ["name", "value"] { dialog.setError(field, nil) }
    if name == nil, state.flow.graph.parameter(wanted) != nil {
      dialog.setError("name", "there is a parameter of this name already")
      dialog.setFocus("name")
      return .stay()
    }
    let kind = FlowParameter.Kind(rawValue: form.text("kind")) ?? .text
    // An empty text is a value too, but nobody means it: it waits to be given.
    let value = form.text("value").isEmpty ? nil : form.text("value")
    let note = form.text("note").trimmingBlanks
    do {
      let parameter = try FlowParameter(wanted, kind, value, note: note.isEmpty ? nil : note)
      let effects = try state.edit { try $0.graph.setParameter(parameter) }
      state.say(
        "{{\(wanted)}} is \(value ?? "to be given with -D \(wanted)=VALUE"). \(state.keyLabel("edit.undo")) undoes.",
        .success)
      return .replace(ParametersOverlay(state), effects + openSelected(&state))
    } catch {
      let isName = (try? FlowParameter(wanted, .text)) == nil
      dialog.setError(isName && name == nil ? "name" : "value", "\(error)")
      dialog.setFocus(isName && name == nil ? "name" : "value")
      return .stay()
    }
  }

  private func delete(_ state: inout WorkbenchState) -> OverlayOutcome {
    guard let name, let effects = try? state.edit({ try $0.graph.deleteParameter(name) }) else { return .stay() }
    state.say("Deleted the parameter \(name). \(state.keyLabel("edit.undo")) brings it back.")
    return .replace(ParametersOverlay(state), effects + openSelected(&state))
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "Enter: next  Esc: back")
  }
}
