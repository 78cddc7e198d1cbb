import Engine
import Flow
import Frame
import Grid
import Widgets

/// The plus sign on a step: every transform and every analysis that can follow it.
struct AddOverlay: Overlay {
  private var list: ListDialog
  private var schema: SchemaQuestion?

  init(_ state: WorkbenchState) {
    let step = state.selectedStep
    schema = step.map { SchemaQuestion($0.id, state) }
    list = ListDialog("Add to the step", note: step?.title ?? "", entries: Self.entries(schema?.schema))
  }

  private static func entries(_ schema: Schema?) -> [ListDialog.Entry] {
    // What is reached for most stands in sight; the rest of the catalogue follows, and typing finds all of it.
    let transforms = Catalogues.transforms(prefix: "transform.", groups: false)
    let isCommon: (ListDialog.Entry) -> Bool = { entry in
      let id = entry.id.split(separator: ".").last.map(String.init) ?? ""
      return Operation.Kind(rawValue: id)?.transform == nil
    }
    let others = Catalogues.transforms(prefix: "transform.", groups: true).filter { !isCommon($0) }
    return transforms.filter(isCommon) + Catalogues.analyses(prefix: "analysis.", schema: schema) + others
  }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    let effects = schema?.fetch(&state) ?? []
    list.entries = Self.entries(schema?.schema)
    return effects
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if schema?.receive(happening, for: request) == true { list.entries = Self.entries(schema?.schema) }
    return .stay()
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(let id):
      let parts = id.split(separator: ".").map(String.init)
      if let kind = Operation.Kind(rawValue: parts.last ?? ""), parts.first == "transform" {
        return .replace(StepOverlay(kind, state, insert: false, back: self))
      }
      if let kind = AnalysisSpec.Kind(rawValue: parts.last ?? "") {
        return .replace(analysisDialog(kind, state, back: self))
      }
      return .stay()
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}

/// Every transform that can follow the selected step.
struct TransformOverlay: Overlay {
  private let insert: Bool
  private var list: ListDialog

  /// - Parameter insert: put the step between the selected one and those that read it.
  init(_ state: WorkbenchState, insert: Bool) {
    self.insert = insert
    list = ListDialog(
      insert ? "Insert a step" : "Add transform", step: "step 1 of 2", note: "after \(state.selectedStep?.title ?? "")",
      entries: Catalogues.transforms(groups: true))
  }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(let id):
      guard let kind = Operation.Kind(rawValue: id) else { return .stay() }
      return .replace(StepOverlay(kind, state, insert: insert, back: self))
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}

/// Add analysis, step 1 of 2: which kind.
struct AnalysisMenuOverlay: Overlay {
  private var list: ListDialog
  private var schema: SchemaQuestion?

  init(_ state: WorkbenchState) {
    let step = state.selectedStep
    schema = step.map { SchemaQuestion($0.id, state) }
    list = ListDialog(
      "Add analysis", step: "step 1 of 2", note: step.map { "on \($0.title)" } ?? "",
      entries: Catalogues.analyses(schema: schema?.schema))
  }

  var hints: [(key: String, label: String)] { list.hints }

  mutating func fetch(_ state: inout WorkbenchState) -> [Effect] {
    let effects = schema?.fetch(&state) ?? []
    list.entries = Catalogues.analyses(schema: schema?.schema)
    return effects
  }

  mutating func receive(
    _ happening: JobHappening, for request: RequestID, _ state: inout WorkbenchState
  ) -> OverlayOutcome {
    if schema?.receive(happening, for: request) == true {
      list.entries = Catalogues.analyses(schema: schema?.schema)
    }
    return .stay()
  }

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    switch list.handle(event, &state) {
    case .handled: return .stay()
    case .cancelled: return .close()
    case .chosen(let id):
      guard let kind = AnalysisSpec.Kind(rawValue: id) else { return .stay() }
      return .replace(analysisDialog(kind, state, back: self))
    }
  }

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap { list.draw(into: &grid, state) }
}
