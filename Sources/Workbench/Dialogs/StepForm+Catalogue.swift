import Flow
import Frame
import Widgets

/// Another step whose rows a step can read.
struct StepChoice: Sendable, Equatable {
  var id: StepID
  var title: String

  /// The steps of the flow in its order, without some.
  static func all(but refused: Set<StepID>, _ state: WorkbenchState) -> [StepChoice] {
    state.flow.graph.outline.map(\.id).filter { !refused.contains($0) }.map { id in
      let step = state.flow.graph[id]
      let summary = step?.operation.summary ?? ""
      let name = step?.operation.kind == .source ? fileName(summary) : step?.title ?? ""
      return StepChoice(id: id, title: "\(id.rawValue)  \(name)")
    }
  }
}

/// The form of a catalogued transform: its fields follow from the catalogue.
extension StepForm {
  private var infos: [ParameterInfo] { info.parameters }

  /// The parameters that the step has now; empty for a new one.
  private var given: Parameters {
    if case .transform(let spec)? = initial { spec.parameters } else { [:] }
  }

  /// The fields of the parameters that apply to what is entered by now.
  func catalogued(_ form: FormState) -> [FormField] {
    let entered = parameters(form)
    return infos.filter { shows($0, among: infos, entered) }.flatMap { field($0, prefix: "", given, form) }
  }

  private func shows(_ info: ParameterInfo, among infos: [ParameterInfo], _ entered: Parameters) -> Bool {
    // A split makes a step for each part: none is asked for.
    if kind.rawValue == "split", info.id == "part" { return false }
    guard let condition = info.condition else { return true }
    return condition.holds(entered, initial: infos.first { $0.id == condition.parameter }?.initial ?? "")
  }

  private func field(_ info: ParameterInfo, prefix: String, _ given: Parameters, _ form: FormState) -> [FormField] {
    let id = prefix + info.id
    let text = written(given[info.id]) ?? info.initial
    switch info.form {
    case .columns:
      let fits = columns.filter { info.fit.refusal($0) == nil }
      let others = columns.filter { info.fit.refusal($0) != nil }
      let options = ColumnChoices.options(fits + others) { info.fit.refusal($0) }
      var chosen = Set(given.texts(info.id))
      if given.isEmpty, !info.isOptional, let current, fits.contains(where: { $0.name == current }) {
        chosen = [current]
      }
      return [.picker(id, info.label, options, chosen: chosen, rows: 7, help: info.help)]
    case .column:
      let schema = info.isOfOther ? other ?? [] : columns
      let options = ColumnChoices.options(schema) { info.fit.refusal($0) }
      let isCurrent = prefix.isEmpty && !info.isOptional && given.isEmpty && !info.isOfOther
      let fitting = isCurrent ? columns.first { $0.name == current && info.fit.refusal($0) == nil }?.name : nil
      return [
        .choice(
          id, info.label, [FormOption("", info.isOptional ? "(none)" : "(choose)")] + options,
          selected: given.text(info.id) ?? fitting ?? "", help: info.help)
      ]
    case .choice(let words):
      let options = words.map { FormOption($0) }
      let isShort = words.count <= 4 && words.reduce(0) { $0 + $1.count + 4 } <= 40
      return [
        isShort
          ? .radio(id, info.label, options, selected: text, help: info.help)
          : .choice(id, info.label, options, selected: text, help: info.help)
      ]
    case .integer, .number:
      // A parameter of the flow is typed as text: {{name}}.
      let now = form[id] == nil ? text : form.text(id)
      if now.hasPrefix("{") { return [.text(id, info.label, now, help: info.help)] }
      return number(info, id, now)
    case .toggle:
      return [.check(id, info.label, "", isOn: given[info.id]?.flag ?? (info.initial == "true"), help: info.help)]
    case .inputs(let range):
      let options = steps.map { FormOption($0.id.rawValue, $0.title) }
      let chosen = others.map(\.rawValue)
      if range.upperBound == 1 {
        return [
          .choice(id, info.label, [FormOption("", "(choose)")] + options, selected: chosen.first ?? "", help: info.help)
        ]
      }
      return [.picker(id, info.label, options, chosen: Set(chosen), rows: 5, help: info.help)]
    case .rows(let infos): return rows(info, infos, given, form)
    case .source, .name, .condition, .expression, .value, .text, .texts, .sql:
      return [.text(id, info.label, text, placeholder: info.isOptional ? "optional" : "", help: info.help)]
    }
  }

  private func number(_ info: ParameterInfo, _ id: String, _ text: String) -> [FormField] {
    switch info.form {
    case .integer(let range):
      let bounds = Double(range.lowerBound)...Double(range.upperBound)
      return [.number(id, info.label, text, in: bounds, isInteger: true, help: info.help)]
    case .number(let range): return [.number(id, info.label, text, in: range, help: info.help)]
    default: return []
    }
  }

  private func rows(
    _ info: ParameterInfo, _ infos: [ParameterInfo], _ given: Parameters, _ form: FormState
  ) -> [FormField] {
    var present = given.rows(info.id)
    if present.isEmpty, initial == nil, kind.rawValue == "split" { present = Self.usualParts }
    let entered = enteredRows(info, infos, form)
    let isNew = form.fields.allSatisfy { !$0.id.hasPrefix(info.id + ".") }
    let count = (isNew ? present.count : (entered.last?.0 ?? -1) + 1) + 1
    return (0..<min(count, 60)).flatMap { index -> [FormField] in
      let row = present.indices.contains(index) ? present[index] : [:]
      let prefix = "\(info.id).\(index)."
      let now = isNew ? row : entered.first { $0.0 == index }?.1 ?? [:]
      // An empty row asks for its first field; the others come once that is filled.
      let isEmpty = now.isEmpty && row.isEmpty && index > 0
      let shown = isEmpty ? Array(infos.prefix(1)) : infos.filter { shows($0, among: infos, now) }
      return shown.flatMap { sub -> [FormField] in
        guard index > 0, sub.id == infos.first?.id else { return field(sub, prefix: prefix, row, form) }
        return field(sub, prefix: prefix, row, form).map { field in
          var field = field
          // A word is always chosen; a row after the first needs a way to say that it is not there.
          if case .choice(let words) = sub.form {
            let options = [FormOption("", "(none)")] + words.map { FormOption($0) }
            field = .choice(prefix + sub.id, sub.label, options, selected: row.text(sub.id) ?? "", help: sub.help)
          }
          field.label += " \(index + 1)"
          return field
        }
      }
    }
  }

  /// The rows that are filled, with their numbers: those whose first field is.
  private func enteredRows(_ info: ParameterInfo, _ infos: [ParameterInfo], _ form: FormState) -> [(Int, Parameters)] {
    (0..<60).compactMap { index in
      let prefix = "\(info.id).\(index)."
      guard let first = infos.first, !form.text(prefix + first.id).trimmingBlanks.isEmpty else { return nil }
      return (index, read(infos, prefix: prefix, form))
    }
  }

  // MARK: Reading

  /// The parameters that the fields hold; those that are empty or do not apply are left out.
  /// What is entered, and what the step holds beside that no form asks for.
  private func parameters(_ form: FormState) -> Parameters {
    var parameters = read(infos, prefix: "", form)
    let asked = Set(infos.map(\.id))
    for (name, value) in given.values where !asked.contains(name) { parameters[name] = value }
    return parameters
  }

  private func read(_ infos: [ParameterInfo], prefix: String, _ form: FormState) -> Parameters {
    var parameters = Parameters()
    for info in infos { parameters[info.id] = value(info, prefix + info.id, form) }
    return parameters
  }

  private func value(_ info: ParameterInfo, _ id: String, _ form: FormState) -> Parameter? {
    switch info.form {
    case .rows(let infos):
      let rows = enteredRows(info, infos, form).map(\.1)
      return rows.isEmpty ? nil : .list(rows.map { .record($0.values) })
    case .columns:
      let chosen = form.chosen(id)
      return chosen.isEmpty ? nil : .list(chosen.map(Parameter.text))
    case .toggle: return form[id] == nil ? nil : .flag(form.isOn(id))
    case .inputs: return nil
    case .integer, .number:
      let text = form.text(id).trimmingBlanks
      return text.isEmpty ? nil : form.number(id).map(Parameter.number) ?? .text(text)
    case .texts:
      let items = form.text(id).split(separator: ",").map { Parameter.text(String($0).trimmingBlanks) }
      return items.isEmpty ? nil : .list(items)
    case .column, .choice, .name, .condition, .expression, .value, .source, .sql:
      let text = form.text(id).trimmingBlanks
      return text.isEmpty ? nil : .text(text)
    case .text:
      // Blanks may be what is meant, such as a fill or a delimiter.
      let text = form.text(id)
      return text.isEmpty ? nil : .text(text)
    }
  }

  private func written(_ parameter: Parameter?) -> String? {
    switch parameter {
    case .text(let text)?: text
    case .number(let number)?: number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case .flag(let flag)?: flag ? "true" : "false"
    case .list(let items)?: items.compactMap { written($0) }.joined(separator: ", ")
    case .record?, .missing?, nil: nil
    }
  }

  /// The operation that the fields describe.
  func cataloguedOperation(_ form: FormState) -> Operation {
    let entered = parameters(form)
    var kept = Parameters()
    for info in infos where shows(info, among: infos, entered) { kept[info.id] = entered[info.id] }
    if kind.rawValue == "split" { kept["part"] = part(kept) }
    return .transform(TransformSpec(kind.rawValue, kept))
  }

  /// What a new split begins with.
  private static let usualParts: [Parameters] = [["name": "Train", "share": 0.8], ["name": "Test", "share": 0.2]]

  /// The part that the edited step of a split keeps, under the name that it has now; the first of a new one.
  private func part(_ entered: Parameters) -> Parameter? {
    let names = entered.rows("parts").map { $0.text("name") ?? "" }
    let before = given.rows("parts").map { $0.text("name")?.trimmingBlanks }
    let place = given.text("part").flatMap { part in before.firstIndex { $0 == part.trimmingBlanks } } ?? 0
    return (names.indices.contains(place) ? names[place] : names.first).map { .text($0) }
  }

  /// The part that a step of a split keeps.
  func part(of operation: Flow.Operation) -> String? {
    if case .transform(let spec) = operation { spec.parameters.text("part") } else { nil }
  }

  /// The other steps that the fields choose.
  func chosenSteps(_ form: FormState) -> [StepID] {
    for info in infos {
      guard case .inputs(let range) = info.form else { continue }
      let ids = range.upperBound == 1 ? [form.text(info.id)].filter { !$0.isEmpty } : form.chosen(info.id)
      return ids.map { StepID($0) }
    }
    return []
  }

  /// The step whose columns the form needs beside its own.
  func otherStep(_ form: FormState) -> StepID? {
    infos.contains { if case .rows(let rows) = $0.form { rows.contains(where: \.isOfOther) } else { $0.isOfOther } }
      ? chosenSteps(form).first : nil
  }

  /// Why the other steps do not do; nil where they do.
  func stepsFault(_ form: FormState) -> (field: String, reason: String)? {
    for info in infos {
      guard case .inputs(let range) = info.form else { continue }
      if steps.isEmpty { return (info.id, "there is no other step to read: add a second dataset with + first") }
      let count = chosenSteps(form).count
      if count < range.lowerBound { return (info.id, "choose the step to read") }
    }
    return nil
  }

  /// The columns that an edited step names.
  var cataloguedColumns: [String] {
    infos.flatMap { info -> [String] in
      switch info.form {
      case .columns, .column: given.texts(info.id)
      default: []
      }
    }
  }

  /// The field that an error is shown at: the first that must not stay empty.
  func cataloguedFaultField(_ form: FormState) -> String {
    let entered = parameters(form)
    let shown = infos.filter { shows($0, among: infos, entered) }
    if let empty = shown.first(where: { !$0.isOptional && entered[$0.id] == nil && $0.initial.isEmpty }) {
      switch empty.form {
      case .rows(let infos): return "\(empty.id).0.\(infos.first?.id ?? "")"
      case .inputs where !chosenSteps(form).isEmpty: break
      default: return empty.id
      }
    }
    guard let first = shown.first else { return "effect" }
    if case .rows(let infos) = first.form { return "\(first.id).0.\(infos.first?.id ?? "")" }
    return first.id
  }
}
