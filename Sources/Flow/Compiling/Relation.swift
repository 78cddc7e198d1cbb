// What a source hands to the compiler: SQL and columns.

import Frame

/// Rows that exist already: an opened source, or a table that holds the result of a step.
public struct Relation: Sendable, Hashable {
  /// A SELECT.
  public var sql: String
  public var schema: Schema

  public init(sql: String, schema: Schema) {
    self.sql = sql
    self.schema = schema
  }

  public init(_ source: OpenedSource) { self.init(sql: source.sql, schema: source.schema) }

  /// A table of the database, by its unquoted name.
  public static func table(_ name: String, schema: Schema) -> Relation {
    Relation(sql: "SELECT * FROM \(SQL.identifier(name))", schema: schema)
  }
}
