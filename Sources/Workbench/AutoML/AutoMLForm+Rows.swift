import Engine
import Frame
import Learn
import Widgets

/// How rows count, and which ones judge: the part of the form that is folded away until somebody wants it.
extension AutoMLForm {
  /// What candidates are judged on.
  enum Judging: String, CaseIterable {
    case folds, groups, order, rows

    fileprivate var title: String {
      switch self {
      case .folds: "folds"
      case .groups: "groups"
      case .order: "later rows"
      case .rows: "own rows"
      }
    }
  }

  func rowFields(_ form: FormState) -> [FormField] {
    var fields: [FormField] = [
      .check(
        "rows", "Rows", form.isOn("rows") ? "how they count, what judges" : "count alike; random folds judge",
        isOn: hasRowOptions,
        help: "Weights, balanced classes, and what candidates are judged on while they are trained.")
    ]
    guard form.isOn("rows") else { return fields }
    fields.append(
      .radio(
        "judge", "Judged on", Judging.allCases.map { FormOption($0.rawValue, $0.title) },
        selected: judging.rawValue,
        help:
          "Folds: each row is predicted by models of the others. Groups: rows with one value, such as a "
          + "customer's, stay together. Later rows: models learn from what came before. Own rows: a validation set."))
    switch Judging(rawValue: form.text("judge")) ?? .folds {
    case .folds: break
    case .groups:
      fields.append(
        .choice(
          "group", "Group by", others(form) { _ in nil }, selected: editing?.options.groupColumn ?? "",
          help: "Rows with the same value are never parted by folds; the column is no feature."))
    case .order:
      fields.append(
        .choice(
          "order", "Order by",
          others(form) { $0.kind.isNumeric || $0.kind.isTemporal ? nil : "neither a number nor a moment" },
          selected: editing?.options.timeColumn ?? columns.first { $0.kind.isTemporal }?.name ?? "",
          help: "Folds learn from what was before the rows that they judge, by this date, moment or number."))
    case .rows:
      fields.append(
        .choice(
          "validation", "Own rows", choices(none: nil), selected: Self.id(editing?.validation),
          help: "Candidates are judged on these rows, which none of them learns from. They need the label."))
      if form.text("validation") == Self.file {
        fields.append(
          .text(
            "validationFile", "File", Self.path(editing?.validation), placeholder: "validation.csv",
            help: "A file with the same columns."))
        if let words = columnWords(validationColumns, form) {
          fields.append(.note("", words, id: "validationNote"))
        }
      }
    }
    let isNumber: Bool = if case .success(let found)? = problem { found.problem == .regression } else { false }
    var balance = FormField.check(
      "balanced", "Balance", "each class counts alike", isOn: editing?.options.hasBalancedClasses ?? false,
      help: "However few rows a class has, it counts as much as any other while models learn. Probabilities are then "
        + "not those of the table.")
    if isNumber { balance.reason = "the label holds numbers, not classes" }
    return fields + [
      .choice(
        "weight", "Weight by",
        [FormOption("", "none: rows count alike")] + others(form, refuse: ColumnChoices.notNumeric),
        selected: editing?.options.weightColumn ?? "",
        help: "A column of numbers from 0 on: how much each row counts while models learn. It is no feature."),
      balance,
    ]
  }

  /// The options of the engine that the fields stand for; unchanged where the part is folded away.
  func rowOptions(_ form: FormState, _ options: inout AutoMLOptions) {
    options.weightColumn = nil
    options.hasBalancedClasses = false
    (options.groupColumn, options.timeColumn) = (nil, nil)
    guard form.isOn("rows") else { return }
    func column(_ id: String) -> String? { form.text(id).isEmpty ? nil : form.text(id) }
    options.weightColumn = column("weight")
    options.hasBalancedClasses = form["balanced"]?.reason == nil && form.isOn("balanced")
    switch Judging(rawValue: form.text("judge")) ?? .folds {
    case .folds, .rows: break
    case .groups: options.groupColumn = column("group")
    case .order: options.timeColumn = column("order")
    }
  }

  func hasValidation(_ form: FormState) -> Bool { form.isOn("rows") && form.text("judge") == Judging.rows.rawValue }

  /// What is wrong with the fields of this part, with its field.
  func rowFault(_ form: FormState) -> (field: String, reason: String)? {
    guard form.isOn("rows") else { return nil }
    switch Judging(rawValue: form.text("judge")) ?? .folds {
    case .folds: break
    case .groups: if form.text("group").isEmpty { return ("group", "choose the column that tells groups apart") }
    case .order: if form.text("order").isEmpty { return ("order", "choose the column that tells what came first") }
    case .rows:
      if form.text("validation").isEmpty { return ("validation", "choose the rows that judge") }
      if form.text("validation") == Self.file {
        if form.text("validationFile").trimmingBlanks.isEmpty { return ("validationFile", "the file with the rows") }
        if let fault = columnFault(validationColumns, form) { return ("validationFile", fault) }
      }
    }
    if case .success(let found)? = problem, let refusal = found.refusal {
      let field =
        switch refusal.option {
        case .weight: "weight"
        case .balance: "balanced"
        case .group: "group"
        case .time: "order"
        }
      return (field, refusal.reason)
    }
    return nil
  }

  /// Whether the study that is changed says anything of rows.
  private var hasRowOptions: Bool {
    guard let editing else { return false }
    return !editing.options.division(hasValidation: editing.validation != nil).isEmpty
  }

  private var judging: Judging {
    guard let editing else { return .folds }
    if editing.validation != nil { return .rows }
    return editing.options.groupColumn != nil ? .groups : editing.options.timeColumn != nil ? .order : .folds
  }

  /// Every column but the label.
  private func others(_ form: FormState, refuse: (Column) -> String?) -> [FormOption] {
    let target = form.text("target")
    return ColumnChoices.options(columns) { $0.name == target ? "the column to predict" : refuse($0) }
  }

  // MARK: Rows of other steps and files

  static let file = "file:"

  /// Steps of the flow, and a file.
  func choices(none: String?) -> [FormOption] {
    (none.map { [FormOption("", $0)] } ?? []) + steps.map { FormOption($0.id.rawValue, $0.title) }
      + [FormOption(Self.file, "a file")]
  }

  static func id(_ rows: AutoMLStudy.Test?) -> String {
    switch rows {
    case .step(let id)?: id.rawValue
    case .file?: file
    case nil: ""
    }
  }

  static func path(_ rows: AutoMLStudy.Test?) -> String { if case .file(let path)? = rows { path } else { "" } }

  /// What a file's columns say of it, in words; nil while nothing is known.
  func columnWords(_ found: Result<Schema, ProblemError>?, _ form: FormState) -> String? {
    guard let found else { return nil }
    if let fault = columnFault(found, form) { return "! " + fault }
    guard case .success(let schema) = found else { return nil }
    return "\(counted(schema.count, "column")), \(form.text("target")) among them"
  }

  func columnFault(_ found: Result<Schema, ProblemError>?, _ form: FormState) -> String? {
    switch found {
    case .failure(let error)?: return error.text
    case .success(let schema)?:
      let target = form.text("target")
      return target.isEmpty || schema.contains { $0.name == target }
        ? nil : "it has no column \(target), which is to be predicted"
    case nil: return nil
    }
  }
}
