import Testing

@testable import Explain

@Suite struct TextPartsTests {
  private func parts(_ text: String, _ granularity: TextGranularity) -> [String] {
    TextParts(text, by: granularity).parts.map(\.text)
  }

  @Test func wordsAndMarksAreTokens() {
    #expect(parts("I don't like it, at all!", .token) == ["I", "don't", "like", "it", ",", "at", "all", "!"])
    #expect(parts("3.14 or 1,000? e-mail a_b.", .token) == ["3.14", "or", "1,000", "?", "e-mail", "a_b", "."])
    #expect(parts("end.Next", .token) == ["end", ".", "Next"])
    #expect(parts("çok güzel 👍🏽", .token) == ["çok", "güzel", "👍🏽"])
  }

  @Test func charactersAreTokensWhereNoSpacesStandBetweenWords() {
    #expect(parts("很好 ok", .token) == ["很", "好", "ok"])
  }

  @Test func sentencesEndAtMarksAndLines() {
    #expect(
      parts("It works. \"Really?\" he said (yes!). v1.2 is out\nNew line", .sentence)
        == ["It works.", "\"Really?\"", "he said (yes!).", "v1.2 is out", "New line"])
    #expect(parts("很好。真的！ok", .sentence) == ["很好。", "真的！", "ok"])
  }

  @Test func linesAreParagraphs() {
    #expect(parts("one two \n\n three\r\nfour", .paragraph) == ["one two", "three", "four"])
  }

  @Test(arguments: TextGranularity.allCases) func partsAndWhatIsBetweenAreTheText(_ granularity: TextGranularity) {
    for text in ["", "   ", "a", " a  b. c\n\n d ", "👩‍👩‍👧 e\u{301}!x 。y", "...", "\n"] {
      let cut = TextParts(text, by: granularity)
      #expect(cut.text({ _ in true }, replacement: "") == text)
      let scalars = Array(text.unicodeScalars)
      for part in cut.parts {
        #expect(
          Array(part.text.unicodeScalars) == Array(scalars[part.start..<part.start + part.text.unicodeScalars.count]))
      }
    }
  }

  @Test func whatIsNotThereIsReplacedOrLeftOut() {
    let cut = TextParts("not bad at all", by: .token)
    #expect(cut.text({ $0 > 0 }, replacement: "") == "bad at all")
    #expect(cut.text({ $0 == 1 }, replacement: "[MASK]") == "[MASK] bad [MASK] [MASK]")
    #expect(cut.text({ _ in false }, replacement: "").isEmpty)
  }

  @Test func neighboursAreOneWhereThereAreTooMany() {
    let cut = TextParts("a b c d e", by: .token).joined(most: 2)
    #expect(cut.parts.map(\.text) == ["a b c", "d e"])
    #expect(cut.text({ _ in true }, replacement: "") == "a b c d e")
    #expect(TextParts("a b", by: .token).joined(most: 2).parts.count == 2)
  }

  /// Alone good adds 1 and not nothing; together they are worth -1.
  @Test func wordsShareWhatTheyDoTogether() throws {
    let cut = TextParts("not good", by: .token)
    let values = try CoalitionExplainer(options: .init()).explain(parts: 2, outputs: 1) { members in
      (0..<members[0].count).map { number in
        let text = cut.text({ members[$0][number] == 1 }, replacement: "")
        return text.contains("good") ? text.contains("not") ? -1 : 1 : 0
      }
    }
    #expect(values.baseValues == [0])
    #expect(values.predictions == [-1])
    #expect(values.values == [-1, 0])
  }
}
