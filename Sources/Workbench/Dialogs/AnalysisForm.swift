import Engine
import Flow
import Frame
import Insight
import Learn
import Widgets

/// The fields of the analysis dialog, and the analysis that they describe.
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

  private var columns: Schema { schema ?? [] }

  // MARK: Fields

  func fields(_ form: FormState?, place: String) -> [FormField] {
    var fields: [FormField]
    switch kind {
    case .histogram: fields = histogram
    case .bars: fields = bars
    case .scatter: fields = scatter
    case .box, .violin: fields = box
    case .density, .line: fields = Array(scatter.prefix(2))
    case .correlation: fields = correlation
    case .summary: fields = []
    case .quickModel: fields = quickModel(isAdvanced: form?.isOn("advanced") ?? false)
    }
    fields.append(
      .text(
        "name", "Name", placeholder: form.flatMap { spec($0)?.defaultName } ?? kind.title,
        help: "What the flow calls the analysis. Left empty, it is named after what it shows."))
    fields.append(.note("On", place, id: "place"))
    if let warning = form.flatMap({ warning($0) }) { fields.append(.note("Warning", "! " + warning, id: "warning")) }
    return fields + [.buttons([FormOption("run", "Run"), FormOption("cancel", "Back")])]
  }

  /// The column under the cursor when it fits, else the first that does.
  private func initial(_ fits: (Column) -> Bool, not other: String? = nil) -> String? {
    if let column = columns.first(where: { $0.name == current }), fits(column), column.name != other {
      return column.name
    }
    return columns.first { fits($0) && $0.name != other }?.name
  }

  private var histogram: [FormField] {
    let fits: (Column) -> Bool = { $0.kind.isNumeric || $0.kind.isTemporal }
    return [
      .choice(
        "column", "Column", ColumnChoices.options(columns) { fits($0) ? nil : "no numbers or dates: use a bar chart" },
        selected: initial(fits), help: "The column whose values are counted."),
      .text(
        "bins", "Bins", placeholder: "automatic",
        help:
          "The number of bins. Left empty, the spread of the values decides (Freedman and Diaconis), with borders at "
          + "round numbers. The keys b and B change it in the chart."),
    ]
  }

  private var bars: [FormField] {
    [
      .choice(
        "column", "Column", ColumnChoices.options(columns), selected: initial { _ in true },
        help: "The column whose values are counted."),
      .number(
        "limit", "Bars", "20", in: 1...1000, isInteger: true,
        help: "How many of the most frequent values get a bar of their own. The rest is summed up as others."),
    ]
  }

  private var scatter: [FormField] {
    let fits: (Column) -> Bool = { $0.kind.isNumeric }
    let x = initial(fits)
    let colors = columns.filter { $0.kind == .text || $0.kind == .boolean || $0.kind == .integer }
    return [
      .choice(
        "x", "Across", ColumnChoices.options(columns, refuse: ColumnChoices.notNumeric), selected: x,
        help: "The column from left to right."),
      .choice(
        "y", "Up", ColumnChoices.options(columns, refuse: ColumnChoices.notNumeric), selected: initial(fits, not: x),
        help: "The column from bottom to top."),
      .choice(
        "color", "Colour by", ColumnChoices.optional(colors, none: "none"),
        selected: colors.contains { $0.name == target } ? target : "",
        help:
          "Dots of the same value get the same colour and the same marker; seven values at most, the rest is others."),
    ]
  }

  private var box: [FormField] {
    let fits: (Column) -> Bool = { $0.kind.isNumeric || $0.kind.isTemporal }
    return [
      .choice(
        "column", "Column", ColumnChoices.options(columns) { fits($0) ? nil : "no numbers or dates: use a bar chart" },
        selected: initial(fits), help: "The column whose spread is drawn."),
      .choice(
        "by", "Groups", ColumnChoices.optional(columns, none: "none"), selected: "",
        help:
          "A box for each value of this column; twenty at most, those with most rows. None draws one box of all rows."
      ),
    ]
  }

  private var correlation: [FormField] {
    let numeric = columns.filter(\.kind.isNumeric)
    return [
      .picker(
        "columns", "Columns", numeric.map { FormOption($0.name) }, chosen: Set(numeric.map(\.name)), rows: 8,
        help:
          "The columns to compare with each other. Columns that are no numbers cannot be correlated and are not listed."
      )
    ]
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
    switch kind {
    case .histogram:
      return .histogram(column: form.text("column"), bins: Int(form.text("bins").trimmingBlanks))
    case .bars: return .bars(column: form.text("column"), limit: form.integer("limit") ?? 20)
    case .scatter:
      let color = form.text("color")
      return .scatter(x: form.text("x"), y: form.text("y"), colorBy: color.isEmpty ? nil : color)
    case .box, .violin:
      let by = form.text("by")
      return .box(column: form.text("column"), by: by.isEmpty ? nil : by)
    case .density, .line: return .density(x: form.text("x"), y: form.text("y"))
    case .correlation:
      let chosen = form.chosen("columns")
      let all = columns.count { $0.kind.isNumeric }
      return .correlation(columns: chosen.count == all ? [] : chosen)
    case .summary: return .summary
    case .quickModel: return .quickModel(options(form))
    }
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
    switch kind {
    case .histogram:
      if form.text("column").isEmpty { return ("column", "choose a column of numbers or dates") }
      let bins = form.text("bins").trimmingBlanks
      if !bins.isEmpty, !(1...1000).contains(Int(bins) ?? 0) {
        return ("bins", "a whole number from 1 to 1000, or nothing for automatic")
      }
    case .box, .violin: if form.text("column").isEmpty { return ("column", "choose a column of numbers or dates") }
    case .bars: if form.text("column").isEmpty { return ("column", "choose a column") }
    case .scatter, .density, .line:
      for id in ["x", "y"] where form.text(id).isEmpty { return (id, "choose a numeric column") }
      if form.text("x") == form.text("y") { return ("y", "choose another column than the one across") }
    case .correlation:
      if form.chosen("columns").count < 2 { return ("columns", "choose at least two columns") }
    case .summary: break
    case .quickModel:
      if form.text("target").isEmpty { return ("target", "choose the column to predict") }
    }
    return nil
  }

  // MARK: Warnings

  /// What the person should know before the analysis runs: of a label that cannot be predicted, at once.
  func warning(_ form: FormState) -> String? {
    guard kind == .quickModel else { return nil }
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
