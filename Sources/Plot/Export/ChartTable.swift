// The numbers behind a chart as rows, one a mark.

import Foundation

/// Rows under named columns, as text.
public struct ChartTable: Sendable, Equatable {
  public var columns: [String]
  /// As many cells a row as there are columns; empty where there is no value.
  public var rows: [[String]]

  public init(columns: [String], rows: [[String]]) { (self.columns, self.rows) = (columns, rows) }

  /// Comma-separated, lines ended by line feeds (RFC 4180 but for that).
  public var csv: String {
    func quoted(_ cell: String) -> String {
      let isPlain = !cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
      return isPlain ? cell : "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
    return ([columns] + rows).map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// With every digit; whole numbers without a point, times as ISO 8601.
  static func text(_ value: Double?, _ kind: AxisKind = .number) -> String {
    guard let value else { return "" }
    if kind == .time, value.isFinite, abs(value) < 1e12 {
      return Date(timeIntervalSince1970: value).formatted(.iso8601)
    }
    return value == value.rounded() && abs(value) < 9e15 ? String(Int(value)) : "\(value)"
  }
}

extension Chart {
  /// - Throws: `ChartFileError.noRows` for a kind that has none.
  public func table() throws -> ChartTable {
    switch self {
    case .histogram(let chart):
      return ChartTable(
        columns: ["lower", "upper", "count"],
        rows: chart.bins.map {
          [ChartTable.text($0.lower, chart.kind), ChartTable.text($0.upper, chart.kind), String($0.count)]
        })
    case .bars(let chart):
      if chart.measure != nil, let table = GroupedBars(chart).table { return table }
      var rows = chart.items.map { [$0.label, String($0.count)] }
      if let others = chart.others {
        rows.append(["(\(others.distinct) other\(others.distinct == 1 ? "" : "s"))", String(others.count)])
      }
      if chart.missing > 0 { rows.append(["(missing)", String(chart.missing)]) }
      return ChartTable(columns: [chart.column, "count"], rows: rows)
    case .scatter(let chart): return table(chart)
    case .heatmap(let chart):
      let rows = chart.places(chart.rows.indices, chart.columns.indices).map { row, column in
        [chart.rows[row], chart.columns[column], ChartTable.text(chart.value(row, column))]
      }
      return ChartTable(columns: ["row", "column", chart.kind == .correlation ? "r" : "value"], rows: rows)
    case .importance(let chart):
      return ChartTable(
        columns: ["feature", "gain", "shap"],
        rows: chart.items.map { [$0.feature, ChartTable.text($0.gain), ChartTable.text($0.shap)] })
    case .content(let content):
      guard let table = content.table else { throw ChartFileError.noRows(kind.rawValue) }
      return table
    }
  }

  private func table(_ chart: Scatter) -> ChartTable {
    let rows = chart.points.map { point in
      let place = [ChartTable.text(point.x, chart.xKind), ChartTable.text(point.y, chart.yKind)]
      guard chart.colorBy != nil else { return place }
      let category = point.category.flatMap { chart.categories.indices.contains($0) ? chart.categories[$0] : nil }
      return place + [category ?? ""]
    }
    return ChartTable(columns: [chart.x, chart.y] + (chart.colorBy.map { [$0] } ?? []), rows: rows)
  }
}
