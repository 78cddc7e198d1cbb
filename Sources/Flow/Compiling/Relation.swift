// What a source hands to the compiler: SQL and columns.

import Frame

/// Rows that exist already: an opened source, or a table that holds the result of a step.
public struct Relation: Sendable, Hashable {
  /// A SELECT.
  public var sql: String
  public var schema: Schema
  /// What other programs call the files of the SELECT that have a name of this process in it.
  public var names: [String: String] = [:]

  public init(sql: String, schema: Schema) {
    self.sql = sql
    self.schema = schema
  }

  public init(_ source: OpenedSource) {
    self.init(sql: source.sql, schema: source.schema)
    names = source.names
  }

  /// The SELECT for other programs; nil where it reads a copy that this process made of a file.
  var portableSQL: String? {
    let sql = names.reduce(sql) { $0.replacing($1.key, with: $1.value) }
    return sql.contains("'/proc/self/fd/") ? nil : sql
  }

  /// A table of the database, by its unquoted name.
  public static func table(_ name: String, schema: Schema) -> Relation {
    Relation(sql: "SELECT * FROM \(SQL.identifier(name))", schema: schema)
  }
}
