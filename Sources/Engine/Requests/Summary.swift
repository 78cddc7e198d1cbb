import Insight

/// A table about another table, looked at like any other.
public indirect enum Summary: Codable, Equatable, Sendable {
  /// How often values occur in the rows of a look.
  case frequency(Frequency, of: Look)
  /// A row for each column of a look.
  case description(of: Look)

  /// What it is about. The order of rows says nothing to a summary, so it is left out.
  public var base: Look {
    switch self {
    case .frequency(_, let look), .description(let look):
      var unordered = look
      unordered.sort = []
      return unordered
    }
  }
}
