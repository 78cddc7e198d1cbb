// The operations as menus and forms show them: one place for titles, help and parameters.

/// The group that an operation stands in.
public enum OperationFamily: String, Codable, Sendable, CaseIterable {
  case source, columns, rows, combine, group, missing, outliers, encode, numeric, dates, text, strings, types, nested,
    timeSeries, balance, reduce, model, custom

  /// The group's title in menus.
  public var title: String {
    switch self {
    case .source: "Source"
    case .columns: "Columns"
    case .rows: "Rows"
    case .combine: "Combine and split"
    case .group: "Group and window"
    case .missing: "Missing values"
    case .outliers: "Outliers"
    case .encode: "Encode categories"
    case .numeric: "Scale and transform numbers"
    case .dates: "Dates"
    case .text: "Featurize text"
    case .strings: "Search and edit text"
    case .types: "Types and validation"
    case .nested: "Nested values"
    case .timeSeries: "Time series"
    case .balance: "Balance"
    case .reduce: "Reduce dimensions"
    case .model: "Models"
    case .custom: "Custom"
    }
  }
}

/// One parameter of an operation, for a form.
public struct ParameterInfo: Sendable, Equatable, Identifiable {
  /// What a form asks for.
  public enum Form: Sendable, Equatable {
    /// A file or address.
    case source
    /// One column.
    case column
    /// Several columns.
    case columns
    /// The name of a new column.
    case name
    /// A condition or an expression of the expression language.
    case condition, expression
    /// One of several words.
    case choice([String])
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A number.
    case number(ClosedRange<Double>)
    case toggle
    /// A value of the column's type.
    case value
    /// Any text.
    case text
    /// Several texts, such as delimiters or values.
    case texts
    /// Other steps whose rows are read too.
    case inputs(ClosedRange<Int>)
    /// Several rows of these parameters.
    case rows([ParameterInfo])
    /// SQL over a table `data`.
    case sql
  }

  /// Shows a parameter only where another has one of these values.
  public struct Condition: Sendable, Equatable {
    public let parameter: String
    public let values: [String]

    public init(_ parameter: String, _ values: String...) { (self.parameter, self.values) = (parameter, values) }

    /// Whether it holds; a flag reads as `true` or `false`.
    public func holds(_ parameters: Parameters, initial: String = "") -> Bool {
      switch parameters[parameter] {
      case .text(let text)?: values.contains(text)
      case .flag(let flag)?: values.contains(flag ? "true" : "false")
      case .number, .list, .record, .missing, nil: values.contains(initial)
      }
    }
  }

  public let id: String
  public let label: String
  public let form: Form
  /// What stands in the form at first, as text; empty where nothing does.
  public let initial: String
  /// One line of help.
  public let help: String
  /// The parameter is asked once for each chosen column.
  public let perColumn: Bool
  /// The columns that suit it, where it takes some.
  public let fit: ColumnFit
  /// May stay empty.
  public let isOptional: Bool
  public let condition: Condition?
  /// Whether it names a column of the other step that is read, as the right side of a join does.
  public let isOfOther: Bool

  public init(
    _ id: String, _ label: String, _ form: Form, initial: String = "", perColumn: Bool = false, fit: ColumnFit = .any,
    isOptional: Bool = false, isOfOther: Bool = false, when condition: Condition? = nil, help: String
  ) {
    self.id = id
    self.label = label
    self.form = form
    self.initial = initial
    self.perColumn = perColumn
    self.fit = fit
    self.isOptional = isOptional
    self.isOfOther = isOfOther
    self.condition = condition
    self.help = help
  }
}

/// What the catalogue says of one operation.
public struct OperationInfo: Sendable, Equatable, Identifiable {
  public let kind: Operation.Kind
  public let family: OperationFamily
  public let title: String
  /// One line.
  public let help: String
  public let parameters: [ParameterInfo]

  public var id: String { kind.rawValue }

  init(kind: Operation.Kind, family: OperationFamily, title: String, help: String, parameters: [ParameterInfo]) {
    (self.kind, self.family, self.title, self.help) = (kind, family, title, help)
    self.parameters = parameters
  }

  /// What the catalogue says of a transform.
  public init(
    _ id: String, _ family: OperationFamily, _ title: String, help: String, parameters: [ParameterInfo]
  ) {
    self.init(kind: Operation.Kind(id), family: family, title: title, help: help, parameters: parameters)
  }
}

/// All operations.
public enum OperationCatalogue {
  /// In the order of the menu.
  public static let all: [OperationInfo] = Operation.Kind.allCases.map(info)

  /// The operations that a person can add below a step.
  public static let transforms: [OperationInfo] = all.filter { $0.kind != .source && $0.id != Foreign.info.id }

  public static func info(_ kind: Operation.Kind) -> OperationInfo {
    switch kind {
    case .source:
      OperationInfo(
        kind: kind, family: .source, title: "Source", help: "Read a file, or a part of its rows.",
        parameters: [
          ParameterInfo("source", "File", .source, help: "CSV, TSV, JSON, JSONL, Parquet, Excel or fixed width.")
        ]
      )
    case .cast: cast
    case .filter:
      OperationInfo(
        kind: kind, family: .rows, title: "Filter", help: "Keep the rows for which a condition holds.",
        parameters: [
          ParameterInfo("where", "Condition", .condition, help: "Such as age > 30 and sex == \"Female\".")
        ])
    case .select:
      OperationInfo(
        kind: kind, family: .columns, title: "Select columns", help: "Keep only these columns, in this order.",
        parameters: [ParameterInfo("columns", "Columns", .columns, help: "The columns to keep.")])
    case .drop:
      OperationInfo(
        kind: kind, family: .columns, title: "Drop columns", help: "Leave columns out.",
        parameters: [ParameterInfo("columns", "Columns", .columns, help: "The columns to leave out.")])
    case .rename:
      OperationInfo(
        kind: kind, family: .columns, title: "Rename columns", help: "Give columns other names.",
        parameters: [
          ParameterInfo("columns", "Columns", .columns, help: "The columns to rename."),
          ParameterInfo(
            "to", "New name", .name, perColumn: true, help: "A name that no other column has, whatever its case."),
        ])
    case .derive: derive
    case .sort: sort
    case .sample: sample
    case .impute: impute
    default:
      kind.transform?.info
        ?? OperationInfo(kind: kind, family: .custom, title: kind.rawValue, help: "", parameters: [])
    }
  }

  private static let cast = OperationInfo(
    kind: .cast, family: .columns, title: "Data types",
    help: "Read columns as another type; what cannot be read becomes missing.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, help: "The columns to change."),
      ParameterInfo(
        "to", "Type", .choice(["integer", "real", "boolean", "text", "date", "timestamp", "time"]), initial: "text",
        perColumn: true, help: "The new type; dates are read as 2024-12-31."),
    ])

  private static let derive = OperationInfo(
    kind: .derive, family: .columns, title: "Derive column",
    help: "Add a column, or replace one, with the value of an expression.",
    parameters: [
      ParameterInfo("name", "Column", .name, help: "A new name, or a column to replace."),
      ParameterInfo(
        "expression", "Expression", .expression, help: "Such as price * quantity, or if(age < 18, 'child', 'adult')."),
    ])

  private static let sort = OperationInfo(
    kind: .sort, family: .rows, title: "Sort",
    help: "Order the rows; equal rows keep their order and missing values come last.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, help: "The first column counts most."),
      ParameterInfo("descending", "Descending", .toggle, initial: "false", perColumn: true, help: "Largest first."),
    ])

  private static let sample = OperationInfo(
    kind: .sample, family: .rows, title: "Sample", help: "Keep some of the rows, in their order.",
    parameters: [
      ParameterInfo(
        "method", "Method", .choice(Sampling.methods), initial: "random",
        help: "The first rows, random rows, a random share, or random rows in the proportions of a column."),
      ParameterInfo("rows", "Rows", .integer(1...Int.max), initial: "1000", help: "How many rows to keep."),
      ParameterInfo("fraction", "Share", .number(0...1), initial: "0.1", help: "The share of rows to keep, 0 to 1."),
      ParameterInfo("column", "Column", .column, help: "The column whose proportions the sample keeps."),
      ParameterInfo("seed", "Seed", .integer(0...Int.max), initial: "0", help: "The same seed keeps the same rows."),
    ])

  private static let impute = OperationInfo(
    kind: .impute, family: .missing, title: "Impute",
    help: "Fill missing values with a statistic of the column or a constant.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, help: "The columns to fill."),
      ParameterInfo(
        "strategy", "Fill with", .choice(ImputeRule.strategies), initial: "median", perColumn: true,
        help: "Mean and median are for numbers; mode, the most frequent value, is for every type."),
      ParameterInfo("value", "Constant", .value, perColumn: true, help: "The value, where the strategy is constant."),
    ])
}
