import Frame
import Testing

@testable import Flow

/// Nine people with missing cells, and one column of every kind that steps treat apart.
let peopleSQL = """
  SELECT * FROM (VALUES
  (1, 39, 'Ann', 'F', 2174.5, DATE '2024-01-31', TRUE, '10'), (2, 50, 'Bob', 'M', 0.0, DATE '2024-02-29', FALSE, 'x'),
  (3, 38, 'Cyd', 'F', NULL, DATE '2023-12-31', TRUE, '7.5'), (4, NULL, 'Dee', 'F', 10.0, NULL, NULL, ' 3 '),
  (5, 28, NULL, 'M', 5178.0, DATE '2020-07-04', FALSE, NULL), (6, 37, 'Eve', 'F', 'nan'::DOUBLE, DATE '2024-01-31', TRUE, '1e2'),
  (7, 49, 'Fay', NULL, 14084.25, DATE '2021-05-05', TRUE, 'abc'), (8, 52, 'Gus', 'M', 1.5, DATE '2024-03-01', FALSE, '0'),
  (9, 31, 'Hal', 'M', 0.0, DATE '2022-11-11', NULL, '-4'))
  t(id, age, name, sex, gain, hired, active, code)
  """

/// A flow with one source over `sql`, and the means to run it.
struct Bench {
  let database: Database
  var graph = FlowGraph()
  let source: StepID
  let relation: Relation

  init(_ sql: String = peopleSQL) throws {
    database = try Database()
    source = graph.addSource(Source(location: "people.csv"))
    relation = Relation(sql: sql, schema: try database.describe(sql))
  }

  var compiler: Compiler { Compiler(graph, relations: [source: relation]) }

  func rows(_ id: StepID) throws -> DataTable { try database.query(try compiler.sql(for: id)) }

  /// A column of a step's result as text, `-` where a cell is missing.
  func column(_ name: String, _ id: StepID) throws -> [String] {
    let table = try rows(id)
    let column = try #require(table[name])
    return (0..<table.rowCount).map { column.text($0) ?? "-" }
  }

  /// The result of one operation below the source.
  mutating func column(_ name: String, after operation: Operation) throws -> [String] {
    let id = try graph.add(operation, after: source)
    graph = try Fitter(database).fitted(graph, upTo: id, relations: [source: relation])
    return try column(name, id)
  }
}
