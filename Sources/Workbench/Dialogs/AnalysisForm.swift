import Engine
import Flow
import Frame
import Insight
import Learn
import Widgets

/// The fields of the dialog of an analysis that is no chart, and the analysis that they describe.
struct AnalysisForm: Sendable {
  let kind: AnalysisSpec.Kind
  /// Columns of the step; nil while they are not known.
  var schema: Schema?
  /// The column under the table's cursor when the dialog opened.
  var current: String?
  /// The flow's label.
  var target: String?
  /// What is known of the columns' values, from the first rows.
  var header: [HeaderProfile] = []

  /// The other steps of the flow, to compare with.
  var steps: [StepChoice] = []
  /// The values of columns, as far as they were asked for.
  var values: [String: ValueQuestions.Answer] = [:]

  var columns: Schema { schema ?? [] }

  /// The fields of a study of bias; nil for anything else.
  var bias: BiasForm? {
    kind.study.map { study in
      BiasForm(
        kind: study, columns: columns, current: current, target: target, header: header, steps: steps, values: values)
    }
  }

  /// The fields of an explanation; nil for anything else.
  private var explain: ExplainForm? {
    guard kind == .explanation else { return nil }
    let refuse: (Column) -> String? = { $0.kind.isTemporal || $0.kind == .other ? "-" : nil }
    let known = columns.contains { $0.name == target && refuse($0) == nil } ? target : nil
    return ExplainForm(columns: columns, target: known ?? labelGuess(refuse))
  }

  /// The columns whose values the fields ask for.
  func columnsOfValues(_ form: FormState) -> [String] { bias?.wanted(form) ?? [] }

  // MARK: Fields

  func fields(_ form: FormState?, place: String) -> [FormField] {
    var fields = kind == .quickModel ? quickModel(isAdvanced: form?.isOn("advanced") ?? false) : []
    if let insight = kind.insight { fields = insightFields(insight) }
    if let bias { fields = bias.fields(form ?? FormState([])) }
    if let explain { fields = explain.fields(form ?? FormState([])) }
    fields.append(
      .text(
        "name", "Name", placeholder: form.flatMap { spec($0)?.defaultName } ?? kind.title,
        help: "What the flow calls the analysis. Left empty, it is named after what it shows."))
    fields.append(.note("On", place, id: "place"))
    if let warning = form.flatMap({ warning($0) }) { fields.append(.note("Warning", "! " + warning, id: "warning")) }
    return fields + [.buttons([FormOption("run", "Run"), FormOption("cancel", "Back")])]
  }

  private func quickModel(isAdvanced: Bool) -> [FormField] {
    let refuse: (Column) -> String? = { column in
      column.kind.isTemporal || column.kind == .other ? "a \(column.kind.rawValue) cannot be predicted" : nil
    }
    let known = columns.contains { $0.name == target && refuse($0) == nil } ? target : nil
    var fields: [FormField] = [
      .choice(
        "target", "Label", ColumnChoices.options(columns, refuse: refuse), selected: known ?? labelGuess(refuse),
        help:
          "The column to predict. A number with more than 100 distinct values is predicted as a number (regression), "
          + "anything else as a class. The label is remembered as the flow's target."),
      .number(
        "seed", "Seed", "0", in: 0...9e15, isInteger: true,
        help:
          "Starts every random choice: the split, the trees, the rows that are explained. The same seed gives the same "
          + "report, on any number of threads."),
      .check(
        "advanced", "Advanced", "choose problem, trees and depth", isOn: isAdvanced,
        help: "Shows options that rarely need a change."),
    ]
    guard isAdvanced else { return fields }
    let options = QuickModelOptions(target: "")
    fields += [
      .radio(
        "problem", "Problem",
        [
          FormOption("automatic", "automatic"), FormOption("classification", "classes"),
          FormOption("regression", "numbers"),
        ],
        help: "Take the label as classes or as numbers. Automatic: more than 100 distinct numbers are numbers."),
      .number(
        "trees", "Trees", String(options.trees), in: 1...2000, isInteger: true,
        help: "Trees in the forest. More take longer and seldom do harm."),
      .number(
        "depth", "Depth", String(options.depth), in: 1...60, isInteger: true,
        help: "Levels of splits in a tree. Deeper trees fit finer detail, and noise."),
      .number(
        "train", "Train on", String(options.trainFraction), in: 0.05...0.95,
        help: "The share of the rows to learn from; the others judge the model."),
    ]
    return fields
  }

  /// The last column that repeats its values: where a label usually stands.
  private func labelGuess(_ refuse: (Column) -> String?) -> String? {
    if let here = columns.first(where: { $0.name == current }), refuse(here) == nil,
      here.kind == .text || here.kind == .boolean, fault(ofLabel: here.name) == nil
    {
      return here.name
    }
    return columns.last { refuse($0) == nil && fault(ofLabel: $0.name) == nil }?.name
  }

  // MARK: The analysis

  /// The analysis that the fields describe; nil while something is missing.
  func spec(_ form: FormState) -> AnalysisSpec? {
    guard fault(form) == nil else { return nil }
    if let bias { return bias.study(form).map { .bias($0) } }
    if let explain { return explain.spec(form).map { .explanation($0) } }
    if let insight = kind.insight { return .insight(insightSpec(insight, form)) }
    return kind == .quickModel ? .quickModel(options(form)) : .summary
  }

  private func options(_ form: FormState) -> QuickModelOptions {
    var options = QuickModelOptions(target: form.text("target"), seed: UInt64(max(0, form.integer("seed") ?? 0)))
    guard form.isOn("advanced") else { return options }
    options.problem = ProblemChoice(rawValue: form.text("problem")) ?? .automatic
    options.trees = form.integer("trees") ?? options.trees
    options.depth = form.integer("depth") ?? options.depth
    options.trainFraction = form.number("train") ?? options.trainFraction
    return options
  }

  /// What keeps the analysis from being run, with its field; nil where nothing does.
  func fault(_ form: FormState) -> (field: String, reason: String)? {
    if let field = form.fields.first(where: { $0.error != nil }) { return (field.id, field.error ?? "") }
    if let insight = kind.insight { return insightFault(insight, form) }
    if let bias { return bias.fault(form) }
    if let explain { return explain.fault(form) }
    if kind == .quickModel, form.text("target").isEmpty { return ("target", "choose the column to predict") }
    return nil
  }

  // MARK: Warnings

  /// What the person should know before the analysis runs: of a label that cannot be predicted, at once.
  func warning(_ form: FormState) -> String? {
    guard kind == .quickModel || kind == .explanation || (kind.insight != nil && !form.text("target").isEmpty) else {
      return nil
    }
    return fault(ofLabel: form.text("target"))
  }

  /// Why a column is a poor label, as far as its profile says. A profile of the first rows alone proves little: it
  /// warns of too many classes only.
  func fault(ofLabel name: String) -> String? {
    guard let profile = header.first(where: { $0.column == name }), profile.rows > 0 else { return nil }
    let missing = Int((profile.missingShare * Double(profile.rows)).rounded())
    let present = profile.rows - missing
    if profile.kind == .text, let levels = profile.levels, levels > 100, levels < present || !profile.isComplete {
      return
        "\(name) is text with \(profile.isComplete ? "" : "more than ")\(Number.grouped(levels)) distinct values; a "
        + "Quick "
        + "Model tells at most 100 classes apart. Merge rare values with Derive, or choose another label."
    }
    guard profile.isComplete else { return nil }
    if present == 0 { return "\(name) is missing in all rows, so it cannot be predicted: choose another label." }
    if profile.levels == 1 {
      return "\(name) is the same in every row, so there is nothing to predict: choose another label."
    }
    if profile.kind == .text, profile.levels == present {
      return "\(name) is different in each row, like a key, so nothing can be learnt about it: choose another label."
    }
    if present < 10 { return "only \(present) rows have a value in \(name); a Quick Model needs at least 10." }
    return missing > 0 ? "\(Number.grouped(missing)) rows without \(name) are left out." : nil
  }
}
