import Engine
import Explain
import Flow
import Frame
import Widgets

/// The form of an explanation: which model, of which rows, and how.
struct ExplainForm: Sendable {
  var columns: Schema
  /// The label to begin with.
  var target: String?

  fileprivate static func isTrained(_ form: FormState) -> Bool { form.text("model") != "path" }

  func fields(_ form: FormState) -> [FormField] {
    var fields: [FormField] = [
      .radio(
        "model", "Model", [FormOption("trained", "train trees here"), FormOption("path", "file or folder")],
        help: "Boosted trees that are trained on the rows of this step, or a model that there is: XGBoost JSON or UBJ, "
          + "LightGBM text, or the folder of an ensemble that AutoML trained.")
    ]
    if Self.isTrained(form) {
      fields.append(
        .choice(
          "target", "Label",
          ColumnChoices.options(columns) { column in
            column.kind.isTemporal || column.kind == .other ? "a \(column.kind.rawValue) cannot be predicted" : nil
          }, selected: target ?? "",
          help: "The column that the trees predict from the others. It is remembered as the flow's target."))
    } else {
      fields.append(
        .text(
          "path", "Path", placeholder: "model.json, model.txt or a folder",
          help:
            "Columns are matched by name. Trees are explained exactly; an ensemble is asked for predictions, for 100 "
            + "rows unless Rows says otherwise."))
    }
    fields += [
      .text(
        "rows", "Rows", placeholder: Self.isTrained(form) ? "all" : "all of trees, 100 of an ensemble",
        help: "Explain this many rows, drawn at random with a fixed seed."),
      .radio(
        "aggregate", "Importance",
        [
          FormOption("mean_abs", "mean |SHAP|"), FormOption("mean_sq", "mean SHAP²"), FormOption("median", "median"),
        ], help: "How the values of all rows become one of a column."),
    ]
    fields.append(
      .check(
        "more", "Also", "effects, a group, shuffled columns, pairs",
        help:
          "What columns do when they are set to one value after another; why a group gets other predictions; how much "
          + "worse predictions become without a column."))
    if form.isOn("more") {
      fields += more
      if !Self.isTrained(form) {
        fields.append(
          .check(
            "pairs", "Pairs", "that work together",
            help:
              "Which pairs of columns move predictions together, as a heatmap. Of a file or folder; it takes longer."
          ))
      }
    }
    if Self.isTrained(form) { return fields }
    fields.append(
      .check(
        "timed", "In time", "columns become known one after another",
        help: "Asymmetric Shapley values: what two steps do together goes to the one that comes first."))
    if form.isOn("timed") { fields += timed }
    fields.append(
      .check("advanced", "Advanced", "method and background", help: "Options that rarely need a change."))
    guard form.isOn("advanced") else { return fields }
    return fields + [
      .choice(
        "method", "Method",
        [FormOption("", "what suits the model")]
          + ExplainSpec.Method.allCases.map { FormOption($0.rawValue, $0.title) }, selected: "",
        help:
          "Tree: exact values of tree models. Kernel: weighted least squares over subsets of columns, for any model."
      ),
      .text(
        "background", "Background", placeholder: "what suits the method",
        help: "Rows, drawn at random, whose values hidden columns take. Trees need none: hidden columns then follow "
          + "the rows that the trees were trained on."),
      .radio(
        "link", "Units", [FormOption("identity", "as predicted"), FormOption("logit", "log-odds")],
        help: "Of an ensemble's probabilities: themselves, or their log-odds."),
    ]
  }

  private var timed: [FormField] {
    [
      .text(
        "steps", "Steps", placeholder: "sales_{t},price_{t}  or  a1,b1;a2,b2",
        help:
          "Patterns in which {t} stands for the step's number, or {lag} where larger numbers are older; or names of "
          + "columns, steps parted by semicolons, the oldest first. Other columns are known before all steps."),
      .radio(
        "direction", "Direction",
        [
          FormOption("chronological", "oldest first"), FormOption("anti_chronological", "newest first"),
          FormOption("bidirectional", "mean of both"),
        ], help: "Which step is known first, and gets what steps do together."),
      .radio(
        "granularity", "Values of", [FormOption("timewise", "a step"), FormOption("fine_grained", "a column")],
        help: "One value for all columns of a step, or one for each of them."),
    ]
  }

  /// The steps in time that the form says; nil where columns have no order.
  fileprivate func time(_ form: FormState) throws -> ExplainSpec.TimeSteps? {
    guard !Self.isTrained(form), form.isOn("timed") else { return nil }
    return try .init(
      form.text("steps").trimmingBlanks, columns: columns.map(\.name),
      direction: FeatureOrder.Direction(rawValue: form.text("direction")) ?? .chronological,
      granularity: ExplainSpec.TimeSteps.Granularity(rawValue: form.text("granularity")) ?? .timewise)
  }

  private var more: [FormField] {
    [
      .text(
        "effects", "Effects of", placeholder: "how many columns, such as 3",
        help: "Partial dependence with single curves (ICE), centred ones, and accumulated local effects, of the most "
          + "important columns: pictures of pane 4."),
      .choice(
        "group", "Group", ColumnChoices.optional(columns, none: "none"), selected: "",
        help: "Which columns make predictions of a group differ from those of everybody else, beside the gap (DPPL)."),
      .text("value", "Group d", placeholder: "the value of the group", help: "Rows with this value are group d."),
      .text(
        "shuffles", "Shuffles", placeholder: "none; 5 give intervals",
        help: "Shuffles each column so often and tells how much the loss rises, of rows with a label."),
    ]
  }

  /// A whole number from 1; nil for nothing, and a fault for anything else.
  private func count(_ id: String, _ form: FormState) -> (value: Int?, fault: String?) {
    let text = form.text(id).trimmingBlanks
    if text.isEmpty { return (nil, nil) }
    guard let value = Int(text.replacing(",", with: "")), value > 0 else {
      return (nil, "enter a whole number from 1, or nothing")
    }
    return (value, nil)
  }

  func spec(_ form: FormState) -> ExplainSpec? {
    guard fault(form) == nil else { return nil }
    var spec = ExplainSpec(
      model: Self.isTrained(form)
        ? .trained(target: form.text("target")) : .path(form.text("path").trimmingBlanks),
      rows: count("rows", form).value, aggregate: ShapAggregate(rawValue: form.text("aggregate")) ?? .meanAbsolute)
    if form.isOn("more") {
      (spec.effects, spec.shuffles) = (count("effects", form).value, count("shuffles", form).value)
      let (column, value) = (form.text("group"), form.text("value"))
      if !column.isEmpty { spec.group = .init(column: column, value: value) }
      spec.hasInteractions = !Self.isTrained(form) && form.isOn("pairs")
    }
    spec.time = try? time(form)
    guard !Self.isTrained(form), form.isOn("advanced") else { return spec }
    spec.method = ExplainSpec.Method(rawValue: form.text("method"))
    spec.background = count("background", form).value.map { .sample($0) }
    spec.link = CoalitionLink(rawValue: form.text("link")) ?? .identity
    return spec
  }

  func fault(_ form: FormState) -> (field: String, reason: String)? {
    if let field = form.fields.first(where: { $0.error != nil }) { return (field.id, field.error ?? "") }
    if Self.isTrained(form) {
      if form.text("target").isEmpty { return ("target", "choose the column to predict") }
    } else if form.text("path").trimmingBlanks.isEmpty {
      return ("path", "name the model's file or folder")
    }
    if form.isOn("more"), !form.text("group").isEmpty, form.text("value").isEmpty {
      return ("value", "name the value of the group")
    }
    if let fault = timeFault(form) { return fault }
    for id in ["rows", "background", "effects", "shuffles"] {
      if let fault = count(id, form).fault { return (id, fault) }
    }
    return nil
  }
}

extension ExplainForm {
  /// What is wrong with steps in time, or does not go together with them.
  fileprivate func timeFault(_ form: FormState) -> (field: String, reason: String)? {
    guard !Self.isTrained(form), form.isOn("timed") else { return nil }
    if form.text("steps").trimmingBlanks.isEmpty { return ("steps", "name the columns of each step") }
    do { _ = try time(form) } catch { return ("steps", "\(error)") }
    if form.isOn("more") {
      if form.isOn("pairs") { return ("pairs", "pairs have no order in time") }
      let isStepwise = form.text("granularity") != ExplainSpec.TimeSteps.Granularity.fineGrained.rawValue
      for id in ["effects", "shuffles"] where isStepwise && !form.text(id).trimmingBlanks.isEmpty {
        return (id, "this is of columns: choose Values of a column")
      }
    }
    if form.isOn("advanced"), let method = ExplainSpec.Method(rawValue: form.text("method")),
      ![.kernel, .permutation].contains(method)
    {
      return ("method", "\(method.rawValue) has no order in time: kernel or permutation")
    }
    return nil
  }
}

extension ExplainSpec.Method {
  var title: String {
    switch self {
    case .tree: "tree: exact, of tree models"
    case .exact: "exact: every subset of up to 16 columns"
    case .kernel: "kernel: least squares over subsets"
    case .permutation: "permutation: random orders, both ways"
    case .sampling: "sampling: random orders"
    case .linear: "linear: each column alone"
    }
  }
}
