import Testing

@Suite(.serialized) struct DefineTests {
  @Test func aTermIsExplainedWithFormulaRangeAndSource() throws {
    let answer = try assay("define", "DPL")
    #expect(answer.exitCode == 0)
    #expect(answer.output.hasPrefix("DPL\n\n"))
    #expect(answer.output.contains("  DPL = q_a - q_d"))
    #expect(answer.output.contains("Range: -1 to 1"))
    #expect(answer.output.contains("Source: "))
    #expect(answer.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func severalWordsNeedNoQuotes() throws {
    #expect(try assay("define", "log", "loss").output.hasPrefix("log loss\n"))
  }

  @Test func jsonHasTheParts() throws {
    let json = try assay("define", "--json", "VIF").json()
    #expect(json["term"] as? String == "VIF")
    #expect((json["formula"] as? String)?.contains("1 / (1 - R^2") == true)
  }

  @Test func anUnknownTermIsWrongUsageAndNamesNearOnes() throws {
    let answer = try assay("define", "kurtosys")
    #expect(answer.exitCode == 2)
    #expect(answer.error.contains("Did you mean kurtosis"))
    #expect(answer.output.isEmpty)
  }

  @Test func withoutATermAllAreListed() throws {
    #expect(try assay("define").output.split(separator: "\n").count > 150)
  }
}
