// A score for each class of the label, in a column each or in lists: which class has the highest.

import Frame

/// Scores by class, in the order of the classes.
struct ClassScores {
  let labels: [String]
  /// Which of the classes, counted from 1, has the highest score; missing where a score is.
  let place: String

  /// - Parameters:
  ///   - labels: the classes; nil takes from each column's name the value of the label that it ends in.
  ///   - head: what the label's first rows hold.
  /// - Throws: `BiasError`.
  init(_ columns: [Column], labels: [String]?, label: Column, head: ColumnHead?) throws {
    let names = columns.map(\.name)
    if let twice = names.enumerated().first(where: { names[..<$0.offset].contains($0.element) })?.element {
      throw BiasError.badSetting("column \"\(twice)\" is named twice among the scores: name one for each class")
    }
    if columns.count == 1 {
      self.labels = try Self.named(labels, column: names[0])
      place = try Self.place(inList: columns[0], classes: self.labels.count)
    } else {
      for column in columns where !column.kind.isNumeric {
        throw BiasError.badSetting(
          "column \"\(column.name)\" holds \(column.kind.rawValue) values, and scores are numbers: choose another")
      }
      self.labels = try labels ?? Self.derived(names, label, head)
      guard self.labels.count == columns.count else {
        throw BiasError.badSetting(
          "\(columns.count) columns of scores need as many classes, not \(self.labels.count): name one for each column")
      }
      place = Self.place(among: columns)
    }
    if let twice = Dictionary(grouping: self.labels, by: \.self).first(where: { $0.value.count > 1 })?.key {
      throw BiasError.badSetting("class \"\(twice)\" has two scores: name each class once")
    }
  }

  /// Whether the class with the highest score is positive; missing where a score is.
  /// - Throws: `BiasError` where none of the classes is.
  func isPositive(_ outcome: BiasSpec.Outcome, _ label: Column) throws -> String {
    let places = labels.indices.filter { place in
      switch outcome {
      case .values(let values): return values.contains { Self.isSame($0, labels[place], label) }
      case .above(let threshold): return ValueMatcher.number(labels[place]).map { $0 > threshold } ?? false
      }
    }
    guard !places.isEmpty else {
      let classes = labels.map { "\"\($0)\"" }.joined(separator: ", ")
      throw BiasError.badSetting("none of the scored classes \(classes) is a positive value of \"\(label.name)\"")
    }
    return "(\(place) IN (\(places.map { String($0 + 1) }.joined(separator: ", "))))"
  }

  /// The class with the highest score, as a value of the label.
  func predictedClass(_ label: Column) -> String {
    let list = "([\(labels.map(SQL.text).joined(separator: ", "))])[\(place)]"
    return label.kind == .text ? list : "TRY_CAST(\(list) AS \(label.type))"
  }

  private static func isSame(_ left: String, _ right: String, _ label: Column) -> Bool {
    if left == right { return true }
    if label.kind == .boolean { return ValueMatcher.flag(left).map { $0 == ValueMatcher.flag(right) } ?? false }
    guard label.kind != .text, let a = ValueMatcher.number(left), let b = ValueMatcher.number(right) else {
      return false
    }
    return a == b
  }

  // MARK: - The classes

  private static func named(_ labels: [String]?, column: String) throws -> [String] {
    guard let labels, labels.count > 1 else {
      throw BiasError.badSetting(
        "one column \"\(column)\" of scores for several classes: name two columns or more, or the classes in the order "
          + "of its lists")
    }
    return labels
  }

  /// `p_yes` is the score of `yes`, `no` of `no`; a class that the label never has is what stands behind the same `p_`.
  private static func derived(_ names: [String], _ label: Column, _ head: ColumnHead?) throws -> [String] {
    let known =
      (head?.values ?? []).compactMap { $0.isNull ? nil : $0.description }
      + (label.kind == .boolean ? ["yes", "no", "1", "0"] : [])
    let found = names.map { name -> String? in
      let ends = known.filter { value in
        guard !value.isEmpty, name.lowercased().hasSuffix(value.lowercased()) else { return false }
        let before = name.dropLast(value.count).last
        return before.map { !$0.isLetter && !$0.isNumber } ?? true
      }
      return ends.max { ($0.count, $0 == name ? 1 : 0) < ($1.count, $1 == name ? 1 : 0) }
    }
    let starts = Set(zip(names, found).compactMap { name, value in value.map { String(name.dropLast($0.count)) } })
    return try zip(names, found).map { name, value in
      let rest = starts.count == 1 ? starts.first.flatMap { name.hasPrefix($0) ? name.dropFirst($0.count) : nil } : nil
      guard let text = value ?? rest.map(String.init), !text.isEmpty else {
        throw BiasError.badSetting(
          "which class is \"\(name)\" the score of? Its name ends in no value of \"\(label.name)\": name the classes in "
            + "the order of the scores")
      }
      return text
    }
  }

  // MARK: - SQL

  private static func place(among columns: [Column]) -> String {
    let scores = columns.map(\.measure)
    let missing = scores.map { "\($0) IS NULL" }.joined(separator: " OR ")
    // The first that none behind it beats: those in front of it have been beaten.
    let cases = scores.indices.dropLast().map { place in
      let wins = scores[(place + 1)...].map { "\(scores[place]) >= \($0)" }.joined(separator: " AND ")
      return "WHEN \(wins) THEN \(place + 1)"
    }
    return "CASE WHEN \(missing) THEN NULL \(cases.joined(separator: " ")) ELSE \(scores.count) END"
  }

  private static func place(inList column: Column, classes: Int) throws -> String {
    let isList = column.type.hasSuffix("]")
    guard isList || column.kind == .text else {
      throw BiasError.badSetting(
        "column \"\(column.name)\" holds \(column.kind.rawValue) values: scores for several classes stand in a column each, "
          + "or in lists")
    }
    let list = "TRY_CAST(\(SQL.identifier(column.name)) AS DOUBLE[])"
    // NaN is the largest number of all to DuckDB.
    let isWhole = "len(\(list)) = \(classes) AND list_count(\(list)) = \(classes) AND NOT isnan(list_max(\(list)))"
    return "CASE WHEN \(isWhole) THEN list_position(\(list), list_max(\(list))) END"
  }
}
