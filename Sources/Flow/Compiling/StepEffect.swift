// What a step does to a table, in figures: the line under a form's preview.

import Frame
import Jobs

/// Rows, columns and missing cells before and after a step.
public struct StepEffect: Codable, Sendable, Equatable {
  public struct Extent: Codable, Sendable, Equatable {
    public var rows: Int
    public var columns: Int
    /// Missing cells in all columns together.
    public var missing: Int

    public init(rows: Int, columns: Int, missing: Int) {
      (self.rows, self.columns, self.missing) = (rows, columns, missing)
    }
  }

  public var before: Extent
  public var after: Extent
  /// Values of each cast column that the new type cannot hold and that became missing; without columns that lost none.
  public var uncastable: [String: Int]
  /// How many rows of the input were looked at; nil for all.
  public var examined: Int?

  public init(before: Extent, after: Extent, uncastable: [String: Int] = [:], examined: Int? = nil) {
    (self.before, self.after, self.uncastable, self.examined) = (before, after, uncastable, examined)
  }
}

extension StepEffect: CustomStringConvertible {
  /// `32,561 → 30,162 rows, 15 columns, 4,262 → 0 missing`, with what became missing in casts.
  public var description: String {
    let extents = [
      Self.change(before.rows, after.rows, "rows"), Self.change(before.columns, after.columns, "columns"),
      Self.change(before.missing, after.missing, "missing"),
    ]
    let lost = uncastable.sorted { $0.key < $1.key }.map { "\($0.value.grouped) of \($0.key) not readable" }
    let base = examined.map { ["first \($0.grouped) rows"] } ?? []
    return (extents + lost + base).joined(separator: ", ")
  }

  private static func change(_ before: Int, _ after: Int, _ noun: String) -> String {
    before == after ? "\(after.grouped) \(noun)" : "\(before.grouped) → \(after.grouped) \(noun)"
  }
}

extension Compiler {
  /// Measures what a step does.
  /// - Parameter head: looks at the first rows of the input only; nil looks at all.
  /// - Throws: `FlowError`, `FrameError` or `JobCancelled`.
  public func effect(
    of node: StepID, in database: Database, head: Int? = nil, context: any JobContext = SilentContext()
  ) throws -> StepEffect {
    guard let parent = graph.parent(of: node) else {
      let extent = try Self.extent(of: relation(of: node), in: database, context)
      return StepEffect(before: extent, after: extent)
    }
    var input = try relation(of: parent)
    if let head { input.sql = "SELECT * FROM \(SQL.subquery(input.sql)) LIMIT \(head)" }
    var cut = relations
    cut[parent] = input
    let output = try Compiler(graph, relations: cut).relation(of: node)
    let before = try Self.extent(of: input, in: database, context)
    let after = try Self.extent(of: output, in: database, context)
    var effect = StepEffect(before: before, after: after, examined: head.map { min($0, before.rows) })
    if let head, before.rows < head { effect.examined = nil }
    let step = try graph.step(node)
    if case .cast(let casts) = step.operation, step.isEnabled {
      effect.uncastable = try Self.lost(casts, from: input, to: output, in: database, context)
    }
    return effect
  }

  private static func extent(
    of relation: Relation, in database: Database, _ context: any JobContext
  ) throws -> StepEffect.Extent {
    // A list, for a sum of thousands of terms nests deeper than DuckDB allows.
    let present = relation.schema.map { "count(\(SQL.identifier($0.name)))" }.joined(separator: ", ")
    let table = try database.query(
      "SELECT count(*), CAST(list_sum([\(present.isEmpty ? "0" : present)]) AS BIGINT) FROM \(SQL.subquery(relation.sql))",
      context: context, note: "counting")
    let rows = table.value(0, 0).count
    let columns = relation.schema.count
    return StepEffect.Extent(rows: rows, columns: columns, missing: rows * columns - table.value(0, 1).count)
  }

  /// Casts keep rows, so that a column's lost values are those present before and not after.
  private static func lost(
    _ casts: [Cast], from input: Relation, to output: Relation, in database: Database, _ context: any JobContext
  ) throws -> [String: Int] {
    let counts = casts.map { "count(\(SQL.identifier($0.column)))" }.joined(separator: ", ")
    let before = try database.query("SELECT \(counts) FROM \(SQL.subquery(input.sql))", context: context)
    let after = try database.query("SELECT \(counts) FROM \(SQL.subquery(output.sql))", context: context)
    var lost: [String: Int] = [:]
    for (index, cast) in casts.enumerated() {
      let count = before.value(0, index).count - after.value(0, index).count
      if count > 0 { lost[cast.column] = count }
    }
    return lost
  }
}

extension Value {
  fileprivate var count: Int {
    if case .integer(let count) = self { return Int(count) }
    return 0
  }
}
