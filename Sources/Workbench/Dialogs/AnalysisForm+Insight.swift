import Engine
import Flow
import Frame
import Widgets

/// The fields of analyses that are told in sentences and tables.
extension AnalysisForm {
  func insightFields(_ kind: InsightSpec.Kind) -> [FormField] {
    var fields = kind.roles.map { roleField($0.role, isRequired: $0.isRequired, kind) }
    if !kind.methods.isEmpty {
      fields.append(
        .radio(
          "method", kind == .outliers ? "Rule" : kind == .associations ? "Measure" : "Problem",
          kind.methods.map { FormOption($0) }, help: methodHelp(kind)))
    }
    switch kind {
    case .outliers:
      fields.append(
        .text(
          "threshold", "Times", placeholder: "usual: 5, 3 or 1.5",
          help: "How many robust deviations, standard deviations or interquartile ranges a value may lie away."))
    case .series:
      fields += [
        .text(
          "period", "Period", placeholder: "guessed",
          help: "Values in a season, such as 12 for months or 7 for days. Left empty it is found from the series."),
        .number(
          "threshold", "Deviations", "3", in: 0.1...100,
          help: "Standard deviations from the mean rest beyond which a moment stands out."),
      ]
    case .lasso:
      fields.append(
        .text(
          "threshold", "Penalty", placeholder: "a hundredth of the largest",
          help: "The L1 penalty: the larger it is, the fewer columns are kept. Left empty it is chosen."))
    default: break
    }
    return fields
  }

  private func methodHelp(_ kind: InsightSpec.Kind) -> String {
    switch kind {
    case .outliers:
      "Robust deviations from the median (of the values between the quantiles 0.05 and 0.95), standard deviations from "
        + "the mean, or interquartile ranges from the quartiles."
    case .associations:
      "linear: Pearson's r and the correlation ratio. non-linear: Spearman's rank correlation, the correlation ratio, "
        + "and Cramér's V of two categories."
    default: "Take the label for classes or for numbers. Automatic looks at its values."
    }
  }

  private func roleField(_ role: InsightSpec.Role, isRequired: Bool, _ kind: InsightSpec.Kind) -> FormField {
    switch role {
    case .target:
      let refuse: (Column) -> String? = { column in
        column.kind.isTemporal || column.kind == .other ? "a \(column.kind.rawValue) cannot be predicted" : nil
      }
      let known = columns.contains { $0.name == target && refuse($0) == nil } ? target : nil
      let none = isRequired ? [] : [FormOption("", "none")]
      return .choice(
        "target", "Label", none + ColumnChoices.options(columns, refuse: refuse), selected: known ?? "",
        help: "The column to be predicted" + (isRequired ? "." : "; with none the report leaves those parts out."))
    case .columns:
      return .picker(
        "columns", "Columns", ColumnChoices.options(columns), rows: 7,
        help: "The columns to look at; with none chosen, all that suit.")
    case .column:
      let isText = kind == .patterns
      let refuse: (Column) -> String? = { column in
        isText ? (column.kind == .text ? nil : "no text") : column.kind.isNumeric ? nil : "not a number"
      }
      let here = columns.first { $0.name == current && refuse($0) == nil } ?? columns.first { refuse($0) == nil }
      return .choice(
        "column", "Column", ColumnChoices.options(columns, refuse: refuse), selected: here?.name ?? "",
        help: isText ? "The column of texts." : "The values of the series.")
    case .time:
      let refuse: (Column) -> String? = { $0.kind.isTemporal ? nil : "no dates or times" }
      return .choice(
        "time", "Time", ColumnChoices.options(columns, refuse: refuse),
        selected: columns.first { refuse($0) == nil }?.name ?? "", help: "When the values were measured.")
    case .baseline:
      return .choice(
        "baseline", "Compare with", steps.map { FormOption($0.id.rawValue, $0.title) },
        selected: steps.first?.id.rawValue,
        help: "The step that stands for how it was before: another step of the flow, or a dataset added to it with n.")
    }
  }

  func insightSpec(_ kind: InsightSpec.Kind, _ form: FormState) -> InsightSpec {
    func text(_ id: String) -> String? {
      let text = form.text(id).trimmingBlanks
      return text.isEmpty ? nil : text
    }
    let method = text("method")
    return InsightSpec(
      kind, target: text("target"), columns: form.chosen("columns"), column: text("column"), time: text("time"),
      baseline: text("baseline").map { StepID($0) }, method: method == kind.methods.first ? nil : method,
      threshold: form.number("threshold"), period: form.integer("period"))
  }

  func insightFault(_ kind: InsightSpec.Kind, _ form: FormState) -> (field: String, reason: String)? {
    for (role, isRequired) in kind.roles where isRequired && form.text(role.rawValue).isEmpty {
      switch role {
      case .baseline where steps.isEmpty:
        return ("baseline", "there is no other step: add a step, or another dataset with n in the flow pane")
      case .baseline: return ("baseline", "choose the step to compare with")
      default: return (role.rawValue, "choose a column")
      }
    }
    for id in ["threshold", "period"] where form[id] != nil {
      let text = form.text(id).trimmingBlanks
      if !text.isEmpty, form.number(id).map({ $0 > 0 }) != true { return (id, "a number above 0, or nothing") }
    }
    return nil
  }
}
