import Explain
import Foundation
import Frame

/// Why a text names no steps in time.
public enum TimeStepsError: Error, Equatable, Sendable, CustomStringConvertible {
  case nothing
  case noPlace(pattern: String, place: String)
  case noFit(pattern: String, [String])
  case noSuchColumn(String, [String])
  case twice(String)

  public var description: String {
    switch self {
    case .nothing: "it names no columns"
    case .noPlace(let pattern, let place): "the pattern \(pattern) does not hold \(place) once"
    case .noFit(let pattern, let columns): "no column fits \(pattern). " + Self.list(columns)
    case .noSuchColumn(let name, let columns): "there is no column \(name). " + Self.list(columns)
    case .twice(let column): "the column \(column) is in two steps"
    }
  }

  private static func list(_ columns: [String]) -> String {
    "The columns are: " + columns.prefix(12).joined(separator: ", ")
  }
}

extension ExplainSpec.TimeSteps {
  /// Steps as a person writes them: patterns such as `sales_{t},price_{t}`, where `{lag}` in place of `{t}` means that larger
  /// numbers are older, or names from the oldest step on, `a1,b1;a2,b2`.
  /// - Throws: `TimeStepsError`.
  public init(
    _ text: String, columns: [String], direction: FeatureOrder.Direction = .chronological,
    granularity: Granularity = .timewise
  ) throws {
    let isPattern = text.contains("{t}") || text.contains("{lag}")
    let steps = isPattern ? try Self.matched(text, columns) : Self.listed(text)
    guard !steps.isEmpty else { throw TimeStepsError.nothing }
    let all = steps.flatMap(\.columns)
    if let other = all.first(where: { !columns.contains($0) }) { throw TimeStepsError.noSuchColumn(other, columns) }
    if let twice = all.first(where: { name in all.count { $0 == name } > 1 }) { throw TimeStepsError.twice(twice) }
    self.init(steps: steps, direction: direction, granularity: granularity)
  }

  /// Steps of names, each `a,b`, with `;` between them.
  private static func listed(_ text: String) -> [Step] {
    text.split(separator: ";").compactMap { step in
      let names = step.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      return names.isEmpty ? nil : Step(names.joined(separator: ", "), columns: names)
    }
  }

  /// Steps of the numbers that stand in columns' names where patterns have `{t}`, or `{lag}`, whose largest is the oldest.
  private static func matched(_ text: String, _ columns: [String]) throws -> [Step] {
    let isLag = text.contains("{lag}")
    let place = isLag ? "{lag}" : "{t}"
    var steps: [Int: [String]] = [:]
    for pattern in text.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      let ends = pattern.components(separatedBy: place)
      guard ends.count == 2 else { throw TimeStepsError.noPlace(pattern: pattern, place: place) }
      var isFound = false
      for column in columns where column.hasPrefix(ends[0]) && column.hasSuffix(ends[1]) {
        guard column.count > ends[0].count + ends[1].count,
          let number = Int(column.dropFirst(ends[0].count).dropLast(ends[1].count))
        else { continue }
        steps[number, default: []].append(column)
        isFound = true
      }
      if !isFound { throw TimeStepsError.noFit(pattern: pattern, columns) }
    }
    let ordered = steps.sorted { isLag ? $0.key > $1.key : $0.key < $1.key }
    return ordered.map { Step((isLag ? "lag " : "t ") + String($0.key), columns: $0.value) }
  }

  /// Features in the order in which their values become known: those of no step first.
  /// - Parameter features: of an explanation: the steps themselves, or columns.
  func sequence(of features: [String]) -> [Int] {
    let places = features.map { feature -> Int in
      let place =
        granularity == .timewise
        ? steps.firstIndex { $0.name == feature } : steps.firstIndex { $0.columns.contains(feature) }
      guard let place else { return -1 }
      return direction == .antiChronological ? steps.count - 1 - place : place
    }
    return features.indices.sorted { (places[$0], $0) < (places[$1], $1) }
  }
}
