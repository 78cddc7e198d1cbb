import Flow
import Frame
import Widgets

/// Completes the name of a column or function under the cursor of an expression.
struct Completion: Sendable {
  /// A name and what is written for it.
  struct Candidate: Sendable, Equatable {
    var name: String
    var text: String
  }

  /// What was typed of the name.
  let word: String
  /// Where it begins, in characters.
  let start: Int
  let candidates: [Candidate]

  init(_ field: TextFieldState, schema: Schema) {
    let before = field.characters[..<field.cursor]
    var from = before.endIndex
    while from > before.startIndex, Self.isPart(before[from - 1]) { from -= 1 }
    // Inside of brackets the name may hold anything.
    let open = before.lastIndex(of: "[")
    let isBracketed = open.map { !before[$0...].contains("]") } ?? false
    if isBracketed, let open { from = open }
    start = from
    word = String(before[from...])
    let wanted = (isBracketed ? String(word.dropFirst()) : word).lowercased()
    if Self.isInText(before) || (wanted.isEmpty && !isBracketed) || wanted.first?.isNumber == true {
      candidates = []
      return
    }
    if !isBracketed, Self.keywords.contains(wanted) || schema.contains(where: { $0.name.lowercased() == wanted }) {
      candidates = []
      return
    }
    let columns = schema.filter { $0.name.lowercased().hasPrefix(wanted) }
      .map { Candidate(name: $0.name, text: Self.written($0.name)) }
    let functions =
      isBracketed
      ? []
      : Functions.all.filter { $0.name.hasPrefix(wanted) }.map { Candidate(name: $0.name + "()", text: $0.name + "(") }
    let word = word
    candidates = (columns + functions).filter { $0.text != word }
  }

  /// The field with the name completed: as far as the candidates agree, else to the first of them. Nil where there is
  /// nothing to complete.
  func applied(to field: TextFieldState) -> TextFieldState? {
    guard let first = candidates.first else { return nil }
    var text = first.text
    if candidates.count > 1 {
      let common = candidates.dropFirst().reduce(first.text) { Self.commonStart($0, $1.text) }
      if common.count > word.count { text = common }
    }
    let end = field.cursor
    var result = TextFieldState(String(field.characters[..<start]) + text)
    let rest = String(field.characters[end...])
    let cursor = result.characters.count
    result.insert(rest)
    while result.cursor > cursor { _ = result.handle(.left) }
    return result
  }

  /// A column's name as an expression has to write it.
  static func written(_ name: String) -> String {
    let isPlain = (name.first?.isLetter == true || name.first == "_") && name.allSatisfy(isPart) && !name.contains(".")
    if isPlain, !keywords.contains(name.lowercased()) { return name }
    return "[" + name.replacing("]", with: "]]") + "]"
  }

  private static func isPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "."
  }

  /// Whether an odd number of quotes stands before: then it is text, not a name.
  private static func isInText(_ before: ArraySlice<Character>) -> Bool { before.count { $0 == "'" } % 2 == 1 }

  private static func commonStart(_ left: String, _ right: String) -> String {
    String(zip(left, right).prefix { $0 == $1 }.map(\.0))
  }

  private static let keywords: Set<String> = [
    "and", "or", "not", "in", "is", "null", "between", "like", "ilike", "true", "false", "case", "when", "then", "else",
    "end", "if",
  ]
}
