import Explain
import Frame
import Jobs

extension ExplainSpec {
  /// The method as an explanation tells it.
  func methodName(_ method: Method) -> String {
    guard let time else { return method.rawValue }
    return "asymmetric, \(time.direction.rawValue)"
  }
}

extension ExplainSpec.TimeSteps {
  /// By feature its step; -1 where it has none.
  func places(of features: [String]) throws -> [Int] {
    var places: [String: Int] = [:]
    for (place, step) in steps.enumerated() {
      for column in step.columns {
        guard features.contains(column) else { throw EngineError.noSuchColumn(column, features) }
        places[column] = places[column] ?? place
      }
    }
    return features.map { places[$0] ?? -1 }
  }

  func order(of features: [String]) throws -> FeatureOrder {
    FeatureOrder(
      steps: try places(of: features), direction: direction, isTimewise: granularity == .timewise)
  }
}

/// A model whose columns are told by their steps in time.
struct TimedSubject: ExplanationSubject {
  private let whole: any ExplanationSubject
  /// By column of the model the feature that it is part of.
  private let groups: [Int]
  let features, columns: [String]

  /// What the columns of no step are called together.
  static let others = "other columns"

  init(_ whole: any ExplanationSubject, _ time: ExplainSpec.TimeSteps) throws {
    self.whole = whole
    let places = try time.places(of: whole.features)
    groups = places.map { $0 < 0 ? time.steps.count : $0 }
    features = time.steps.map(\.name) + (places.contains(-1) ? [Self.others] : [])
    let all = groups
    columns = features.indices.map { feature in
      all.firstIndex(of: feature).map { whole.columns[$0] } ?? ""
    }
  }

  var about: ExplainedModel { whole.about }
  var notes: [String] { whole.notes }
  var label: String? { whole.label }
  var method: ExplainSpec.Method { whole.method }
  var unit: String { whole.unit }
  var backgroundRows: Int? { whole.backgroundRows }
  var batchRows: Int { whole.batchRows }
  var task: ModelTask { whole.task }

  func select(from relation: String, others: [String]) -> String { whole.select(from: relation, others: others) }
  func predict(_ table: DataTable) throws -> [Double] { try whole.predict(table) }

  func explain(_ table: DataTable, _ context: any JobContext) throws -> ExplainedBatch {
    let found = try whole.explain(table, context)
    let numbers = features.indices.map { feature -> [Double] in
      let members = groups.indices.filter { groups[$0] == feature }
      guard members.count == 1 else { return Array(repeating: .nan, count: table.rowCount) }
      return found.numbers.columns[members[0]]
    }
    let (partOf, names) = (groups, whole.features)
    let count = features.count
    return ExplainedBatch(
      numbers: FeatureRows(count: table.rowCount, columns: numbers),
      values: found.values.summed(by: partOf, into: count)
    ) { row in
      let cells = found.cells?(row) ?? []
      return (0..<count).map { feature in
        let members = partOf.indices.filter { partOf[$0] == feature && cells.indices.contains($0) }
        if members.count == 1 { return cells[members[0]] }
        return members.map { "\(names[$0])=\(cells[$0])" }.joined(separator: ", ")
      }
    }
  }
}
