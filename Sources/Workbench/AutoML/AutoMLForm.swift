import Engine
import Flow
import Foundation
import Frame
import Learn
import Widgets

/// The fields of a training, and the study that they describe.
struct AutoMLForm: Sendable {
  var columns: Schema
  var current: String?
  var target: String?
  /// The other steps of the flow, to be judged on.
  var steps: [StepChoice]
  var folder: String
  /// What the label is taken for; nil while it is being looked at.
  var problem: Result<InferredProblem, ProblemError>?
  /// What the folder holds; nil for nothing.
  var past: RunHistory?
  /// The columns of the files of test and validation rows, or why they cannot be read; nil while nothing is known.
  var testColumns, validationColumns: Result<Schema, ProblemError>?
  /// The study that is being changed; nil for a new one.
  var editing: AutoMLStudy?

  /// Why a label cannot be predicted.
  struct ProblemError: Error, Equatable { let text: String }

  // MARK: Fields

  func fields(_ form: FormState, place: String, name: String) -> [FormField] {
    var fields: [FormField] = [
      .choice(
        "target", "Label", ColumnChoices.options(columns, refuse: Self.refusal), selected: label,
        help: "The column to predict."),
      .radio(
        "problem", "Take it for",
        [
          FormOption("automatic", "automatic"), FormOption("classification", "classes"),
          FormOption("regression", "numbers"),
        ], selected: editing?.options.problem.rawValue,
        help: "Two values are two classes, texts are classes, and whole numbers are classes where they are few."),
      .note("Problem", problemText, id: "inferred"),
      .choice("metric", "Metric", metrics, selected: editing?.options.metric?.rawValue ?? "", help: metricHelp),
      .number(
        "time", "Seconds", Self.text(editing?.options.timeLimit ?? 60), in: 1...864_000,
        help: "The whole run takes this long, and the best so far can be kept at any moment before."),
      .radio(
        "preset", "Preset", AutoMLPreset.allCases.map { FormOption($0.rawValue) },
        selected: (editing?.options.preset ?? .balanced).rawValue,
        help:
          "quick: a few candidates, no search. balanced: a portfolio, then a search until the time is out. best: the "
          + "same with more folds, a longer ensemble and a second layer of candidates."),
      .choice(
        "test", "Test rows", choices(none: "none: folds alone judge"), selected: Self.id(editing?.test), help: testHelp),
    ]
    if form.text("test") == Self.file {
      fields.append(
        .text(
          "file", "Test file", Self.path(editing?.test), placeholder: "test.csv", help: "A file with the same columns.")
      )
      if let words = columnWords(testColumns, form) { fields.append(.note("", words, id: "testNote")) }
    }
    fields += rowFields(form)
    fields += [
      .text(
        "folder", "Models in", folder,
        help:
          "The folder of the run: beside the flow's file, or in the state folder of assay while the flow has none. A "
          + "folder with the beginning of the same run is gone on with."),
      .note("", pastText(form), id: "past"),
      .check(
        "advanced", "Advanced", "mode, seed, number of candidates, threads", isOn: hasAdvancedOptions,
        help: "Options that rarely need a change."),
    ]
    if form.isOn("advanced") { fields += advanced }
    return fields + [
      .text(
        "name", "Name", editing == nil ? "" : name, placeholder: "AutoML: \(form.text("target"))",
        help: "What the flow calls it."),
      .note("On", place, id: "place"),
      .buttons([
        FormOption("run", goesOn(form) ? "Go on" : "Train"), FormOption("list", "List candidates"),
        FormOption("explore", "Explore rows"),
        FormOption("cancel", "Back"),
      ]),
    ]
  }

  private var hasAdvancedOptions: Bool {
    guard let options = editing?.options else { return false }
    return options.seed != 0 || options.candidateLimit != nil || options.threads != nil || options.mode != .auto
      || options.candidates != nil || options.encoder != nil || options.workers != nil
  }

  private var advanced: [FormField] {
    chosenCandidates + [
      .radio(
        "mode", "Mode", AutoMLMode.allCases.map { FormOption($0.rawValue) },
        selected: (editing?.options.mode ?? .auto).rawValue,
        help:
          "Ensembling: many models that answer together. Tuning: a few candidates of each learner, then a search; the "
          + "best single one answers. Auto: an ensemble below 100 MB of cells, tuning above."),
      .number(
        "seed", "Seed", String(editing?.options.seed ?? 0), in: 0...9e15, isInteger: true,
        help: "The same seed gives each candidate the same figures."),
      .text(
        "candidates", "Candidates", editing?.options.candidateLimit.map(String.init) ?? "",
        placeholder: "as many as the time allows", help: "Candidates at most."),
      .text(
        "threads", "Threads", editing?.options.threads.map(String.init) ?? "", placeholder: "every processor",
        help: "Folds that are trained at once. The figures do not depend on it."),
      .text(
        "workers", "Workers", editing?.options.workers?.description ?? "", placeholder: "none: this process alone",
        help:
          "Who grows the trees of LightGBM together: a number of processes here, or HOST:PORT by commas of what assay "
          + "worker --listen waits with on other machines."),
      .text(
        "encoder", "Encoder", editing?.options.encoder ?? "", placeholder: "none: words learn from these texts",
        help: "A folder of BERT, sentence-transformers, GPT-2, ELMo or model2vec that candidates may read texts with."),
    ]
  }

  /// Candidates that were chosen from a list instead of the portfolio and the search.
  private var chosenCandidates: [FormField] {
    guard let chosen = editing?.options.candidates else { return [] }
    return [
      .radio(
        "which", "Trains",
        [FormOption("chosen", "the \(chosen.count) chosen"), FormOption("all", "all, and a search")],
        help: "The candidates that were chosen from the list, or the whole portfolio and then a search.")
    ]
  }

  private static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
  }

  static func refusal(_ column: Column) -> String? {
    column.kind.isTemporal || column.kind == .other ? "a \(column.kind.rawValue) cannot be predicted" : nil
  }

  private var label: String {
    if let editing { return editing.options.target }
    func known(_ name: String?) -> String? { columns.first { $0.name == name && Self.refusal($0) == nil }?.name }
    if let target = known(target) { return target }
    let isLabel: (Column) -> Bool = { $0.kind == .text || $0.kind == .boolean }
    if let here = columns.first(where: { $0.name == current }), isLabel(here) { return here.name }
    return columns.last(where: isLabel)?.name ?? columns.last { Self.refusal($0) == nil }?.name ?? ""
  }

  private var problemText: String {
    switch problem {
    case .success(let found)?:
      let classes = found.classes.prefix(4).joined(separator: ", ") + (found.classes.count > 4 ? ", …" : "")
      let names = found.classes.isEmpty ? "" : " (\(classes))"
      return "\(found.problem.title)\(names): \(found.reason)"
    case .failure(let error)?: return "! " + error.text
    case nil: return "looking at the label…"
    }
  }

  private var metrics: [FormOption] {
    guard case .success(let found)? = problem else {
      return [FormOption("", "the problem's own")]
        + (editing?.options.metric.map { [FormOption($0.rawValue, metricTitle($0.rawValue))] } ?? [])
    }
    let all = Objective.all(for: found.problem)
    return [FormOption("", "\(metricTitle(all[0].rawValue)) (usual)")]
      + all.dropFirst().map { FormOption($0.rawValue, metricTitle($0.rawValue)) }
  }

  private var metricHelp: String {
    "What is made best: the search, the ensemble and the threshold follow it. All others are shown too."
  }

  private var testHelp: String {
    "Rows with the label that no model sees until the end: another step of the flow, such as the part of a split, or a "
      + "file with the same columns."
  }

  /// Whether the folder holds a run that this one would go on with.
  func goesOn(_ form: FormState) -> Bool { past != nil && difference(form) == nil }

  private func pastText(_ form: FormState) -> String {
    guard let past else { return "a new folder: nothing is overwritten" }
    if let difference = difference(form) { return "! the folder holds a run with \(difference)" }
    let count = past.candidates.count
    return "goes on with \(count) candidate\(count == 1 ? "" : "s") after \(Number.duration(past.elapsed))"
  }

  private func difference(_ form: FormState) -> String? {
    guard let past else { return nil }
    if past.target != form.text("target") { return "the label \(past.target)" }
    if past.preset.rawValue != form.text("preset") { return "the preset \(past.preset.rawValue)" }
    if past.seed != seed(form) { return "the seed \(past.seed)" }
    if past.division != options(form).division(hasValidation: hasValidation(form)) {
      return past.division.isEmpty
        ? "rows that count alike and random folds" : "other weights or folds (\(past.division))"
    }
    if case .success(let found)? = problem {
      if found.problem != past.problem { return "another problem (\(past.problem.title))" }
      let metric = Objective(rawValue: form.text("metric")) ?? Objective.all(for: found.problem)[0]
      if metric != past.metric { return "the metric \(metricTitle(past.metric.rawValue))" }
    }
    return nil
  }

  private func seed(_ form: FormState) -> UInt64 {
    form.isOn("advanced") ? form.integer("seed").map { UInt64(max(0, $0)) } ?? 0 : 0
  }

  // MARK: What they say

  /// What the engine is asked, whether or not it can be.
  func options(_ form: FormState) -> AutoMLOptions {
    var options = AutoMLOptions(
      target: form.text("target"), timeLimit: form.number("time") ?? 60,
      metric: Objective(rawValue: form.text("metric")),
      preset: AutoMLPreset(rawValue: form.text("preset")) ?? .balanced,
      problem: ProblemChoice(rawValue: form.text("problem")) ?? .automatic, seed: seed(form))
    rowOptions(form, &options)
    guard form.isOn("advanced") else { return options }
    options.mode = AutoMLMode(rawValue: form.text("mode")) ?? .auto
    options.candidateLimit = Int(form.text("candidates").trimmingBlanks)
    options.threads = Int(form.text("threads").trimmingBlanks)
    options.workers = try? WorkerPool(form.text("workers"))
    let encoder = form.text("encoder").trimmingBlanks
    options.encoder = encoder.isEmpty ? nil : encoder
    if form["which"] != nil, form.text("which") == "chosen" { options.candidates = editing?.options.candidates }
    return options
  }

  func study(_ form: FormState, in workingFolder: String, isPlanOnly: Bool = false) -> AutoMLStudy? {
    guard fault(form) == nil else { return nil }
    func rows(_ choice: String, _ file: String) -> AutoMLStudy.Test? {
      let chosen = form.text(choice)
      if chosen.isEmpty { return nil }
      return chosen == Self.file ? .file(self.file(form.text(file), in: workingFolder)) : .step(StepID(chosen))
    }
    var study = AutoMLStudy(options(form), folder: path(form, in: workingFolder), test: rows("test", "file"))
    study.options.encoder = study.options.encoder.map { file($0, in: workingFolder) }
    if hasValidation(form) { study.validation = rows("validation", "validationFile") }
    if isPlanOnly { study.isPlanOnly = true }
    return study
  }

  /// The file that is typed, from the root; empty for nothing.
  func file(_ text: String, in workingFolder: String) -> String {
    let text = text.trimmingBlanks
    return text.isEmpty ? "" : FilePaths.absolute(expanded(text), in: workingFolder)
  }

  /// The folder that is typed, from the root.
  func path(_ form: FormState, in workingFolder: String) -> String {
    file(form["folder"] == nil ? folder : form.text("folder"), in: workingFolder)
  }

  /// What keeps the training from being run, with its field.
  func fault(_ form: FormState) -> (field: String, reason: String)? {
    if let field = form.fields.first(where: { $0.error != nil }) { return (field.id, field.error ?? "") }
    if form.text("target").isEmpty {
      let gone = editing.map { study in !columns.contains { $0.name == study.options.target } } ?? false
      return (
        "target",
        (gone ? "\(editing?.options.target ?? "") is no column any more: " : "") + "choose the column to predict"
      )
    }
    if case .failure(let error)? = problem { return ("target", error.text) }
    if form.text("test") == Self.file, form.text("file").trimmingBlanks.isEmpty {
      return ("file", "the file with the test rows, or none")
    }
    if form.text("test") == Self.file, let fault = columnFault(testColumns, form) { return ("file", fault) }
    if let fault = rowFault(form) { return fault }
    if form.text("folder").trimmingBlanks.isEmpty { return ("folder", "a folder for the models") }
    if let difference = difference(form) { return ("folder", "it holds a run with \(difference): choose another") }
    for id in ["candidates", "threads"] where form.isOn("advanced") {
      let text = form.text(id).trimmingBlanks
      if !text.isEmpty, Int(text).map({ (1...1024).contains($0) || (id == "candidates" && $0 > 0) }) != true {
        return (id, "a whole number above 0, or nothing")
      }
    }
    let workers = form.isOn("advanced") ? form.text("workers").trimmingBlanks : ""
    if !workers.isEmpty, (try? WorkerPool(workers)) == nil {
      return ("workers", "a number of processes, HOST:PORT by commas, or nothing")
    }
    return nil
  }
}
