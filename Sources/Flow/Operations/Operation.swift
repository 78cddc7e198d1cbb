// What a step does to the rows that reach it. Parameters only: what is learnt from data stands in `Step.fitted`.

import Frame

/// A transformation of a table, or the source of one.
public enum Operation: Sendable, Equatable {
  /// Reads a file; has no input.
  case source(Source)
  /// Changes the types of columns; a value that cannot be read as the new type becomes missing.
  case cast([Cast])
  /// Keeps the rows for which the condition holds; rows where it is missing are dropped.
  case filter(String)
  /// Keeps these columns, in this order.
  case select([String])
  /// Leaves these columns out.
  case drop([String])
  /// Gives columns other names.
  case rename([Renaming])
  /// Adds a column, or replaces one of that name, with the value of an expression.
  case derive(name: String, expression: String)
  /// Orders the rows, stably, missing values last.
  case sort([SortKey])
  /// Keeps some of the rows.
  case sample(Sampling)
  /// Fills missing values.
  case impute([ImputeRule])
  /// A kind of step with a file of its own, listed in `TransformCatalogue`.
  case transform(TransformSpec)
}

extension Operation {
  /// The operations without their parameters: the id in files, menus and the catalogue.
  public struct Kind: RawRepresentable, Codable, Sendable, Hashable, CaseIterable {
    public let rawValue: String

    /// Nil where this version knows no such operation.
    public init?(rawValue: String) {
      guard Self.builtIn.contains(rawValue) || TransformCatalogue.transform(rawValue) != nil else { return nil }
      self.rawValue = rawValue
    }

    init(_ id: String) { rawValue = id }

    public static let source = Kind("source")
    public static let cast = Kind("cast")
    public static let filter = Kind("filter")
    public static let select = Kind("select")
    public static let drop = Kind("drop")
    public static let rename = Kind("rename")
    public static let derive = Kind("derive")
    public static let sort = Kind("sort")
    public static let sample = Kind("sample")
    public static let impute = Kind("impute")

    /// Those that `Operation` has cases for.
    private static let builtIn: Set<String> = [
      "source", "cast", "filter", "select", "drop", "rename", "derive", "sort", "sample", "impute",
    ]

    public static let allCases: [Kind] =
      [.source, .cast, .filter, .select, .drop, .rename, .derive, .sort, .sample, .impute]
      + TransformCatalogue.all.map { Kind($0.info.id) }

    /// The transform of the kind; nil for those that `Operation` has cases for.
    public var transform: (any Transform.Type)? { TransformCatalogue.transform(rawValue) }
  }

  public var kind: Kind {
    switch self {
    case .source: .source
    case .cast: .cast
    case .filter: .filter
    case .select: .select
    case .drop: .drop
    case .rename: .rename
    case .derive: .derive
    case .sort: .sort
    case .sample: .sample
    case .impute: .impute
    case .transform(let spec): Kind(spec.id)
    }
  }

  /// The operation's title in menus and trees.
  public var title: String { OperationCatalogue.info(kind).title }

  /// The menu group that the operation stands in.
  public var family: OperationFamily { OperationCatalogue.info(kind).family }

  /// How many steps the operation reads.
  public var inputCount: ClosedRange<Int> {
    switch self {
    case .source: 0...0
    case .transform(let spec): spec.transform?.inputCount ?? 1...1
    case .cast, .filter, .select, .drop, .rename, .derive, .sort, .sample, .impute: 1...1
    }
  }

  /// Whether the operation learns from the rows that reach it.
  public var learns: Bool {
    switch self {
    case .impute(let rules):
      rules.contains { if case .constant = $0.strategy { false } else { true } }
    case .transform(let spec): spec.transform?.learns(spec.parameters) ?? false
    case .source, .cast, .filter, .select, .drop, .rename, .derive, .sort, .sample: false
    }
  }

  /// The parameters in a few words, such as `hours > 0` or `median ×3`.
  public var summary: String {
    switch self {
    case .source(let source): return source.location + source.more
    case .cast(let casts): return Self.listing(casts.map { "\($0.column) → \($0.to.rawValue)" })
    case .filter(let condition): return condition
    case .select(let columns): return columns.count == 1 ? columns[0] : "\(columns.count) columns"
    case .drop(let columns): return Self.listing(columns)
    case .rename(let names): return Self.listing(names.map { "\($0.column) → \($0.to)" })
    case .derive(let name, let expression): return "\(name) = \(expression)"
    case .sort(let keys): return Self.listing(keys.map { $0.column + ($0.descending ? " ↓" : " ↑") })
    case .sample(let sampling): return sampling.summary
    case .impute(let rules): return Self.summary(of: rules)
    case .transform(let spec): return spec.transform?.summary(spec.parameters) ?? ""
    }
  }

  private static func listing(_ items: [String]) -> String {
    items.count <= 3 ? items.joined(separator: ", ") : "\(items[0]), \(items[1]) and \(items.count - 2) more"
  }

  private static func summary(of rules: [ImputeRule]) -> String {
    if rules.count == 1 { return "\(rules[0].column): \(rules[0].strategy.summary)" }
    var counts: [(name: String, count: Int)] = []
    for rule in rules {
      let name = rule.strategy.name
      if let index = counts.firstIndex(where: { $0.name == name }) {
        counts[index].count += 1
      } else {
        counts.append((name, 1))
      }
    }
    return counts.map { "\($0.name) ×\($0.count)" }.joined(separator: ", ")
  }
}
