import Flow
import Frame
import Plot

/// A temporary view of a table: columns added or read as another type, rows chosen, and an order. Columns come first:
/// filters and keys may name the new ones.
public struct Look: Equatable, Sendable {
  public var columns: [ColumnChange]
  public var filters: [RowFilter]
  public var sort: [SortKey]
  /// What columns, filters and order apply to, where it is not the step's own rows.
  public var summary: Summary?

  public init(
    columns: [ColumnChange] = [], filters: [RowFilter] = [], sort: [SortKey] = [], summary: Summary? = nil
  ) {
    (self.columns, self.filters, self.sort, self.summary) = (columns, filters, sort, summary)
  }

  /// True for the rows as the step hands them on.
  public var isPlain: Bool { self == Look() }

  /// The look whose rows this one chooses from and orders, the step's own or a summary: row ids count in its table.
  public var table: Look { Look(summary: summary) }

  /// True for a summary as it stands.
  var isSummaryTable: Bool { summary != nil && self == table }
}

/// What a look does to the columns.
public enum ColumnChange: Codable, Equatable, Sendable {
  /// A new column, or another value for one of that name.
  case derive(name: String, expression: String)
  /// A column read as another type; what cannot be read becomes missing.
  case type(column: String, ShownType)

  /// The column that is added or changed.
  public var column: String {
    switch self {
    case .derive(let name, _): name
    case .type(let column, _): column
    }
  }

  /// The step of a flow that does the same.
  public var operation: Operation {
    switch self {
    case .derive(let name, let expression): .derive(name: name, expression: expression)
    case .type(let column, let type):
      if let kind = type.kind {
        .cast([Cast(column, to: kind)])
      } else {
        .derive(name: column, expression: "currency(\(ExpressionText.name(column)))")
      }
    }
  }
}

/// The types that a person gives to a column of a table.
public enum ShownType: String, Codable, Sendable, CaseIterable {
  case text, integer, real, currency, date

  /// The kind that a cast step brings the column to; nil for amounts of money, which are read by an expression.
  var kind: ColumnKind? {
    switch self {
    case .text: .text
    case .integer: .integer
    case .real: .real
    case .currency: nil
    case .date: .date
    }
  }

  /// The type in messages.
  public var name: String {
    switch self {
    case .text: "text"
    case .integer: "whole numbers"
    case .real: "numbers"
    case .currency: "amounts of money"
    case .date: "dates"
    }
  }
}

extension Look: Codable {
  private enum CodingKeys: String, CodingKey { case columns, filters, sort, summary }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    columns = try container.decodeIfPresent([ColumnChange].self, forKey: .columns) ?? []
    filters = try container.decodeIfPresent([RowFilter].self, forKey: .filters) ?? []
    sort = try container.decodeIfPresent([SortKey].self, forKey: .sort) ?? []
    summary = try container.decodeIfPresent(Summary.self, forKey: .summary)
  }

  /// A plain look is written as it always was: results that are kept with a flow know their rows by this text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if !columns.isEmpty { try container.encode(columns, forKey: .columns) }
    try container.encode(filters, forKey: .filters)
    try container.encode(sort, forKey: .sort)
    try container.encodeIfPresent(summary, forKey: .summary)
  }
}
