import Cloud
import Foundation

/// The columns that the folders of keys stand for, `year=2026/region=north/`, where a reader of DuckDB does not make them:
/// those of workbooks, and the types of all.
struct FolderColumns: Sendable, Hashable {
  /// What a folder holds for a missing value.
  static let missing = "__HIVE_DEFAULT_PARTITION__"

  var columns: Schema
  /// The values of each object, by the name of the column.
  private var values: [[String: String]]

  /// No columns.
  static let none = FolderColumns([], types: [:])

  /// - Parameter types: DuckDB types by column that the person chose.
  init(_ objects: [S3Object], types: [String: String]) {
    let isPartitioned = !objects.isEmpty && objects.allSatisfy { !RemoteLayout.partitions(of: $0.key).isEmpty }
    let pairs = isPartitioned ? objects.map { Self.pairs($0.key) } : []
    var names: [String] = []
    for (name, _) in pairs.joined() where !names.contains(name) { names.append(name) }
    // As DuckDB orders them for the other formats.
    names.sort()
    values = pairs.map { Dictionary($0.map { ($0.name, $0.value) }) { first, _ in first } }
    let found = values
    columns = names.map { name in
      Column(
        name: name, type: types[name] ?? Self.type(of: found.compactMap { $0[name] }.filter { $0 != Self.missing }))
    }
  }

  /// `year=2026` and the like of a key, from left to right.
  private static func pairs(_ key: String) -> [(name: String, value: String)] {
    key.split(separator: "/").dropLast().compactMap { folder in
      guard let sign = folder.firstIndex(of: "="), sign != folder.startIndex else { return nil }
      let value = String(folder[folder.index(after: sign)...])
      return (String(folder[..<sign]), value.removingPercentEncoding ?? value)
    }
  }

  /// The type that DuckDB finds for the same values.
  private static func type(of values: [String]) -> String {
    if values.isEmpty { return "VARCHAR" }
    if values.allSatisfy({ $0.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil }) { return "DATE" }
    return values.allSatisfy { Int64($0) != nil } ? "BIGINT" : "VARCHAR"
  }

  func has(_ name: String) -> Bool { columns.contains { $0.name.lowercased() == name.lowercased() } }

  /// SQL for the columns of one object, by its place.
  func literals(_ place: Int) -> [String] {
    columns.map { column in
      let value = values.indices.contains(place) ? values[place][column.name] : nil
      let text = value.flatMap { $0 == Self.missing ? nil : SQL.text($0) } ?? "NULL"
      return "CAST(\(text) AS \(column.type)) AS \(SQL.identifier(column.name))"
    }
  }
}
