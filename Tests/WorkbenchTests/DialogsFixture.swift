import Engine
import Flow
import Frame
import Grid
import Widgets

@testable import Insight
@testable import Workbench

/// A workbench without a terminal and without an engine: keys go in, effects come out.
struct DialogRig {
  var state: WorkbenchState
  private(set) var effects: [Effect] = []

  static let schema: Schema = [
    Column(name: "age", type: "BIGINT"), Column(name: "workclass", type: "VARCHAR"),
    Column(name: "hours per week", type: "BIGINT"), Column(name: "born", type: "DATE"),
    Column(name: "rate", type: "DOUBLE"), Column(name: "income", type: "VARCHAR"),
  ]

  /// Profiles of the schema's columns, with these numbers of levels.
  static func header(levels: [String: Int] = [:]) -> [HeaderProfile] {
    schema.map { column in
      HeaderProfile(
        column: column.name, kind: column.kind, bins: nil, levels: levels[column.name], missingShare: 0, rows: 5000,
        isComplete: true)
    }
  }

  /// With `census.csv` open, or on the start screen.
  init(width: Int = 80, height: Int = 24, isOpen: Bool = true, schema: Schema = Self.schema) {
    state = WorkbenchState(size: Size(width: width, height: height), workingFolder: "/data")
    guard isOpen else { return }
    _ = begin(Source(location: "/data/census.csv"), &state)
    answerOpen(schema, rows: 5000)
  }

  /// Answers the table pane's question for the rows of the selected step.
  mutating func answerOpen(_ schema: Schema, rows: Int) {
    guard let id = state.table.views.last?.opening else { return }
    let node = OpenedNode(schema: schema, count: .exact(rows), notes: [], isComplete: true)
    effects += reduce(&state, .job(id, .done(.opened(node))))
  }

  /// Presses keys in the notation of `KeyEvent`; what is no key is typed character by character.
  @discardableResult
  mutating func press(_ keys: String...) -> [Effect] {
    effects = []
    for key in keys {
      if let event = KeyEvent(key) {
        effects += reduce(&state, .input(.key(event)))
      } else {
        for character in key { effects += reduce(&state, .input(.key(KeyEvent(.character(character))))) }
      }
    }
    return effects
  }

  @discardableResult
  mutating func send(_ action: Action) -> [Effect] {
    effects = reduce(&state, action)
    return effects
  }

  /// The job that was asked for last among the effects of the last call.
  var submitted: [(id: RequestID, spec: JobSpec)] {
    effects.compactMap { if case .submit(let id, let spec) = $0 { (id, spec) } else { nil } }
  }

  /// The text on screen.
  var screen: String { draw(state).grid.lines.joined(separator: "\n") }

  /// Clicks on the first place where a text stands.
  @discardableResult
  mutating func click(_ text: String) -> [Effect] {
    for (y, line) in draw(state).grid.lines.enumerated() {
      guard let range = line.range(of: text) else { continue }
      let x = line.distance(from: line.startIndex, to: range.lowerBound)
      return send(.input(.mouse(MouseEvent(.press(.left, clicks: 1), at: Point(x: x, y: y)))))
    }
    return []
  }
}
