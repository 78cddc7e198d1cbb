import Fairness
import Foundation

/// Lists of values, segments and limits as they are typed.
public enum BiasList {
  /// What cannot be read, with what to write instead: one line without a full stop.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
  }

  /// `a,b`, one with a comma in double quotes.
  public static func items(_ text: String) -> [String] {
    var items: [String] = [""]
    var isQuoted = false
    for character in text {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: items.append("")
      default: items[items.count - 1].append(character)
      }
    }
    return items
  }

  /// `a,b;c`, or intervals `[1, 4];(4, 9]`: what stands between semicolons is one part.
  public static func parts(_ text: String) -> [[String]] {
    text.split(separator: ";").map { part in
      let list = part.trimmingCharacters(in: .whitespaces)
      return list.hasPrefix("[") || list.hasPrefix("(") ? intervals(list) : items(list)
    }
  }

  /// The comma inside an interval does not end it.
  private static func intervals(_ text: String) -> [String] {
    var found: [String] = []
    var current = ""
    for character in text {
      if current.isEmpty, character == "," || character == " " { continue }
      current.append(character)
      if character == "]" || character == ")" {
        found.append(current)
        current = ""
      }
    }
    return current.isEmpty ? found : found + [current]
  }

  /// `[1, 4]`, `(4, 9]`; nil for what is none.
  public static func interval(_ text: String) -> (low: Double, high: Double, isLowIn: Bool, isHighIn: Bool)? {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    let bounds = trimmed.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard let first = trimmed.first, let last = trimmed.last, "[(".contains(first), "])".contains(last),
      bounds.count == 2, let low = bounds[0], let high = bounds[1], low <= high
    else { return nil }
    return (low, high, first == "[", last == "]")
  }

  /// `DPL=0.1` on both sides of the ideal, or `DI=0.8:1.25`.
  /// - Throws: `Fault`.
  public static func limit(_ text: String) throws -> (metric: BiasMetric, limits: BiasMetric.Limits) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard parts.count == 2 else { throw Fault("a limit is written as DPL=0.1 or DI=0.8:1.25, not \"\(text)\"") }
    guard let metric = BiasMetric(name: parts[0]) else { throw Fault(BiasMetric.unknown(parts[0])) }
    let words = parts[1].split(separator: ":", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let ends = words.map { Double($0).flatMap { $0.isNaN ? nil : $0 } }
    guard !zip(words, ends).contains(where: { !$0.isEmpty && $1 == nil }), ends.contains(where: { $0 != nil }) else {
      throw Fault("\"\(parts[1])\" is no limit of \(metric.name): write \(metric.name)=0.1 or \(metric.name)=-0.1:0.2")
    }
    switch ends.count {
    case 1:
      guard let distance = ends[0], distance >= 0 else {
        throw Fault("\(metric.name)=\(parts[1]): the distance from the ideal is 0 or more")
      }
      return (metric, .init(low: metric.ideal - distance, high: metric.ideal + distance))
    case 2:
      if let low = ends[0], let high = ends[1], low > high {
        throw Fault("\(metric.name)=\(parts[1]): the first number is the lower one")
      }
      return (metric, .init(low: ends[0], high: ends[1]))
    default: throw Fault("\(metric.name)=\(parts[1]): a limit has two ends at most")
    }
  }

  /// `DPL=0.1, DI=0.8:1.25`.
  /// - Throws: `Fault`.
  public static func limits(_ text: String) throws -> [BiasMetric: BiasMetric.Limits] {
    var found: [BiasMetric: BiasMetric.Limits] = [:]
    for word in text.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      let word = word.trimmingCharacters(in: .whitespaces)
      if word.isEmpty { continue }
      let limit = try limit(word)
      found[limit.metric] = limit.limits
    }
    return found
  }
}
