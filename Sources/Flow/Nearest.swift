// Finds the name that a mistyped one was meant to be. Distance: Damerau 1964, restricted to adjacent transpositions
// (doi:10.1145/363958.363994).

extension StringProtocol {
  var trimmed: String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}

/// Looks for the nearest of several names.
public enum Nearest {
  /// The candidate that `name` most likely stands for; `nil` where none is near enough.
  public static func name(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().prefix(64))
    guard !wanted.isEmpty else { return nil }
    let limit = max(1, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let other = Array(candidate.lowercased().prefix(64))
      guard abs(other.count - wanted.count) <= limit else { continue }
      let found = distance(wanted, other)
      if found <= limit, found < best?.distance ?? Int.max { best = (candidate, found) }
    }
    return best?.name ?? candidates.first { isExtension($0, of: name) }
  }

  /// ` – did you mean NAME?`, or nothing.
  static func hint(_ name: String, among candidates: some Sequence<String>) -> String {
    Nearest.name(to: name, among: candidates).map { " – did you mean \($0)?" } ?? ""
  }

  /// Whether one of the names starts the other; too short a start says nothing.
  private static func isExtension(_ candidate: String, of name: String) -> Bool {
    let (left, right) = (candidate.lowercased(), name.lowercased())
    return min(left.count, right.count) >= 3 && (left.hasPrefix(right) || right.hasPrefix(left))
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other.
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var twoBack: [Int] = []
    var previous = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      for column in 1...right.count {
        let substitution = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
        var cost = min(previous[column] + 1, current[column - 1] + 1, substitution)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          cost = min(cost, twoBack[column - 2] + 1)
        }
        current.append(cost)
      }
      (twoBack, previous) = (previous, current)
    }
    return previous[right.count]
  }
}
