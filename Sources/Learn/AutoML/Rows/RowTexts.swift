// What was made of the texts of the row at hand: many models ask for the same.

/// The words and the vector of the text that each column had last. One thread at a time may use it.
final class RowTexts {
  private struct Entry {
    var text: String?
    var words: ArraySlice<Substring>?
    var vector: [Float]?
  }

  private let encoder: OpenEncoder?
  private var entries: [Entry] = []

  /// - Parameter encoder: nil where no model asks for vectors.
  init(_ encoder: OpenEncoder?) { self.encoder = encoder }

  func words(_ text: String, column: Int) -> ArraySlice<Substring> {
    turn(to: text, column)
    if let words = entries[column].words { return words }
    let words = PreparedTexts.words(text)
    entries[column].words = words
    return words
  }

  /// `[dimensions]`
  func vector(_ text: String, column: Int) throws -> [Float] {
    turn(to: text, column)
    if let vector = entries[column].vector { return vector }
    let vector = try encoder?.vector(text) ?? []
    entries[column].vector = vector
    return vector
  }

  private func turn(to text: String, _ column: Int) {
    while entries.count <= column { entries.append(Entry()) }
    if entries[column].text != text { entries[column] = Entry(text: text) }
  }
}
