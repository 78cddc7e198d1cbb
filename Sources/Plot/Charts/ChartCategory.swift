// The values of a column that tell rows apart: those with a name of their own, all others together, and missing ones.

/// One of the parts that a column divides the rows of a chart into.
public struct ChartCategory: Codable, Sendable, Equatable {
  public enum Part: String, Codable, Sendable {
    case value
    case missing
    /// All values that have no part of their own.
    case others
  }

  /// The value as text, or what the part is called.
  public var label: String
  public var part: Part

  public init(_ label: String, _ part: Part = .value) { (self.label, self.part) = (label, part) }

  public static let missing = ChartCategory("(missing)", .missing)

  /// As charts write it.
  var name: String { label.isEmpty ? "(empty)" : label }

  /// The rows of one of some categories of a column; none for an index that is not there.
  static func selection(_ index: Int, of categories: [ChartCategory], column: String) -> ChartSelection {
    guard categories.indices.contains(index) else { return .none }
    switch categories[index].part {
    case .value: return .equals(column: column, value: categories[index].label)
    case .missing: return .equals(column: column, value: nil)
    case .others:
      return .noneOf(column: column, values: categories.filter { $0.part == .value }.map(\.label))
    }
  }
}
