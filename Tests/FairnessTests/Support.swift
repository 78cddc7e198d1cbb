import Foundation
import Frame
import Testing

@testable import Fairness

/// A relation to report on.
struct Sheet {
  let database: Database
  let sql: String
  let schema: Schema

  init(_ sql: String) throws {
    database = try Database()
    self.sql = sql
    schema = try database.describe(sql)
  }

  /// Rows as `a,1,u` with columns named first, all texts but those that are numbers.
  init(columns: String, _ rows: [String]) throws {
    let names = columns.split(separator: ",").map { SQL.identifier(String($0)) }
    let values = rows.map { row in
      let cells = row.split(separator: ",", omittingEmptySubsequences: false).map { cell -> String in
        if cell.isEmpty { return "NULL" }
        return Double(cell) == nil || cell.contains("n") ? SQL.text(String(cell)) : String(cell)
      }
      return "(" + cells.joined(separator: ", ") + ")"
    }
    try self.init("SELECT * FROM (VALUES \(values.joined(separator: ", "))) AS t(\(names.joined(separator: ", ")))")
  }

  static func golden(_ name: String) throws -> Sheet {
    try Sheet("SELECT * FROM read_csv('\(Golden.folder.path)/\(name).csv', header = true)")
  }

  func report(_ spec: BiasSpec) throws -> BiasReport {
    try biasReport(spec, relation: sql, schema: schema, in: database)
  }
}

/// What smclarify 0.5 said of a table.
struct Golden: Decodable {
  struct Metric: Decodable {
    var name: String
    var value: WrittenNumber?
    var error: String?
    var description: String
  }

  struct Entry: Decodable {
    var value_or_threshold: String
    var metrics: [Metric]
  }

  struct Performance: Decodable {
    struct Figure: Decodable {
      var name: String
      var description: String
      var value: WrittenNumber
    }
    var model_performance_metrics: [Figure]
    var binary_confusion_matrix: [Double]
    var confusion_matrix: [String: [String: Double]]?
  }

  /// A text or a number.
  struct Word: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self.text = text
      } else if let flag = try? container.decode(Bool.self) {
        text = String(flag)
      } else {
        let number = try container.decode(Double.self)
        text = number == number.rounded() ? String(Int(number)) : String(number)
      }
    }
  }

  var facet: String
  var facet_values: [Word]?
  var label: String
  var positive_label_values: [Word]
  var predicted: String?
  var group: String?
  var label_cast_to_category: Bool
  var pre: [Entry]
  var post: [Entry]?
  var performance: Performance?

  static let names = ["G1", "G1b", "G2", "G2b", "G3", "G3b", "G4", "G5", "G5b", "G6", "G7", "G8"]

  static let folder = Bundle.module.resourceURL!.appendingPathComponent("Goldens")

  static func read(_ name: String) throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
  }

  /// The same question.
  func spec(mode: BiasSpec.Mode, features: [String]?, draws: Int = 0) -> BiasSpec {
    let positives = positive_label_values.map(\.text)
    return BiasSpec(
      label: .init(column: label, positive: .values(positives)),
      facets: [.init(column: facet, groups: facet_values.map { .values($0.map(\.text)) } ?? .eachValue)],
      prediction: predicted.map { .label(column: $0) }, group: group, features: features,
      missing: .asLibrary, mode: mode,
      libraryCategories: label_cast_to_category ? [label] + (predicted.map { [$0] } ?? []) : [], draws: draws)
  }
}

func isClose(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
  guard let left else { return false }
  if left == right { return true }
  return abs(left - right) <= tolerance * max(1, abs(right))
}

extension BiasReport {
  subscript(_ value: String) -> FacetReport? { facets.first { $0.value == value } }
}

/// Labels of two groups, and no predictions.
func spec(
  facet: String = "f", _ groups: BiasSpec.Groups = .values(["d"]), label: String = "y", positive: [String] = ["1"],
  prediction: String? = nil, group: String? = nil, draws: Int = 0
) -> BiasSpec {
  BiasSpec(
    label: .init(column: label, positive: .values(positive)), facets: [.init(column: facet, groups: groups)],
    prediction: prediction.map { .label(column: $0) }, group: group, draws: draws)
}
