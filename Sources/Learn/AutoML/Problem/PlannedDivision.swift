// How a run divides its rows, in figures: enough to see a fold that lacks a class, or that is not like the others.

import Numerics

/// Which rows learn and which ones judge, in figures.
public struct PlannedDivision: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// At random; of classes, and of numbers by their size, each fold gets its share.
    case random
    /// Rows of a group are never parted.
    case groups
    /// Folds learn from what was before the rows that they judge.
    case time
    /// Rows that were put aside by hand judge.
    case validation
  }

  /// One fold.
  public struct Fold: Codable, Hashable, Sendable {
    /// Rows that it learns from, and rows that it judges.
    public let learnt, judged: Int
    /// Of classes the rows of each that it learns from and that it judges, in the order of `AutoMLPlan.classes`; else empty.
    public let learntOfClass, judgedOfClass: [Int]
    /// Of numbers the mean label of the rows that it judges; nil for classes.
    public let mean: Double?
  }

  public let kind: Kind
  /// How often each row is judged, in the mean.
  public let repeats: Int
  /// The folds of all divisions, one after the other.
  public let folds: [Fold]

  init(_ kind: Kind, _ folds: Folds, _ labels: Labels) {
    self.kind = kind
    repeats = folds.repeats
    self.folds = zip(folds.learnt, folds.judged).map { learnt, judged in
      var mean: Double?
      if case .numbers(let numbers) = labels { mean = Statistics.mean(judged.map { numbers[$0] }) }
      return Fold(
        learnt: learnt.count, judged: judged.count, learntOfClass: Self.counts(labels, learnt),
        judgedOfClass: Self.counts(labels, judged), mean: mean)
    }
  }

  private static func counts(_ labels: Labels, _ rows: [Int]) -> [Int] {
    guard case .classes(let codes, let count) = labels else { return [] }
    var counts = [Int](repeating: 0, count: count)
    for row in rows { counts[codes[row]] += 1 }
    return counts
  }
}
