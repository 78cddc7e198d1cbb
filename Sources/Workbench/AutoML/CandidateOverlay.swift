import Engine
import Flow
import Foundation
import Grid
import Learn
import Widgets

/// The settings of a candidate as a form: changed, they are trained next, by the run under way or by going on with one that
/// has ended. The fields follow from the settings themselves, so that every learner has its form.
struct CandidateOverlay: Overlay {
  private let analysis: Analysis
  private let study: AutoMLStudy
  private let model: Int
  private let name: String
  /// True where the candidate is on a list and not trained.
  private let isListed: Bool
  private var isAsked = false
  private var request: RequestID?
  private var settings: CandidateSettings?
  private var dialog: FormDialog

  /// - Parameter listed: the settings of a candidate that has not been trained; nil has the run's folder asked.
  init(_ analysis: Analysis, _ study: AutoMLStudy, _ model: Int, name: String, listed: CandidateSpec? = nil) {
    (self.analysis, self.study, self.model, self.name) = (analysis, study, model, name)
    isListed = listed != nil
    dialog = FormDialog(
      "Edit \(name) #\(model)", note: study.options.target, width: 60,
      fields: [.note("", "reading the settings…", id: "wait")])
    guard let listed else { return }
    isAsked = true
    show(listed)
  }

  private mutating func show(_ spec: CandidateSpec) {
    guard let found = CandidateSettings(spec) else { return }
    settings = found
    dialog.show(
      found.fields + [.buttons([FormOption("run", isListed ? "Change" : "Train"), FormOption("cancel", "Cancel")])],
      changed: "wait")
  }

  var hints: [(key: String, label: String)] {
    [
      ("Tab", "field"), ("Space", "toggle"), ("^R", isListed ? "change" : "train"), ("F2", "explain"),
      ("Esc", "cancel"),
    ]
  }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    guard !isAsked else { return [] }
    isAsked = true
    let (id, effect) = state.ask(.candidate(folder: study.folder, number: model), for: .dialog)
    request = id
    return [effect]
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    guard request == self.request else { return .stay() }
    switch happening {
    case .done(.candidateReport(let report)):
      guard let spec = report.members.first?.spec else { break }
      show(spec)
    case .failed(let text): dialog.show([.note("", "! " + text, id: "wait")])
    case .started, .progress, .partial, .done, .cancelled: break
    }
    return .stay()
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch dialog.handle(event, hits: clickable(state)) {
    case .pressed("run"), .submitted: return finish(&state)
    case .pressed, .cancelled: return .close()
    case .changed, .ignored, .handled, .explain: return .stay()
    }
  }

  private mutating func finish(_ state: inout WorkbenchState) -> OverlayOutcome {
    guard let settings else { return .stay() }
    if let field = dialog.form.fields.first(where: { $0.error != nil }) {
      dialog.setFocus(field.id)
      return .stay()
    }
    do {
      let spec = try settings.spec(dialog.form)
      if spec == settings.original {
        let first = dialog.form.fields.first?.id ?? ""
        dialog.setError(first, isListed ? "nothing is changed" : "nothing is changed: these settings have been trained")
        return .stay()
      }
      if isListed { return .close(change(model, to: spec, analysis, study, &state)) }
      return .close(trainNext(spec, analysis, study, &state))
    } catch let fault as CandidateSettings.Fault {
      dialog.setError(fault.field, fault.reason)
      dialog.setFocus(fault.field)
    } catch {
      dialog.setError(dialog.form.fields.first?.id ?? "", "\(error)")
    }
    return .stay()
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    dialog.draw(into: &grid, state, hints: "^R: \(isListed ? "change" : "train")  Esc: cancel")
  }
}

/// Settings as the leaves of their JSON: numbers, words and switches, each with its path.
struct CandidateSettings: Sendable {
  /// What is wrong with a field.
  struct Fault: Error { let field, reason: String }

  let original: CandidateSpec
  private let tree: Parameter
  private let leaves: [(path: [String], value: Parameter)]

  init?(_ spec: CandidateSpec) {
    guard let data = try? JSONEncoder().encode(spec), let tree = try? JSONDecoder().decode(Parameter.self, from: data)
    else { return nil }
    (original, self.tree) = (spec, tree)
    leaves = Self.leaves(tree, [])
  }

  private static func leaves(_ value: Parameter, _ path: [String]) -> [(path: [String], value: Parameter)] {
    switch value {
    case .record(let fields):
      fields.sorted { $0.key < $1.key }.flatMap { leaves($0.value, path + [$0.key]) }
    case .text, .number, .flag: [(path, value)]
    case .list, .missing: []
    }
  }

  var fields: [FormField] {
    leaves.map { path, value in
      let id = path.joined(separator: ".")
      let label = Self.words(path.last { $0 != "_0" } ?? "")
      switch value {
      case .flag(let isOn): return .check(id, label, "", isOn: isOn, help: "A setting of the learner or its columns.")
      case .number(let number):
        let text = number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
        return .number(id, label, text, in: 0...1e9, help: "A setting of the learner.")
      default:
        let word = value.text ?? ""
        if path.last == "categories" {
          return .radio(
            id, label,
            [FormOption("codes"), FormOption("oneHot", "one-hot"), FormOption("target", "target means")],
            selected: word, help: "How categories become numbers.")
        }
        return .text(id, label, word, help: "A setting of the learner.")
      }
    }
  }

  /// `rowsPerLeaf` is `Rows per leaf`.
  private static func words(_ key: String) -> String {
    let parts = key.reduce(into: "") { text, letter in
      text += letter.isUppercase ? " " + letter.lowercased() : letter == "_" ? " " : String(letter)
    }
    return parts.prefix(1).uppercased() + parts.dropFirst()
  }

  /// - Throws: `Fault` for a value that the setting cannot have.
  func spec(_ form: FormState) throws -> CandidateSpec {
    var changed = tree
    for (path, old) in leaves {
      let id = path.joined(separator: ".")
      let value: Parameter
      switch old {
      case .flag: value = .flag(form.isOn(id))
      case .number:
        guard let number = form.number(id) else { throw Fault(field: id, reason: "a number") }
        value = .number(number)
      default: value = .text(form.text(id))
      }
      changed = Self.set(value, at: path[...], in: changed)
      guard let data = try? JSONEncoder().encode(changed),
        (try? JSONDecoder().decode(CandidateSpec.self, from: data)) != nil
      else { throw Fault(field: id, reason: "the setting cannot be that: a whole number, or another word") }
    }
    return try JSONDecoder().decode(CandidateSpec.self, from: JSONEncoder().encode(changed))
  }

  private static func set(_ value: Parameter, at path: ArraySlice<String>, in tree: Parameter) -> Parameter {
    guard let key = path.first, case .record(var fields) = tree else { return value }
    fields[key] = set(value, at: path.dropFirst(), in: fields[key] ?? .missing)
    return .record(fields)
  }
}

/// Trains a candidate next: by the run under way, or by going on with one that has ended until it is done.
func trainNext(
  _ spec: CandidateSpec, _ analysis: Analysis, _ study: AutoMLStudy, _ state: inout WorkbenchState
) -> [Effect] {
  if let run = state.automl.runs[analysis.id], run.isActive {
    state.say("\(spec.name) is trained when the candidate in training has ended", .success)
    return steer(study, .add(spec), &state)
  }
  let board = board(analysis, study, state)
  let spent = board.report?.seconds ?? board.trials.map(\.elapsed).max() ?? 0
  beginTraining(analysis.id, &state)
  var going = study
  going.next = [spec]
  going.options.candidateLimit = board.trials.count + 1
  going.options.timeLimit = spent + max(60, study.options.timeLimit)
  let request = NodeRequest(graph: state.flow.graph, node: analysis.node)
  return [state.ask(.analyze(request, .automl(going)), for: .analysis(analysis.id)).1]
}

// MARK: - Lists

/// Changes a candidate of a list; nothing is trained.
private func change(
  _ number: Int, to spec: CandidateSpec, _ analysis: Analysis, _ study: AutoMLStudy, _ state: inout WorkbenchState
) -> [Effect] {
  var specs = board(analysis, study, state).listed.map(\.spec)
  guard specs.indices.contains(number - 1) else { return [] }
  if let same = specs.firstIndex(of: spec) {
    state.say("Candidate \(same + 1) has these settings already.", .warning)
    return []
  }
  specs[number - 1] = spec
  var changed = study
  changed.options.candidates = specs
  let effects = state.edit { $0[analysis: analysis.id]?.spec = .automl(changed) }
  state.say("Candidate \(number) is changed: \(state.keyLabel("automl.train")) trains.", .success)
  return effects
}

/// Trains the marked candidates of a list, or all of them.
func trainChosen(_ analysis: Analysis, _ study: AutoMLStudy, _ state: inout WorkbenchState) -> [Effect] {
  let listed = board(analysis, study, state).listed
  let marks = state.automl.boards[analysis.id]?.marks ?? []
  let chosen = listed.filter { marks.contains($0.number) }
  var going = study
  going.isPlanOnly = nil
  going.options.candidates = (chosen.isEmpty ? listed : chosen).map(\.spec)
  state.automl.boards[analysis.id] = nil
  let effects = state.edit { flow in
    flow[analysis: analysis.id]?.spec = .automl(going)
    flow[analysis: analysis.id]?.result = nil
  }
  return effects + runAnalysis(analysis.id, &state)
}
