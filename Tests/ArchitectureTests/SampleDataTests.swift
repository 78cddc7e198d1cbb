import ProgramDriver
import Testing

@Suite struct SampleDataTests {
  @Test func theGeneratorMakesTheReviewsByteForByte() throws {
    let made = try Program.run("python3", [Checkout.root.path + "/sample-data/generate.py", "reviews"])
    let kept = try Checkout.text("sample-data/reviews.csv")
    #expect(made.text == kept)
  }

  @Test func theCensusHas5000RowsAndItsMissingCells() throws {
    let rows = try Checkout.text("sample-data/census.csv").split(separator: "\n")
    #expect(rows.count == 5001)
    #expect(rows[0].hasPrefix("age,workclass,") && rows[0].hasSuffix(",income"))
    #expect(rows.filter { $0.contains(",,") }.count > 300)
  }
}
