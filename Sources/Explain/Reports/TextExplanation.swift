/// Which parts of a text make a model say what it says: the figures of `assay explain --text --json`.
public struct TextExplanation: Codable, Sendable, Equatable {
  /// A piece of a text and what it adds.
  public struct Part: Codable, Sendable, Equatable {
    /// The piece, and the space that stands before it: all of them and `Row.after` are the text again.
    public var text, before: String
    /// Where it begins in the text, in Unicode scalars.
    public var start: Int
    /// By output.
    public var values: [Double]
    /// How far values that are estimates may be off, by output; nil where they are exact.
    public var standardErrors: [Double]?

    public init(text: String, before: String, start: Int, values: [Double], standardErrors: [Double]? = nil) {
      (self.text, self.before, self.start) = (text, before, start)
      (self.values, self.standardErrors) = (values, standardErrors)
    }

    private enum CodingKeys: String, CodingKey {
      case text, before, start, values
      case standardErrors = "standard_errors"
    }
  }

  /// The text of one row.
  public struct Row: Codable, Sendable, Equatable {
    /// In the order of the text; empty where the cell is missing or blank.
    public var parts: [Part]
    public var after: String
    /// What the model says of the row with every part replaced, and as it is; by output. The first and all values of an
    /// output add up to the second.
    public var baseValues, predictions: [Double]
    public var additivityError: Double

    public init(parts: [Part], after: String, baseValues: [Double], predictions: [Double], additivityError: Double) {
      (self.parts, self.after, self.additivityError) = (parts, after, additivityError)
      (self.baseValues, self.predictions) = (baseValues, predictions)
    }

    /// The cell.
    public var text: String { parts.reduce(into: "") { $0 += $1.before + $1.text } + after }

    private enum CodingKeys: String, CodingKey {
      case parts, after, predictions
      case baseValues = "base_values"
      case additivityError = "additivity_error"
    }
  }

  /// A part that occurs in some of the texts, capitals or not.
  public struct Top: Codable, Sendable, Equatable {
    public var text: String
    public var occurrences: Int
    /// By output: the mean of what it adds where it occurs, and of the size of that.
    public var values, sizes: [Double]

    public init(text: String, occurrences: Int, values: [Double], sizes: [Double]) {
      (self.text, self.occurrences, self.values, self.sizes) = (text, occurrences, values, sizes)
    }
  }

  public var model: String
  /// What the values are in, such as `probability`.
  public var unit: String
  /// One, or one for each class.
  public var outputNames: [String]
  /// The column of texts; all other columns keep their values.
  public var column: String
  public var granularity: TextGranularity
  /// What stands in place of a part that is not there; empty where it is left out.
  public var replacement: String
  public var method: String
  public var rows: [Row]
  /// Rows that the source has.
  public var totalRows: Int
  /// The parts that matter most where they occur, by size in the first output or over all classes; largest first.
  public var top: [Top]
  /// The largest of the rows'.
  public var additivityError: Double

  public init(
    model: String, unit: String, outputNames: [String], column: String, granularity: TextGranularity,
    replacement: String, method: String, rows: [Row], totalRows: Int, topParts: Int
  ) {
    (self.model, self.unit, self.outputNames, self.column) = (model, unit, outputNames, column)
    (self.granularity, self.replacement, self.method) = (granularity, replacement, method)
    (self.rows, self.totalRows) = (rows, totalRows)
    additivityError = rows.map(\.additivityError).max() ?? 0
    top = Self.top(rows, outputs: outputNames.count, most: topParts)
  }

  private static func top(_ rows: [Row], outputs: Int, most: Int) -> [Top] {
    var found: [String: Top] = [:]
    for part in rows.lazy.flatMap(\.parts) {
      let none = Array(repeating: 0.0, count: outputs)
      let key = part.text.lowercased()
      var top = found[key] ?? Top(text: key, occurrences: 0, values: none, sizes: none)
      top.occurrences += 1
      for (output, value) in part.values.enumerated() {
        top.values[output] += value
        top.sizes[output] += abs(value)
      }
      found[key] = top
    }
    let means = found.values.map { top in
      let count = Double(top.occurrences)
      return Top(
        text: top.text, occurrences: top.occurrences, values: top.values.map { $0 / count },
        sizes: top.sizes.map { $0 / count })
    }
    let ranked = means.map { (size: $0.sizes.reduce(0, +), top: $0) }
    return ranked.sorted { ($1.size, $0.top.text) < ($0.size, $1.top.text) }.prefix(most).map(\.top)
  }

  private enum CodingKeys: String, CodingKey {
    case model, unit, column, granularity, replacement, method, rows
    case outputNames = "outputs"
    case totalRows = "total_rows"
    case top = "global_top_shap_text"
    case additivityError = "additivity_error"
  }
}
