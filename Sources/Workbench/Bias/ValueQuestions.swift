import Engine
import Flow
import Plot

/// Learns the values of columns of a step, with their counts, most frequent first.
struct ValueQuestions: Sendable {
  /// What is known of a column.
  struct Answer: Sendable, Equatable {
    var values: [(text: String, rows: Int)] = []
    /// Values beyond those.
    var others = 0
    var error: String?

    static func == (a: Answer, b: Answer) -> Bool {
      a.others == b.others && a.error == b.error && a.values.elementsEqual(b.values) { $0 == $1 }
    }
  }

  /// More than these are no groups of people.
  static let most = 100

  let node: StepID
  private(set) var answers: [String: Answer] = [:]
  private var requests: [RequestID: String] = [:]

  init(_ node: StepID) { self.node = node }

  /// Asks for columns that nothing is known of yet.
  mutating func fetch(_ columns: [String], _ state: inout WorkbenchState) -> [Effect] {
    guard state.flow.graph[node] != nil else { return [] }
    var effects: [Effect] = []
    for column in columns where answers[column] == nil && !requests.values.contains(column) {
      let request = NodeRequest(graph: state.flow.graph, node: node)
      let (id, effect) = state.ask(
        .analyze(request, .bars(column: column, limit: Self.most)), for: .dialog, isListed: false)
      requests[id] = column
      effects.append(effect)
    }
    return effects
  }

  /// True when an answer came.
  mutating func receive(_ happening: JobHappening, for id: RequestID) -> Bool {
    guard let column = requests[id] else { return false }
    switch happening {
    case .done(.analysis(.chart(.bars(let bars)), _)):
      answers[column] = Answer(
        values: bars.items.map { ($0.label, $0.count) }, others: bars.others?.distinct ?? 0)
    case .failed(let text): answers[column] = Answer(error: text)
    case .done, .cancelled: answers[column] = Answer(error: "the values were not counted")
    case .started, .progress, .partial: return false
    }
    requests[id] = nil
    return true
  }
}
