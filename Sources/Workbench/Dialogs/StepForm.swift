import Engine
import Flow
import Frame
import Insight
import Widgets

/// The fields of the form of a transform, and the operation that they describe. One for every kind.
struct StepForm: Sendable {
  let kind: Operation.Kind
  /// The step's parameters when it is edited; nil for a new one.
  let initial: Operation?
  /// Columns that reach the step; nil while they are not known.
  var schema: Schema?
  /// The column under the table's cursor when the dialog opened.
  var current: String?
  /// The share of missing cells by column, as far as it is known.
  var missing: [String: Double] = [:]
  /// The other steps that it may read, those that it reads beside its input, and the columns of the first of these.
  var steps: [StepChoice] = []
  var others: [StepID] = []
  var other: Schema?

  var columns: Schema { schema ?? known }

  /// Columns that the edited operation names: all that is known until the schema comes.
  private var known: Schema {
    let names: [String] =
      switch initial {
      case .cast(let casts): casts.map(\.column)
      case .rename(let names): names.map(\.column)
      case .select(let columns), .drop(let columns): columns
      case .sort(let keys): keys.map(\.column)
      case .impute(let rules): rules.map(\.column)
      case .sample(.stratified(_, let column, _)): [column]
      case .transform: cataloguedColumns
      case .sample, .source, .filter, .derive, nil: []
      }
    return names.map { Column(name: $0, type: "VARCHAR") }
  }

  var info: OperationInfo { OperationCatalogue.info(kind) }

  /// The catalogue's words for a parameter.
  func help(_ parameter: String) -> String { info.parameters.first { $0.id == parameter }?.help ?? info.help }

  // MARK: Fields

  /// The fields; `form` holds what is entered by now, on which some of them depend.
  func fields(_ form: FormState) -> [FormField] {
    switch kind {
    case .source: []
    case .cast: castFields(form)
    case .filter: filterFields(form)
    case .select, .drop: pickFields
    case .rename: renameFields(form)
    case .derive: deriveFields(form)
    case .sort: sortFields(form)
    case .sample: sampleFields(form)
    case .impute: imputeFields(form)
    default: catalogued(form)
    }
  }

  /// The operation that the fields describe, complete or not.
  func operation(_ form: FormState) -> Operation {
    switch kind {
    case .source: initial ?? .filter("")
    case .cast:
      .cast(
        rules(form).compactMap { index, column in
          ColumnKind(rawValue: form.text("kind.\(index)")).map { Cast(column, to: $0) }
        })
    case .filter: .filter(form.text("where").trimmingBlanks)
    case .select: .select(form.chosen("columns"))
    case .drop: .drop(form.chosen("columns"))
    case .rename: .rename(rules(form).map { Renaming($1, to: form.text("to.\($0)").trimmingBlanks) })
    case .derive:
      .derive(name: form.text("name").trimmingBlanks, expression: form.text("expression").trimmingBlanks)
    case .sort: .sort(rules(form).map { SortKey($1, descending: form.text("order.\($0)") == "descending") })
    case .sample: .sample(sampling(form))
    case .impute: .impute(imputeRules(form))
    default: cataloguedOperation(form)
    }
  }

  /// Where an error of the operation is shown.
  func faultField(_ form: FormState) -> String {
    switch kind {
    case .source, .cast, .rename, .sort: "column.0"
    case .filter: "where"
    case .select, .drop: "columns"
    case .derive: form.text("name").trimmingBlanks.isEmpty ? "name" : "expression"
    case .sample: form["count"] != nil ? "count" : "fraction"
    case .impute: form["value"] != nil && !form.chosen("columns").isEmpty ? "value" : "columns"
    default: cataloguedFaultField(form)
    }
  }

  /// The field that takes an expression, where there is one.
  var expressionField: String? {
    switch kind {
    case .filter: "where"
    case .derive: "expression"
    default: nil
    }
  }

  /// What is wrong with the fields themselves; nil where nothing is.
  func fault(_ form: FormState) -> (field: String, reason: String)? {
    if let field = form.fields.first(where: { $0.error != nil }) { return (field.id, field.error ?? "") }
    if kind.transform != nil { return stepsFault(form) }
    if kind == .impute, form["value"] != nil {
      for name in form.chosen("columns") {
        let kind = columns.column(named: name)?.kind ?? .text
        guard Self.constant(form.text("value"), kind) == nil else { continue }
        return ("value", "\(name) needs \(Self.example(kind))")
      }
    }
    if kind == .sample {
      if form["count"] != nil, form.integer("count") == nil { return ("count", "say how many rows to keep") }
      if form["fraction"] != nil, form.number("fraction") == nil { return ("fraction", "a share such as 0.1") }
      if form["by"] != nil, form.text("by").isEmpty { return ("by", "choose the column whose proportions to keep") }
    }
    return nil
  }

  // MARK: Rules: one row of fields for each column

  /// The columns chosen in the rows of rules, with the row's number.
  private func rules(_ form: FormState) -> [(Int, String)] {
    (0..<Self.mostRules).compactMap { index in
      let column = form.text("column.\(index)")
      return column.isEmpty ? nil : (index, column)
    }
  }

  private static let mostRules = 200

  /// Rows to show: those that are filled and an empty one after them.
  private func rowCount(_ form: FormState, initial: Int) -> Int {
    let filled = form["column.0"] == nil ? initial : (rules(form).last?.0 ?? -1) + 1
    return max(1, min(filled + 1, Self.mostRules, max(columns.count, initial)))
  }

  private func ruleColumn(_ index: Int, selected: String?, help: String) -> FormField {
    .choice(
      "column.\(index)", index == 0 ? "Column" : "Column \(index + 1)", ColumnChoices.optional(columns, none: "(none)"),
      selected: selected ?? "", help: help)
  }

  private func castFields(_ form: FormState) -> [FormField] {
    var casts: [Cast] = []
    if case .cast(let given)? = initial { casts = given }
    let kinds = ColumnKind.allCases.filter { $0 != .other }.map { FormOption($0.rawValue) }
    return (0..<rowCount(form, initial: max(casts.count, initial == nil && current != nil ? 1 : 0))).flatMap { index in
      let given = casts.indices.contains(index) ? casts[index] : nil
      let column = given?.column ?? (initial == nil && index == 0 ? current : nil)
      let kind = given?.to ?? columns.first { $0.name == column }.map { $0.kind == .text ? .real : .text } ?? .text
      return [
        ruleColumn(index, selected: column, help: help("columns")),
        .choice("kind.\(index)", "read as", kinds, selected: kind.rawValue, help: help("to")),
      ]
    }
  }

  private func renameFields(_ form: FormState) -> [FormField] {
    var names: [Renaming] = []
    if case .rename(let given)? = initial { names = given }
    return (0..<rowCount(form, initial: max(names.count, initial == nil && current != nil ? 1 : 0))).flatMap { index in
      let given = names.indices.contains(index) ? names[index] : nil
      let column = given?.column ?? (initial == nil && index == 0 ? current : nil)
      return [
        ruleColumn(index, selected: column, help: help("columns")),
        .text("to.\(index)", "new name", given?.to ?? "", placeholder: "another name", help: help("to")),
      ]
    }
  }

  private func sortFields(_ form: FormState) -> [FormField] {
    var keys: [SortKey] = []
    if case .sort(let given)? = initial { keys = given }
    return (0..<rowCount(form, initial: max(keys.count, initial == nil && current != nil ? 1 : 0))).flatMap { index in
      let given = keys.indices.contains(index) ? keys[index] : nil
      let column = given?.column ?? (initial == nil && index == 0 ? current : nil)
      let isDescending = given?.descending ?? false
      return [
        ruleColumn(index, selected: column, help: help("columns")),
        .radio(
          "order.\(index)", "order",
          [FormOption("ascending", "smallest first"), FormOption("descending", "largest first")],
          selected: isDescending ? "descending" : "ascending",
          help: "Smallest first is A to Z for text and oldest first for dates. Missing values come last either way."),
      ]
    }
  }

  // MARK: Expressions

  private func filterFields(_ form: FormState) -> [FormField] {
    var text = ""
    if case .filter(let condition)? = initial { text = condition }
    let example = columns.first { $0.kind.isNumeric }.map { "\(Completion.written($0.name)) > 30" } ?? "age > 30"
    return [
      .text(
        "where", "Keep where", text, placeholder: "such as \(example)",
        help: "A condition: rows for which it is true are kept. " + help("where")
          + " Comparisons: == != < <= > >=, in (...), between ... and ..., like 'A%', ~ 'pattern', is null. Combine "
          + "with and, "
          + "or, not. Text stands in single quotes; a column with blanks in its name in [brackets]. Tab completes "
          + "names."
      ),
      .note("Columns", names("where", form), id: "names"),
    ]
  }

  private func deriveFields(_ form: FormState) -> [FormField] {
    var (name, expression) = ("", "")
    if case .derive(let given, let text)? = initial { (name, expression) = (given, text) }
    let numbers = columns.filter(\.kind.isNumeric).prefix(2).map { Completion.written($0.name) }
    let product = numbers.isEmpty ? "price * quantity" : (numbers + ["2"]).prefix(2).joined(separator: " * ")
    let functions = Functions.all.map(\.name).joined(separator: ", ")
    return [
      .text("name", "New column", name, placeholder: "a name of your choice", help: help("name")),
      .text(
        "expression", "Value", expression, placeholder: "such as \(product)",
        help: help("expression") + " Tab completes names. Functions: \(functions)."),
      .note("Columns", names("expression", form), id: "names"),
    ]
  }

  /// What Tab would complete, or else the columns.
  private func names(_ field: String, _ form: FormState) -> String {
    if case .text(let state, _)? = form[field]?.content {
      let completion = Completion(state, schema: columns)
      if !completion.candidates.isEmpty {
        return "Tab: " + Self.listing(completion.candidates.map(\.name))
      }
    }
    return schema == nil ? "…" : Self.listing(columns.map(\.name))
  }

  private static func listing(_ names: [String]) -> String {
    var text = ""
    for (index, name) in names.enumerated() {
      if text.count + name.count > 130 { return text + " and \(names.count - index) more" }
      text += (text.isEmpty ? "" : ", ") + name
    }
    return text
  }

  // MARK: Columns

  private var pickFields: [FormField] {
    var chosen: [String] = []
    switch initial {
    case .select(let columns), .drop(let columns): chosen = columns
    case .source, .cast, .rename, .filter, .derive, .sort, .sample, .impute, .transform, nil: break
    }
    // The chosen ones first, in their own order: a selection may have put them in another than the table's.
    let first = chosen.compactMap { columns.column(named: $0) }
    let ordered = first + columns.filter { !chosen.contains($0.name) }
    return [
      .picker(
        "columns", kind == .select ? "Keep" : "Leave out", ColumnChoices.options(ordered), chosen: Set(chosen), rows: 9,
        help: help("columns") + " Type to search; Space chooses; ^A chooses all that the search shows.")
    ]
  }

  // MARK: Sample

  private func sampleFields(_ form: FormState) -> [FormField] {
    let given: Sampling? = if case .sample(let sampling)? = initial { sampling } else { nil }
    let (method, count, share, column, seed) = Self.values(of: given)
    let chosen = form["method"] == nil ? method : form.text("method")
    var fields: [FormField] = [
      .radio(
        "method", "Keep",
        [
          FormOption("first", "first"), FormOption("random", "random"), FormOption("fraction", "a share"),
          FormOption("stratified", "stratified"),
        ], selected: chosen, help: help("method"))
    ]
    if chosen == "fraction" {
      fields.append(.number("fraction", "Share", share, in: 0.000_001...1, help: help("fraction")))
    } else {
      fields.append(.number("count", "Rows", count, in: 1...1e12, isInteger: true, help: help("rows")))
    }
    if chosen == "stratified" {
      let wanted = column ?? columns.first { $0.name == current && !$0.kind.isNumeric }?.name
      fields.append(
        .choice("by", "By column", ColumnChoices.options(columns), selected: wanted, help: help("column")))
    }
    if chosen != "first" {
      fields.append(.number("seed", "Seed", seed, in: 0...9e15, isInteger: true, help: help("seed")))
    }
    return fields
  }

  private static func values(of sampling: Sampling?) -> (
    method: String, count: String, share: String, column: String?, seed: String
  ) {
    switch sampling {
    case .first(let count)?: ("first", "\(count)", "0.1", nil, "0")
    case .random(let count, let seed)?: ("random", "\(count)", "0.1", nil, "\(seed)")
    case .fraction(let share, let seed)?: ("fraction", "1000", "\(share)", nil, "\(seed)")
    case .stratified(let count, let column, let seed)?: ("stratified", "\(count)", "0.1", column, "\(seed)")
    case nil: ("random", "1000", "0.1", nil, "0")
    }
  }

  private func sampling(_ form: FormState) -> Sampling {
    let count = form.integer("count") ?? 0
    let seed = UInt64(max(0, form.integer("seed") ?? 0))
    switch form.text("method") {
    case "first": return .first(count)
    case "fraction": return .fraction(form.number("fraction") ?? 0, seed: seed)
    case "stratified": return .stratified(count, column: form.text("by"), seed: seed)
    default: return .random(count, seed: seed)
    }
  }
}
