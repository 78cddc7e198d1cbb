// The patterns that the texts of a column follow.

import Frame
import Jobs
import Plot

/// A pattern, such as `{upper:2}-{digits:4-7}`.
public struct TextPattern: Codable, Sendable, Equatable {
  public var tokens: [PatternToken]
  /// Rows that match, and their share of the rows with a text, 0 to 1.
  public var rows: Int
  public var confidence: Double
  /// Texts that match, the most frequent.
  public var examples: [String]

  public var text: String { tokens.map(\.description).joined() }

  /// The pattern as a regular expression for whole texts (RE2).
  public var expression: String { tokens.map(\.expression).joined() }

  /// True in SQL where `column` matches; missing texts do not.
  public func condition(matching column: String) -> String {
    "coalesce(regexp_full_match(CAST(\(SQL.identifier(column)) AS VARCHAR), \(SQL.text(expression))), FALSE)"
  }

  /// True in SQL where `column` has a text that does not match; missing ones do not count.
  public func condition(notMatching column: String) -> String {
    "coalesce(NOT regexp_full_match(CAST(\(SQL.identifier(column)) AS VARCHAR), \(SQL.text(expression))), FALSE)"
  }
}

/// The patterns of one column.
public struct TextPatterns: AnalysisReport {
  /// How finely the characters of the patterns are told apart.
  public enum Detail: Int, Codable, Sendable { case cases, letters, alphanumerics, anything }

  public var column: String
  public var rows: Int
  public var missing: Int
  /// Different texts.
  public var distinct: Int
  public var detail: Detail
  /// The most frequent patterns, the most frequent first. A text can match two of them: one of small letters matches a pattern of any letters too.
  public var patterns: [TextPattern]
  /// Different patterns at this detail; those listed included.
  public var patternCount: Int
  /// Texts that do not match the first pattern, the most frequent, with their rows.
  public var strangers: [ColumnInspection.Count]
}

/// Finds the patterns of a column of texts, over all its rows.
///
/// Texts come apart into runs of letters and digits, of white space, and of other characters, which stand for themselves.
/// Letters are told apart by case where one pattern then covers `coverage` of the rows; else by nothing but being letters;
/// else letters and digits are alike. Where even then no pattern does, the finest detail at which the ten most frequent
/// do is taken, and texts that have nothing in common are `{any}`.
/// - Parameters:
///   - most: how many patterns are listed.
///   - coverage: the share of rows, 0 to 1, that a pattern has to match to be worth its detail.
/// - Throws: `InsightError`, `FrameError` or `JobCancelled`.
public func textPatterns(
  of column: String, most: Int = 10, coverage: Double = 0.8, relation: String, schema: Schema, in database: Database,
  context: any JobContext = SilentContext()
) throws -> TextPatterns {
  let chosen = try schema.required(column)
  let name = SQL.identifier(chosen.name)
  let source = SQL.subquery(relation)
  let sizes = try database.query(
    "SELECT count(*), count(\(name)) FROM \(source)", context: context, note: "counting texts")
  var found = TextPatterns(
    column: column, rows: sizes.value(0, 0).whole, missing: sizes.value(0, 0).whole - sizes.value(0, 1).whole,
    distinct: 0, detail: .cases, patterns: [], patternCount: 0, strangers: [])
  var counter = PatternCounter()
  let values = "SELECT CAST(\(name) AS VARCHAR) AS v, count(*) AS n FROM \(source) WHERE \(name) IS NOT NULL GROUP BY v"
  try database.stream(values, context: context, note: "finding patterns of \(column)") { table in
    guard case .texts(let texts) = table.columns[0].data, case .integers(let counts) = table.columns[1].data else {
      return
    }
    for (text, count) in zip(texts, counts) { counter.add(text, Int(count)) }
  }
  found.distinct = counter.texts
  counter.report(most: most, coverage: coverage, into: &found)
  try recount(&found, values, counter.rows, database, context)
  return found
}

/// Counts anew what a pattern matches beside the texts that it was made from, so that its condition finds as many rows as
/// it says, and finds the texts that the first does not match.
private func recount(
  _ found: inout TextPatterns, _ values: String, _ rows: Int, _ database: Database, _ context: any JobContext
) throws {
  let detail = found.detail
  let isWide = found.patterns.map { pattern in
    found.patternCount > 1
      && pattern.tokens.contains { token in
        switch token.sort {
        case .any: true
        case .mixed: detail == .cases
        case .alnum: detail == .cases || detail == .letters
        case .digits, .lower, .name, .upper, .whitespace, .literal: false
        }
      }
  }
  // The first may be another once the wide ones are counted.
  let candidates = found.patterns.indices.filter { index in
    isWide[index] || (index == 0 && found.patterns[0].rows < rows) || (isWide.contains(true) && index == 0)
  }
  guard !candidates.isEmpty else { return }
  var matchers = candidates.map { (index: $0, matcher: PatternMatcher(found.patterns[$0].tokens)) }
  var matched = [Int](repeating: 0, count: found.patterns.count)
  var others = [[ColumnInspection.Count]](repeating: [], count: found.patterns.count)
  var scanned = MatchedText()
  try database.stream(values, context: context, note: "counting matches") { table in
    guard case .texts(let texts) = table.columns[0].data, case .integers(let counts) = table.columns[1].data else {
      return
    }
    for (text, count) in zip(texts, counts) {
      scanned.read(text)
      for place in matchers.indices {
        let index = matchers[place].index
        if matchers[place].matcher.matches(scanned) {
          matched[index] += Int(count)
        } else {
          note(text, Int(count), in: &others[index])
        }
      }
    }
  }
  for index in candidates where isWide[index] {
    found.patterns[index].rows = matched[index]
    found.patterns[index].confidence = Double(matched[index]) / Double(max(1, rows))
  }
  // A stable order: those that match as many stay as they were.
  let order = found.patterns.indices.sorted { (found.patterns[$1].rows, $0) < (found.patterns[$0].rows, $1) }
  found.patterns = order.map { found.patterns[$0] }
  guard let first = order.first else { return }
  found.strangers = others[first].map {
    .init(value: String($0.value.prefix(ProfiledColumn.textLimit)), count: $0.count)
  }
}

/// Keeps the ten most frequent texts, the smaller first of those as frequent.
private func note(_ text: String, _ count: Int, in list: inout [ColumnInspection.Count]) {
  func precedes(_ other: ColumnInspection.Count) -> Bool {
    count != other.count ? count > other.count : text.precedesByScalars(other.value)
  }
  guard list.count < 10 || list.last.map(precedes) == true else { return }
  list.insert(.init(value: text, count: count), at: list.firstIndex(where: precedes) ?? list.count)
  if list.count > 10 { list.removeLast() }
}

extension String {
  /// The order of DuckDB's texts.
  fileprivate func precedesByScalars(_ other: String) -> Bool {
    unicodeScalars.lexicographicallyPrecedes(other.unicodeScalars) { $0.value < $1.value }
  }
}

/// Counts patterns at the finest detail that keeps them few; the coarser ones follow from it.
struct PatternCounter {
  /// Texts of more runs are running text.
  static let mostTokens = 40
  /// More different patterns mean that the detail is too fine.
  static let mostPatterns = 20_000
  private static let levels = 3

  fileprivate struct Entry {
    var tokens: [PatternToken]
    var rows: Int
    var examples: [(text: String, rows: Int)]
  }

  private struct Key: Hashable {
    var sorts: [PatternToken.Sort]
    var literals: [String]

    init(_ tokens: [PatternToken], level: Int) {
      sorts = tokens.map { $0.sort(at: level) }
      literals = tokens.compactMap { $0.sort == .literal ? $0.text : nil }
    }
  }

  /// The detail that is counted; 3 where all patterns are too many.
  private var level = 0
  private var entries: [Entry] = []
  /// Where the entry of a key stands.
  private var places: [Key: Int] = [:]
  /// Where the entry of a shape stands, of shapes seen before: most texts of a column have one of few.
  private var shapes: [[UInt8]: Int] = [:]
  private var scanner = TextShape()
  private var shortest = Int.max
  private var longest = 0
  private var samples: [(text: String, rows: Int)] = []
  private(set) var rows = 0
  private(set) var texts = 0

  mutating func add(_ text: String, _ count: Int) {
    rows += count
    texts += 1
    let isPlain = scanner.read(text, most: Self.mostTokens)
    let length = isPlain ? text.utf8.count : text.unicodeScalars.count
    (shortest, longest) = (min(shortest, length), max(longest, length))
    Self.note(text, count, in: &samples)
    guard level < Self.levels else { return }
    if isPlain, let place = shapes[scanner.bytes] {
      entries[place].take(scanner.lengths, text, count)
      return
    }
    // One running text spoils no pattern; it counts as a pattern of its own.
    let tokens = PatternToken.tokens(of: text, most: Self.mostTokens) ?? [PatternToken(.any, length)]
    let key = Key(tokens, level: level)
    let place = places[key] ?? entries.count
    if place == entries.count {
      entries.append(Entry(tokens: [], rows: 0, examples: []))
      places[key] = place
    }
    entries[place].take(tokens, text, count)
    if isPlain, shapes.count < Self.mostPatterns { shapes[scanner.bytes] = place }
    while entries.count > Self.mostPatterns, level < Self.levels {
      level += 1
      let merged = level < Self.levels ? entries(at: level) : [:]
      (entries, places, shapes) = ([], [:], [:])
      for (key, entry) in merged {
        places[key] = entries.count
        entries.append(entry)
      }
    }
  }

  /// The patterns at a detail no finer than they are counted at.
  private func entries(at coarser: Int) -> [Key: Entry] {
    var merged: [Key: Entry] = [:]
    for entry in entries {
      let key = Key(entry.tokens, level: coarser)
      merged[key, default: Entry(tokens: [], rows: 0, examples: [])].join(entry)
    }
    return merged
  }

  /// Keeps the three most frequent texts, the smaller first of those as frequent.
  fileprivate static func note(_ text: String, _ count: Int, in list: inout [(text: String, rows: Int)]) {
    let entry = (text: text, rows: count)
    func precedes(_ left: (text: String, rows: Int), _ right: (text: String, rows: Int)) -> Bool {
      left.rows != right.rows ? left.rows > right.rows : left.text < right.text
    }
    guard list.count < 3 || list.last.map({ precedes(entry, $0) }) == true else { return }
    list.insert(
      (String(text.prefix(ProfiledColumn.textLimit)), count), at: list.firstIndex { precedes(entry, $0) } ?? list.count)
    if list.count > 3 { list.removeLast() }
  }

  func report(most: Int, coverage: Double, into found: inout TextPatterns) {
    guard rows > 0 else { return }
    let whole = Double(rows)
    let levels = (0..<Self.levels).map { $0 < self.level ? nil : self.entries(at: $0) }
    func share(_ level: Int, _ count: Int) -> Double {
      guard let entries = levels[level] else { return 0 }
      let largest = entries.values.map(\.rows).sorted(by: >).prefix(count)
      return Double(largest.reduce(0, +)) / whole
    }
    let detail = (0..<3).first { share($0, 1) >= coverage } ?? (0..<3).first { share($0, 10) >= coverage }
    guard let detail, let entries = levels[detail] else {
      var any = PatternToken(.any, shortest)
      any.longest = longest
      any = PatternToken.bounded([any])[0]
      found.detail = .anything
      found.patternCount = 1
      found.patterns = [
        TextPattern(tokens: [any], rows: rows, confidence: 1, examples: samples.map(\.text))
      ]
      return
    }
    found.detail = TextPatterns.Detail(rawValue: detail) ?? .cases
    found.patternCount = entries.count
    let all = entries.map { key, entry in
      var pattern = TextPattern(
        tokens: entry.tokens, rows: entry.rows, confidence: Double(entry.rows) / whole,
        examples: entry.examples.map(\.text))
      for index in pattern.tokens.indices { pattern.tokens[index].sort = key.sorts[index] }
      pattern.tokens = PatternToken.bounded(pattern.tokens)
      return pattern
    }
    let ranked = all.sorted { left, right in
      left.rows != right.rows ? left.rows > right.rows : left.text < right.text
    }
    found.patterns = Array(ranked.prefix(max(1, most)))
  }
}

extension PatternCounter.Entry {
  fileprivate mutating func join(_ other: Self) {
    widen(other.tokens)
    rows += other.rows
    for example in other.examples { PatternCounter.note(example.text, example.rows, in: &examples) }
  }

  /// - Parameter lengths: of the runs of a text that has this entry's.
  fileprivate mutating func take(_ lengths: [Int], _ text: String, _ count: Int) {
    for (index, length) in lengths.enumerated() {
      if length < tokens[index].shortest { tokens[index].shortest = length }
      if length > tokens[index].longest ?? 0 { tokens[index].longest = length }
    }
    rows += count
    PatternCounter.note(text, count, in: &examples)
  }

  fileprivate mutating func take(_ own: [PatternToken], _ text: String, _ count: Int) {
    widen(own)
    rows += count
    PatternCounter.note(text, count, in: &examples)
  }

  private mutating func widen(_ own: [PatternToken]) {
    if tokens.isEmpty {
      tokens = own
    } else {
      for index in own.indices {
        tokens[index].shortest = min(tokens[index].shortest, own[index].shortest)
        tokens[index].longest = max(tokens[index].longest ?? 0, own[index].longest ?? 0)
      }
    }
  }
}

extension TextPatterns {
  public var blocks: [AnalysisBlock] {
    var blocks: [AnalysisBlock] = [
      .heading("Patterns of \(column)"),
      .sentence(
        "\(AnalysisBlock.counted(rows - missing, "row")) with a text, \(Numbers.grouped(missing)) without; "
          + "\(AnalysisBlock.counted(distinct, "different text"))."),
    ]
    guard !patterns.isEmpty else { return blocks }
    if patterns.count < patternCount {
      blocks.append(.sentence("The \(patterns.count) most frequent of \(Numbers.grouped(patternCount)) patterns."))
    }
    blocks.append(
      .table(
        headings: ["pattern", "confidence", "rows", "examples"],
        rows: patterns.map { pattern in
          [
            pattern.text.isEmpty ? "(empty)" : pattern.text,
            Numbers.percent(Double(pattern.rows), of: Double(rows - missing)), Numbers.grouped(pattern.rows),
            pattern.examples.joined(separator: ", "),
          ]
        }))
    if !strangers.isEmpty {
      blocks += [
        .heading("Texts that do not match the first pattern"),
        .table(headings: ["text", "rows"], rows: strangers.map { [$0.value, Numbers.grouped($0.count)] }),
      ]
    }
    return blocks
  }

  public var charts: [(title: String, chart: Chart)] {
    guard !patterns.isEmpty else { return [] }
    let shown = patterns.reduce(0) { $0 + $1.rows }
    let others = rows - missing - shown
    let bars = Bars(
      title: "Patterns of \(column)", column: column, items: patterns.map { .init(label: $0.text, count: $0.rows) },
      others: others > 0 ? .init(count: others, distinct: patternCount - patterns.count) : nil, missing: missing,
      total: rows)
    return [("Patterns of \(column)", .bars(bars))]
  }
}
