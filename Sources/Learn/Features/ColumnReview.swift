// Decides what a column is to a model: numbers, categories, dates, text, or nothing to learn from.

import Frame

/// What a look at the rows to learn from says about one column.
struct ColumnReview {
  enum Decision {
    case use(ColumnEncoding, note: String?)
    case leaveOut(reason: String)
  }

  /// The limits of the decision.
  enum Limit {
    /// Levels of a category at most; more are merged into one.
    static let levels = 100
    /// Rows that a level needs to stand on its own, in a column of more levels or of hardly two rows a level.
    static let rowsPerLevel = 5
    /// Words or characters, in the mean, from which on a column of many values is free text.
    static let textWords = 3.0
    static let textCharacters = 40.0
    /// Distinct values from which on it may be.
    static let textDistinct = 100
    /// Rows from which on "different in each row" means a key.
    static let keyRows = 10
  }

  let decision: Decision

  init(_ column: TypedColumn, rows: [Int]) {
    guard rows.contains(where: { column.isValid($0) }) else {
      decision = .leaveOut(reason: "is missing in every row")
      return
    }
    decision =
      switch column.data {
      case .integers, .reals, .booleans: Self.reviewNumbers(column, rows)
      case .texts: Self.reviewTexts(column, rows)
      case .dates, .timestamps, .times: Self.reviewMoments(column, rows)
      case .others: .leaveOut(reason: "is of type \(column.column.type), which has no features")
      }
  }

  // MARK: Numbers

  private static func reviewNumbers(_ column: TypedColumn, _ rows: [Int]) -> Decision {
    var values: [Double] = []
    column.append(.number, of: rows, to: &values)
    let present = values.filter { !$0.isNaN }
    guard let first = present.first else { return .leaveOut(reason: "is missing in every row") }
    if present.allSatisfy({ $0 == first }) {
      // A value here and nothing there says something; the same value everywhere does not.
      if present.count == values.count {
        return .leaveOut(reason: "is constant (\(column.text(rows[0]) ?? ""))")
      }
      return .use(.number, note: nil)
    }
    if isKey(present, name: column.column.name) {
      return .leaveOut(reason: "looks like an id: a different whole number in each row")
    }
    return .use(.number, note: nil)
  }

  /// True for whole numbers, all different, that are numbered through, rise from row to row, or whose name says id.
  private static func isKey(_ values: [Double], name: String) -> Bool {
    guard values.count >= Limit.keyRows, values.allSatisfy({ $0 == $0.rounded() && $0.isFinite }) else { return false }
    guard Set(values).count == values.count else { return false }
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    // Rows to learn from are 70 % of the table, so a numbered column has gaps there.
    let isNumbered = high - low < 2 * Double(values.count)
    let rises = zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    return isNumbered || rises || saysID(name)
  }

  /// True for `id`, `customer_id`, `PassengerId`, `rowNumber`, `uuid`, `index`, `key` and the like.
  private static func saysID(_ name: String) -> Bool {
    let words = Self.words(name)
    guard let last = words.last else { return false }
    let telling: Set = [
      "id", "ids", "uuid", "guid", "key", "index", "idx", "rownum", "identifier", "no", "nr", "number",
    ]
    return telling.contains(last) || words.first == "id" || words.contains("unnamed")
  }

  /// The words of a name, in small letters: `PassengerId` and `passenger_id` alike.
  private static func words(_ name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var lastWasLower = false
    for character in name {
      let breaks = !(character.isLetter || character.isNumber) || (character.isUppercase && lastWasLower)
      if breaks, !word.isEmpty {
        words.append(word)
        word = ""
      }
      if character.isLetter || character.isNumber { word += character.lowercased() }
      lastWasLower = character.isLowercase
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  // MARK: Texts

  private static func reviewTexts(_ column: TypedColumn, _ rows: [Int]) -> Decision {
    guard case .texts(let cells) = column.data else { return .leaveOut(reason: "is not text") }
    var counts: [String: Int] = [:]
    var present = 0
    for row in rows where column.isValid(row) {
      counts[cells[row], default: 0] += 1
      present += 1
    }
    if counts.count == 1, present == rows.count {
      return .leaveOut(reason: "is constant (\(quoted(cells[rows[0]])))")
    }
    if counts.count > Limit.textDistinct || counts.count * 2 > present, isFreeText(Array(counts.keys)) {
      return reviewFreeText(column, rows)
    }
    if counts.count == present, present >= Limit.keyRows {
      return .leaveOut(reason: "looks like an id: a different text in each row")
    }
    return reviewCategory(counts, present: present)
  }

  private static func isFreeText(_ values: [String]) -> Bool {
    // Any thousand of the values, by order of the alphabet so that the choice does not depend on hashing.
    let some = values.count > 1000 ? Array(values.sorted().prefix(1000)) : values
    let statistics = some.map(CharacterCounts.init)
    let words = statistics.reduce(0) { $0 + $1.words }
    let characters = statistics.reduce(0) { $0 + $1.characters }
    let count = Double(some.count)
    return Double(words) / count >= Limit.textWords || Double(characters) / count >= Limit.textCharacters
  }

  private static func reviewFreeText(_ column: TypedColumn, _ rows: [Int]) -> Decision {
    let varying = TextStatistic.allCases.filter { varies(column, .text([$0]), rows) }
    guard !varying.isEmpty else { return .leaveOut(reason: "is text in which words and characters never vary") }
    return .use(.text(varying), note: "is free text and enters by statistics of its characters")
  }

  private static func reviewCategory(_ counts: [String: Int], present: Int) -> Decision {
    let isSparse = counts.count > Limit.levels || counts.count * 2 > present
    let needed = isSparse ? Limit.rowsPerLevel : 1
    let frequent = counts.filter { $0.value >= needed }
      .sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    guard !frequent.isEmpty else {
      return .leaveOut(
        reason: "has \(grouped(counts.count)) different texts in \(counted(present, "row")), too few of each")
    }
    let levels = frequent.prefix(Limit.levels).map(\.key)
    let merged = counts.count - levels.count
    let note =
      merged == 0 ? nil : "has \(grouped(counts.count)) levels, of which the \(grouped(merged)) rarest count as one"
    return .use(.category(levels: levels, hasRest: merged > 0), note: note)
  }

  // MARK: Dates and times

  private static func reviewMoments(_ column: TypedColumn, _ rows: [Int]) -> Decision {
    let parts: [CalendarPart]
    switch column.data {
    case .times: parts = [.hour]
    case .timestamps: parts = [.year, .month, .day, .weekday, .hour, .ordinal]
    case .dates, .integers, .reals, .booleans, .texts, .others: parts = [.year, .month, .day, .weekday, .ordinal]
    }
    let varying = parts.filter { varies(column, .calendar([$0]), rows) }
    guard !varying.isEmpty else {
      return .leaveOut(reason: "is constant (\(rows.lazy.compactMap { column.text($0) }.first ?? ""))")
    }
    return .use(.calendar(varying), note: nil)
  }

  /// True where a feature has two values, one of which may be "missing".
  private static func varies(_ column: TypedColumn, _ encoding: ColumnEncoding, _ rows: [Int]) -> Bool {
    var values: [Double] = []
    column.append(encoding, of: rows, to: &values)
    guard let first = values.first else { return false }
    return values.contains { $0 != first && !($0.isNaN && first.isNaN) }
  }
}
