// Kinds of steps that live in files of their own. A new one is a file with a type that conforms to `Transform`, and one
// line in `TransformCatalogue`.

import Frame
import Jobs

/// A kind of step: what the catalogue says of it, and how it becomes SQL.
public protocol Transform: Sendable {
  /// Titles, help and parameters; forms, files and the reference follow from it.
  static var info: OperationInfo { get }

  /// How many steps it reads.
  static var inputCount: ClosedRange<Int> { get }

  /// Whether it learns from the rows that reach it before it can run.
  static func learns(_ parameters: Parameters) -> Bool

  /// The parameters in a few words, such as `age, hours: standard`.
  static func summary(_ parameters: Parameters) -> String

  /// What is wrong with the parameters beyond what `info` says of each; nil where nothing is.
  static func fault(_ parameters: Parameters) -> String?

  /// What it has to know of the rows, such as means or categories.
  /// - Throws: `FlowError`, `FrameError` or `JobCancelled`.
  static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters

  /// What it has learnt, as tables to read.
  static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section]

  /// The step as one SELECT over its inputs. Where it has not learnt yet and `call.needsFit` is false, the columns as far
  /// as they are known.
  /// - Throws: `FlowError`.
  static func stage(_ call: TransformCall) throws -> TransformStage

  /// Computes what SQL cannot say into a new table; nil for all others, of which `stage` says everything.
  static var rows: (@Sendable (TransformCall, FitReader, _ table: String) throws -> Schema)? { get }
}

extension Transform {
  public static var inputCount: ClosedRange<Int> { 1...1 }
  public static func learns(_ parameters: Parameters) -> Bool { false }
  public static func fault(_ parameters: Parameters) -> String? { nil }
  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters { [:] }
  public static var rows: (@Sendable (TransformCall, FitReader, _ table: String) throws -> Schema)? { nil }

  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    [FittedState.Section(FittedState.plain(learned))]
  }

  public static func summary(_ parameters: Parameters) -> String {
    let columns = parameters.texts("columns")
    switch columns.count {
    case 0: return ""
    case 1...3: return columns.joined(separator: ", ")
    default: return "\(columns[0]), \(columns[1]) and \(columns.count - 2) more"
    }
  }
}

/// A transform with its parameters: what a step of a flow holds.
public struct TransformSpec: Sendable, Hashable {
  public var id: String
  public var parameters: Parameters

  public init(_ id: String, _ parameters: Parameters = [:]) { (self.id, self.parameters) = (id, parameters) }

  /// The kind; nil where this version does not know it.
  public var transform: (any Transform.Type)? { TransformCatalogue.transform(id) }
}

/// A step as SQL: one SELECT, and its columns.
public struct TransformStage: Sendable, Equatable {
  public var sql: String
  public var schema: Schema

  public init(_ sql: String, _ schema: Schema) { (self.sql, self.schema) = (sql, schema) }
}

/// Rows that reach a step.
public struct TransformInput: Sendable {
  /// What stands after FROM: a quoted name, or a SELECT in parentheses.
  public var table: String
  public var schema: Schema
  /// What the user calls the step that they come from.
  public var title: String

  public init(table: String, schema: Schema, title: String = "") {
    (self.table, self.schema, self.title) = (table, schema, title)
  }
}

/// Asks the rows that a step learns from.
public struct FitReader: Sendable {
  public let database: Database
  public let context: any JobContext
  /// Trains models, for steps that need some; nil where there are none.
  public let scorer: (any RowScorer)?
  private let observe: (@Sendable (String) -> Void)?
  private let inputs: ClusterInputs?

  /// - Parameters:
  ///   - observe: gets the SQL of every query.
  ///   - inputs: the rows, where a cluster has them.
  init(
    _ database: Database, context: any JobContext = SilentContext(), scorer: (any RowScorer)? = nil,
    observe: (@Sendable (String) -> Void)? = nil, inputs: ClusterInputs? = nil
  ) {
    (self.database, self.context, self.scorer, self.observe) = (database, context, scorer, observe)
    self.inputs = inputs
  }

  /// True where a cluster has the rows.
  var isElsewhere: Bool { inputs != nil }

  /// - Throws: `FrameError` or `JobCancelled`; of a cluster what asking it throws, and `FlowError.cannot` for a query that
  ///   it cannot say.
  public func query(_ sql: String, note: String? = nil) throws -> DataTable {
    try context.checkCancelled()
    observe?(sql)
    if let inputs { return try inputs.answer(sql, note ?? "fitting") }
    return try database.query(sql, context: context, note: note ?? "fitting")
  }
}
