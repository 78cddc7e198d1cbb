import Engine
import Fairness
import Flow
import Frame
import Insight
import Learn
import Widgets

/// The form of a bias report, and of the studies that go with one.
struct BiasForm: Sendable {
  let kind: BiasStudy.Kind
  var columns: Schema
  var current: String?
  var target: String?
  var header: [HeaderProfile]
  /// The other steps of the flow, for drift.
  var steps: [StepChoice]
  /// The values of columns, as far as they are known.
  var values: [String: ValueQuestions.Answer]

  static let mostFacets = 8

  // MARK: - Fields

  func fields(_ form: FormState) -> [FormField] {
    var fields = [labelField] + outcome(form)
    fields += (0..<facetCount(form)).flatMap { facet($0, form) }
    if kind == .drift {
      fields.append(
        .choice(
          "baseline", "Compare with", steps.map { FormOption($0.id.rawValue, $0.title) },
          selected: steps.first?.id.rawValue,
          help: "The step that stands for how it was before: another step of the flow, or a dataset added to it with n."
        ))
    }
    fields += prediction(form)
    if kind == .thresholds {
      fields.append(
        .choice(
          "metric", "Metric",
          BiasMetric.postTraining.filter { ![.cddpl, .ft, .ge].contains($0) }.map {
            FormOption($0.name, "\($0.name)  \($0.title)")
          }, selected: "DPPL", help: "What is traded against accuracy."))
    }
    if kind != .simpson, kind != .thresholds {
      fields.append(
        .choice(
          "group", "Group variable", ColumnChoices.optional(columns, none: "none"), selected: "",
          help: "The column of strata within which CDDL and CDDPL compare, such as the department applied to."))
    }
    if kind == .report { fields += segment(form) }
    if kind == .report || kind == .intersections || kind == .drift {
      fields.append(
        .text(
          "limits", "Limits", placeholder: "customary, or DPL=0.1, DI=0.8:1.25",
          help: "What verdicts are measured against: DPL=0.1 allows that much on both sides of the ideal, DI=0.8:1.25 "
            + "gives both ends. Metrics without one are judged by their customary limits."))
    }
    fields.append(
      .radio(
        "missing", "Missing",
        [FormOption("drop", "leave out"), FormOption("ownValue", "own value"), FormOption("asLibrary", "as library")],
        help: "Rows without a value: left out, taken as a group of their own, or, as SageMaker Clarify's library does, "
          + "as negative rows of group a. The report says how many there are."))
    fields.append(
      .check(
        "advanced", "Advanced", "intervals, corrections, compatibility", help: "Options that rarely need a change."))
    return form.isOn("advanced") ? fields + advanced : fields
  }

  private var labelField: FormField {
    let known = columns.contains { $0.name == target } ? target : nil
    let guess = columns.last { suits($0) && ($0.kind == .text || $0.kind == .boolean) }?.name
    return .choice(
      "target", "Label", ColumnChoices.options(columns, refuse: Self.refusal), selected: known ?? guess ?? "",
      help: "The column with the outcome: who was hired, who got the loan.")
  }

  static func refusal(_ column: Column) -> String? {
    column.kind == .other ? "nested values have no groups" : nil
  }

  private func suits(_ column: Column) -> Bool { Self.refusal(column) == nil }

  /// How a column is read unless the person says otherwise.
  private func isNumbers(_ name: String) -> Bool {
    guard let column = columns.column(named: name), column.kind.isNumeric else { return false }
    if let answer = values[name], answer.error == nil { return answer.values.count + answer.others > 20 }
    return column.kind == .real
  }

  func kindField(_ id: String, _ column: String) -> FormField {
    let kind = columns.column(named: column)?.kind ?? .text
    guard kind.isNumeric else { return .note("Read as", "categories: it holds \(kind.noun)", id: id + ".note") }
    if kind == .integer, values[column] == nil { return .note("Read as", "counting the values…", id: id + ".note") }
    return .radio(
      id, "Read as", [FormOption("categories"), FormOption("numbers")],
      selected: isNumbers(column) ? "numbers" : "categories",
      help: "Categories are chosen by value, numbers by a threshold. It is never guessed away: what is shown is what "
        + "counts.")
  }

  /// Whether the kind field of a column stands on numbers.
  func readsNumbers(_ id: String, _ column: String, _ form: FormState) -> Bool {
    guard columns.column(named: column)?.kind.isNumeric == true else { return false }
    return form[id] == nil ? isNumbers(column) : form.text(id) == "numbers"
  }

  private func valueOptions(_ column: String) -> [FormOption] {
    (values[column]?.values ?? []).map { FormOption($0.text, "\($0.text)  \(Number.grouped($0.rows))") }
  }

  func picker(_ id: String, _ label: String, _ column: String, rows: Int, help: String) -> FormField {
    var options = valueOptions(column)
    if options.isEmpty {
      let answer = values[column]
      // The focus can stand on it already while the values are being counted.
      options = [
        FormOption("", answer.map { $0.error ?? "the column has no values" } ?? "counting the values…", reason: "-")
      ]
    }
    return .picker(id, label, options, rows: min(rows, options.count), help: help)
  }

  private func outcome(_ form: FormState) -> [FormField] {
    let label = form["target"] == nil ? selected(labelField) : form.text("target")
    guard !label.isEmpty else { return [] }
    let kindID = "kind:" + label
    var fields = [kindField(kindID, label)]
    if readsNumbers(kindID, label, form) {
      fields.append(
        .number(
          "above:" + label, "Positive above", "", in: -1e300...1e300,
          help: "Outcomes above this number are good; the number itself is not."))
    } else {
      fields.append(
        picker(
          "positives:" + label, "Positive", label, rows: 3,
          help: "The values that are the good outcome; all others are bad. Space ticks one."))
    }
    return fields
  }

  /// Stands for several columns of scores among the predictions.
  private static let several = "scores:"

  private func selected(_ field: FormField) -> String {
    if case .choice(let choice) = field.content { return choice.selected.map { choice.options[$0].id } ?? "" }
    return ""
  }

  /// Thresholds and mending are of one pair of groups.
  private var isOfOnePair: Bool { kind == .thresholds || kind == .mending }

  /// One more than there are facets by now.
  private func facetCount(_ form: FormState) -> Int {
    let filled = (0..<Self.mostFacets).last { !form.text("facet.\($0)").isEmpty } ?? -1
    let most = isOfOnePair ? 1 : Self.mostFacets
    return min(most, filled + 2)
  }

  private func facet(_ index: Int, _ form: FormState) -> [FormField] {
    let id = "facet.\(index)"
    let label = isOfOnePair ? "Facet" : "Facet \(index + 1)"
    let first = index == 0 && form[id] == nil ? columns.first { $0.name == current && suits($0) } : nil
    let guess = first.flatMap { column in
      (column.kind == .text || column.kind == .boolean) && column.name != selected(labelField) ? column.name : nil
    }
    var fields: [FormField] = [
      .choice(
        id, label,
        [FormOption("", index == 0 ? "(choose)" : "(no more)")] + ColumnChoices.options(columns, refuse: Self.refusal),
        selected: guess ?? "",
        help: "A column whose groups of people are compared. Each chosen facet brings a line for the next.")
    ]
    let column = form[id] == nil ? guess ?? "" : form.text(id)
    guard !column.isEmpty else { return fields }
    let kindID = "\(id).kind:\(column)"
    fields.append(kindField(kindID, column))
    if readsNumbers(kindID, column, form) {
      fields.append(
        .text(
          "\(id).above:\(column)", "Thresholds", placeholder: "such as 40, 65",
          help: "Rows above a number are group d, the others group a; several numbers make several comparisons."))
    } else {
      fields.append(
        picker(
          "\(id).values:\(column)", "Group d", column, rows: 4,
          help: "The group that may be worse off; all others are group a. With none ticked each value in turn is "
            + "compared with all others."))
    }
    return fields
  }

  private func prediction(_ form: FormState) -> [FormField] {
    if kind == .simpson { return [] }
    let learners = FoldLearner.allCases.map { FormOption("model:" + $0.rawValue, "a model: \($0.words)") }
    let none = kind == .thresholds ? [] : [FormOption("", "none: labels alone")]
    let several = kind == .thresholds ? [] : [FormOption(Self.several, "the highest of several scores")]
    let first = kind == .thresholds ? learners.first?.id ?? "" : ""
    var fields: [FormField] = [
      .choice(
        "prediction", "Predictions", none + learners + several + ColumnChoices.options(columns, refuse: Self.refusal),
        selected: first,
        help: kind == .drift
          ? "A column with predicted labels or scores, or one model that is trained here on a part of the step compared "
            + "with: it predicts the rest of that step, and these rows."
          : "A column with predicted labels or scores, or a model that is trained here: each row is predicted by a "
            + "model that has not seen it.")
    ]
    let chosen = form["prediction"] == nil ? first : form.text("prediction")
    guard !chosen.isEmpty else { return fields }
    if chosen == Self.several {
      let numbers = columns.filter { $0.kind.isNumeric && $0.name != form.text("target") }
      return fields + [
        .picker(
          "scores", "Scores", numbers.map { FormOption($0.name) }, rows: min(4, max(1, numbers.count)),
          help: "Columns with a score for each class of the label: the class with the highest is predicted."),
        .text(
          "scores.labels", "Classes", placeholder: "as their names end: p_yes is yes",
          help: "The classes in the order of the ticked columns, with commas between; left empty they are what the "
            + "columns' names end in."),
      ]
    }
    if chosen.hasPrefix("model:") {
      fields.append(
        .text(
          "model.threshold", "Threshold", placeholder: "the likelier outcome",
          help: "Scores above are predicted positive; left empty, the likelier outcome is predicted."))
      return fields
    }
    let isScore = columns.column(named: chosen)?.kind == .real || kind == .thresholds
    fields.append(
      .radio(
        "prediction.kind:" + chosen, "They are", [FormOption("label", "labels"), FormOption("score", "scores")],
        selected: isScore ? "score" : "label",
        help: "Labels are positive by the label's rule; scores are positive above a threshold."))
    let kindText = form.text("prediction.kind:" + chosen)
    if kindText.isEmpty ? isScore : kindText == "score" {
      fields.append(
        .number(
          "prediction.threshold", "Threshold", "0.5", in: -1e300...1e300, help: "Scores above this are positive."))
    }
    return fields
  }

  private var advanced: [FormField] {
    [
      .radio(
        "mode", "Compute", [FormOption("correct", "as documented"), FormOption("smclarify", "as smclarify 0.5")],
        help: "The documented formulas, or what SageMaker Clarify's library returns, its defects included."),
      .number(
        "draws", "Draws", "1000", in: 0...100_000, isInteger: true,
        help: "Bootstrap draws behind each interval; 0 for no intervals."),
      .number(
        "confidence", "Confidence", "0.95", in: 0.5...0.999, help: "The share of intervals that hold the true value."),
      .number("seed", "Seed", "42", in: 0...9e15, isInteger: true, help: "The same seed gives the same intervals."),
      .radio(
        "correction", "Correction",
        [
          FormOption("holm", "Holm"), FormOption("benjaminiHochberg", "false discovery"), FormOption("none", "none"),
        ],
        help: "How verdicts allow for there being many groups: with many comparisons some look bad by chance."),
      .number(
        "small", "Small group", "30", in: 0...1e9, isInteger: true, help: "Groups of fewer rows are marked."),
      .check(
        "combine", "Combine", "report on every two facets together too",
        help: "Groups of two facets at once, such as women of one origin, the worst gap first."),
    ]
  }

  // MARK: - The focus

  /// Where the focus goes once a column is chosen: to its values or its threshold.
  static func focus(after id: String, _ form: FormState) -> String? {
    guard id == "target" || id.hasPrefix("facet.") || ["prediction", "segment"].contains(id),
      let index = form.index(of: id),
      case .choice = form.fields[index].content
    else { return nil }
    let next = form.fields[(index + 1)...].prefix { field in
      if case .choice = field.content { false } else { true }
    }
    let wanted = next.first { field in
      switch field.content {
      case .picker, .text, .number: true
      default: false
      }
    }
    return (wanted ?? next.first { $0.isFocusable })?.id
  }

  /// The field that takes the place of one, once the values say how the column is read.
  static func successor(of id: String) -> String {
    id.hasPrefix("positives:") ? "above:" + id.dropFirst("positives:".count) : id.replacing(".values:", with: ".above:")
  }

  // MARK: - What they say

  /// The columns whose values the form wants to know.
  func wanted(_ form: FormState) -> [String] {
    let label = form.text("target")
    let facets = (0..<Self.mostFacets).map { form.text("facet.\($0)") }
    var seen: Set<String> = []
    return ([label] + facets + [form.text("segment")]).filter { name in
      columns.column(named: name) != nil && seen.insert(name).inserted
    }
  }

  func study(_ form: FormState) -> BiasStudy? {
    guard fault(form) == nil else { return nil }
    let label = form.text("target")
    let positive: BiasSpec.Outcome =
      readsNumbers("kind:" + label, label, form)
      ? .above(form.number("above:" + label) ?? 0) : .values(form.chosen("positives:" + label))
    var spec = BiasSpec(label: .init(column: label, positive: positive), facets: facets(form))
    var model: BiasModel?
    let chosen = form.text("prediction")
    if chosen.hasPrefix("model:") {
      model = FoldLearner(rawValue: String(chosen.dropFirst(6))).map { learner in
        BiasModel(learner, threshold: Double(form.text("model.threshold").trimmingBlanks))
      }
    } else if chosen == Self.several {
      let labels = BiasList.items(form.text("scores.labels")).map(\.trimmingBlanks).filter { !$0.isEmpty }
      spec.prediction = .highest(columns: form.chosen("scores"), labels: labels.isEmpty ? nil : labels)
    } else if !chosen.isEmpty {
      spec.prediction =
        form.text("prediction.kind:" + chosen) == "score"
        ? .score(column: chosen, threshold: form.number("prediction.threshold") ?? 0.5) : .label(column: chosen)
    }
    spec.group = form.text("group").isEmpty ? nil : form.text("group")
    spec.segments = segments(form)
    spec.limits = (try? BiasList.limits(form.text("limits"))) ?? [:]
    spec.missing = BiasSpec.MissingPolicy(rawValue: form.text("missing")) ?? .drop
    if form.isOn("advanced") { readAdvanced(form, into: &spec) }
    let baseline = form.text("baseline")
    return BiasStudy(
      kind, spec, baseline: baseline.isEmpty ? nil : StepID(baseline), metric: BiasMetric(name: form.text("metric")),
      model: model)
  }

  private func readAdvanced(_ form: FormState, into spec: inout BiasSpec) {
    spec.mode = BiasSpec.Mode(rawValue: form.text("mode")) ?? .correct
    spec.draws = form.integer("draws") ?? spec.draws
    spec.confidence = form.number("confidence") ?? spec.confidence
    spec.seed = form.integer("seed").map { UInt64(max(0, $0)) } ?? spec.seed
    spec.correction = BiasSpec.Correction(rawValue: form.text("correction")) ?? spec.correction
    spec.smallGroup = form.integer("small") ?? spec.smallGroup
    if form.isOn("combine") { spec.intersections = BiasStudy.pairs(of: spec.facets) }
  }

  private func facets(_ form: FormState) -> [BiasSpec.Facet] {
    (0..<Self.mostFacets).compactMap { index in
      let id = "facet.\(index)"
      let column = form.text(id)
      guard !column.isEmpty else { return nil }
      if readsNumbers("\(id).kind:\(column)", column, form) {
        return .init(column: column, groups: .above(Self.numbers(form.text("\(id).above:\(column)")) ?? []))
      }
      let chosen = form.chosen("\(id).values:\(column)")
      return .init(column: column, groups: chosen.isEmpty ? .eachValue : .values(chosen))
    }
  }

  private static func numbers(_ text: String) -> [Double]? {
    let parts = text.split { $0 == "," || $0 == " " || $0 == ";" }
    let numbers = parts.compactMap { Double($0) }.filter(\.isFinite)
    return numbers.count == parts.count ? numbers : nil
  }

  /// What keeps the study from being run, with its field.
  func fault(_ form: FormState) -> (field: String, reason: String)? {
    let label = form.text("target")
    if label.isEmpty { return ("target", "choose the column with the outcome") }
    if readsNumbers("kind:" + label, label, form) {
      if form.number("above:" + label) == nil {
        return ("above:" + label, "write the number that good outcomes are above")
      }
    } else {
      let id = "positives:" + label
      let options = valueOptions(label)
      let chosen = form.chosen(id)
      if options.isEmpty {
        return ("target", values[label]?.error ?? "\(label) has no values yet: wait, or choose another")
      }
      if chosen.isEmpty { return (id, "tick the values that are the good outcome") }
      if chosen.count == options.count, values[label]?.others == 0 {
        return (id, "every value is ticked: then no outcome is bad")
      }
    }
    return facetFault(form, label) ?? predictionFault(form, label) ?? segmentFault(form) ?? limitFault(form)
      ?? baselineFault(form)
  }

  private func facetFault(_ form: FormState, _ label: String) -> (field: String, reason: String)? {
    var taken: Set<String> = []
    for index in 0..<Self.mostFacets {
      let id = "facet.\(index)"
      let column = form.text(id)
      if column.isEmpty { continue }
      if column == label { return (id, "\(column) is the label already: choose another column") }
      if !taken.insert(column).inserted { return (id, "\(column) is a facet already") }
      if readsNumbers("\(id).kind:\(column)", column, form) {
        let field = "\(id).above:\(column)"
        guard let numbers = Self.numbers(form.text(field)) else { return (field, "numbers with commas between") }
        if numbers.isEmpty { return (field, "write a number: rows above it are group d") }
      } else if form.chosen("\(id).values:\(column)").isEmpty, let answer = values[column], answer.others > 0 {
        return (
          id, "\(column) has \(answer.values.count + answer.others) values: tick some, or read it as numbers"
        )
      }
    }
    return taken.isEmpty ? ("facet.0", "choose a column whose groups are compared") : nil
  }

  private func predictionFault(_ form: FormState, _ label: String) -> (field: String, reason: String)? {
    let chosen = form.text("prediction")
    if chosen == label { return ("prediction", "\(label) is the label: choose the column of predictions") }
    if (0..<Self.mostFacets).contains(where: { form.text("facet.\($0)") == chosen && !chosen.isEmpty }) {
      return ("prediction", "\(chosen) is a facet: choose the column of predictions")
    }
    if chosen == Self.several {
      let scores = form.chosen("scores")
      let labels = BiasList.items(form.text("scores.labels")).filter { !$0.trimmingBlanks.isEmpty }
      if scores.count < 2 { return ("scores", "tick the column of each class's score, two or more") }
      if !labels.isEmpty, labels.count != scores.count {
        return ("scores.labels", "\(scores.count) columns are ticked: name as many classes, or none")
      }
      return nil
    }
    let threshold = form.text("model.threshold").trimmingBlanks
    if chosen.hasPrefix("model:"), !threshold.isEmpty, Double(threshold)?.isFinite != true {
      return ("model.threshold", "a number, or nothing")
    }
    if form.text("prediction.kind:" + chosen) == "score" {
      if columns.column(named: chosen)?.kind.isNumeric == false {
        return ("prediction", "\(chosen) holds no numbers: scores are numbers")
      }
      if form.number("prediction.threshold") == nil { return ("prediction.threshold", "write a number") }
    } else if kind == .thresholds, !chosen.isEmpty, !chosen.hasPrefix("model:") {
      return ("prediction", "thresholds need scores: choose a column of scores, or a model")
    }
    return nil
  }

  private func baselineFault(_ form: FormState) -> (field: String, reason: String)? {
    guard kind == .drift, form.text("baseline").isEmpty else { return nil }
    return ("baseline", "there is no other step: add a step, or another dataset with n in the flow pane")
  }
}

extension FoldLearner {
  fileprivate var words: String {
    switch self {
    case .forest: "random forest"
    case .boosted: "boosted trees, best AUC"
    }
  }
}
