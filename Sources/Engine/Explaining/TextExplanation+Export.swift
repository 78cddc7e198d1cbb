import Explain
import Foundation
import Frame
import Jobs
import Plot

extension TextExplanation {
  /// A text with what each of its parts adds to an output.
  public func chart(_ row: Int, output: Int, title: String) -> Chart {
    let found = rows[row]
    return .content(
      ShapText(
        title: title, base: found.baseValues[output],
        parts: found.parts.map { ShapText.Part(text: $0.text, before: $0.before, shap: $0.values[output]) },
        unit: unit, isLogOdds: unit == "log-odds"))
  }

  /// The same of more texts.
  /// - Parameter other: of the same model and column.
  public func adding(_ other: TextExplanation) -> TextExplanation {
    TextExplanation(
      model: model, unit: unit, outputNames: outputNames, column: column, granularity: granularity,
      replacement: replacement, method: method, rows: rows + other.rows, totalRows: totalRows,
      topParts: max(50, top.count)
    )
  }

  /// Local accuracy: whether base value and values of every text add up to its prediction, but for rounding.
  public var isAccurate: Bool {
    additivityError.isFinite
      && rows.allSatisfy { row in
        let sizes = outputNames.indices.map { output in
          row.parts.reduce(abs(row.baseValues[output])) { $0 + abs($1.values[output]) }
        }
        return row.additivityError <= 1e-3 * max(1e-3, sizes.max() ?? 0)
      }
  }
}

/// What can be wrong with the file of explained texts.
public enum TextFileError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownEnding(String)

  public var description: String {
    switch self {
    case .unknownEnding(let path):
      "\(path): the ending says how parts are written: .json, .jsonl (as Clarify writes it), .csv, .parquet or .xlsx."
    }
  }
}

extension TextExplanation {
  /// Endings of files of numbers; all others are pictures.
  public static let valueEndings = ["json", "jsonl", "csv", "tsv", "parquet", "xlsx"]

  /// Writes texts, parts and values; as a table one row a part.
  /// - Returns: rows that were written: texts, or parts of a table.
  /// - Throws: `TextFileError`, and what writing throws.
  func write(to path: String, _ database: Database, _ context: any JobContext) throws -> Int {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let url = URL(fileURLWithPath: path)
    switch url.pathExtension.lowercased() {
    case "json":
      encoder.outputFormatting.insert(.prettyPrinted)
      try (encoder.encode(self) + Data("\n".utf8)).write(to: url, options: .atomic)
      return rows.count
    case "jsonl":
      let lines = try rows.map {
        String(decoding: try encoder.encode(ClarifyTextRow($0, column: column)), as: UTF8.self)
      }
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url, options: .atomic)
      return rows.count
    case "csv", "tsv", "parquet", "xlsx":
      let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString).jsonl")
      defer { try? FileManager.default.removeItem(at: scratch) }
      let lines = try partRows.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
      try Data(lines.joined(separator: "\n").utf8).write(to: scratch)
      let types =
        "{'text': 'INTEGER', 'part': 'INTEGER', 'start': 'INTEGER', 'token': 'VARCHAR', 'output': 'VARCHAR', "
        + "'value': 'DOUBLE', 'base_value': 'DOUBLE', 'prediction': 'DOUBLE'}"
      let sql =
        "SELECT * FROM read_json(\(SQL.text(scratch.path)), format = 'newline_delimited', columns = \(types))"
      return try database.write(sql, to: path, context: context)
    default: throw TextFileError.unknownEnding(path)
    }
  }

  private struct PartRow: Encodable {
    /// From 1.
    let text, part: Int
    let start: Int
    let token, output: String
    let value: Double
    let baseValue, prediction: Double

    private enum CodingKeys: String, CodingKey {
      case text, part, start, token, output, value, prediction
      case baseValue = "base_value"
    }
  }

  private var partRows: [PartRow] {
    var found: [PartRow] = []
    for (number, row) in rows.enumerated() {
      for (place, part) in row.parts.enumerated() {
        for (output, name) in outputNames.enumerated() {
          found.append(
            PartRow(
              text: number + 1, part: place + 1, start: part.start, token: part.text, output: name,
              value: part.values[output], baseValue: row.baseValues[output], prediction: row.predictions[output]))
        }
      }
    }
    return found
  }
}
