/// Gives every column a name of its own.
enum ColumnNames {
  /// Unique names, letters' case aside (as SQL compares them): a repeated `name` becomes `name_1`, an empty one
  /// `column3`. The notes say what was changed.
  static func unique(_ raw: [String]) -> (names: [String], notes: [String]) {
    var taken = Set(raw.map { trimmed($0).lowercased() })
    var seen: Set<String> = []
    var renamed: [String] = []
    var empty: [String] = []
    let names = raw.enumerated().map { index, raw in
      let name = trimmed(raw)
      if !name.isEmpty, seen.insert(name.lowercased()).inserted { return name }
      let base = name.isEmpty ? "column\(index + 1)" : name
      var candidate = base
      var number = name.isEmpty ? 0 : 1
      repeat {
        candidate = number == 0 ? base : "\(base)_\(number)"
        number += 1
      } while taken.contains(candidate.lowercased()) || seen.contains(candidate.lowercased())
      taken.insert(candidate.lowercased())
      seen.insert(candidate.lowercased())
      if name.isEmpty { empty.append(candidate) } else { renamed.append(candidate) }
      return candidate
    }
    var notes: [String] = []
    if !renamed.isEmpty { notes.append("Repeated column names were made unique: \(listed(renamed)).") }
    if !empty.isEmpty { notes.append("Columns without a name were called \(listed(empty)).") }
    return (names, notes)
  }

  /// `a, b, c and 4 more`.
  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? shown + " and \(names.count - 5) more" : shown
  }

  private static func trimmed(_ name: String) -> String {
    let clean = name.replacing("\0", with: "\u{FFFD}")
    var text = Substring(clean)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
