import Foundation
import Frame
import Jobs
import Testing

@testable import Insight

/// The inspector against figures of pandas, scipy and scikit-learn, or worked out by hand.
struct InspectionTests {
  private func inspect(_ sql: String, _ column: String = "v", target: String? = nil) throws -> ColumnInspection {
    let sheet = try Sheet(sql)
    return try inspection(of: column, target: target, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  /// 1, 2, 3, 4, 100: mean 22, sd 43.6177, G1 2.2324, G2 4.9869; quartiles 2, 3, 4, so that 100 is outside of 4 + 3.
  @Test func theFiguresOfFiveNumbersAreThoseOfTheTextbook() throws {
    let found = try inspect("SELECT unnest([3, 1, 100, 2, 4, NULL]) AS v")
    let numbers = try #require(found.numbers)
    #expect(found.rows == 6 && found.missing == 1 && found.distinct == 5)
    #expect(isClose(numbers.mean, 22) && numbers.min == 1 && numbers.max == 100)
    #expect(isClose(numbers.sd, 43.617657, 1e-6))
    #expect(isClose(numbers.skew, 2.232396, 1e-5))
    #expect(isClose(numbers.kurtosis, 4.986866, 1e-5))
    #expect(numbers.quantiles["0.25"] == 2 && numbers.quantiles["0.5"] == 3 && numbers.quantiles["0.75"] == 4)
    #expect(isClose(numbers.quantiles["0.95"], 80.8, 1e-9))
    #expect(numbers.outliers == 1 && numbers.lowerWhisker == 1 && numbers.upperWhisker == 4)
    #expect(numbers.shape.count == 20 && numbers.shape.reduce(0, +) == 5)
  }

  @Test func zerosNegativesAndWhatIsNotFiniteAreCounted() throws {
    let found = try inspect("SELECT unnest(['nan'::DOUBLE, 'inf', '-inf', 0, 0, -1, 2.5, NULL]) AS v")
    let numbers = try #require(found.numbers)
    #expect(numbers.zeros == 2 && numbers.negatives == 1 && numbers.notANumber == 1 && numbers.infinite == 2)
    #expect(numbers.min == -1 && numbers.max == 2.5)
    #expect(found.flags.contains(.notFinite))
    #expect(found.top.first == .init(value: "0.0", count: 2))
  }

  /// Positives 0.35, 0.8; negatives 0.1, 0.4: three of four pairs are in order.
  @Test func theAUCIsTheShareOfPairsInOrder() throws {
    let found = try inspect(
      "SELECT unnest([0.1, 0.4, 0.35, 0.8]) AS v, unnest([0, 0, 1, 1]) AS t", target: "t")
    #expect(found.association?.auc == 0.75)
    #expect(found.association?.positive == "1")
  }

  @Test func tiesCountHalf() throws {
    let found = try inspect("SELECT unnest([1, 1, 1, 2]) AS v, unnest(['a', 'b', 'a', 'b']) AS t", target: "t")
    // b is the later of two that are as frequent: pairs (1, 1) twice at a half, (2, 1) twice at one.
    #expect(found.association?.auc == 0.75)
  }

  /// Two groups of 40 and 60 with 10 and 40 positives. With half a row added: p 10.5/51, 40.5/51; q 30.5/51, 20.5/51.
  @Test func informationValueAndMutualInformationAreThoseOfTheirFormulas() throws {
    let found = try inspect(
      "SELECT CASE WHEN i < 40 THEN 'a' ELSE 'b' END AS v, i < 10 OR i >= 60 AS t FROM range(100) r(i)", target: "t")
    let value = (10.5 - 30.5) / 51 * log(10.5 / 30.5) + (40.5 - 20.5) / 51 * log(40.5 / 20.5)
    #expect(isClose(found.association?.informationValue, value, 1e-12))
    func term(_ cell: Double, _ group: Double) -> Double { cell / 100 * log(cell * 100 / (group * 50)) }
    let information = term(10, 40) + term(30, 40) + term(40, 60) + term(20, 60) - 1 / 200.0
    #expect(isClose(found.association?.mutualInformation, information, 1e-12))
    #expect(isClose(found.association?.explained, information / log(2), 1e-12))
  }

  @Test func aCopyOfTheTargetIsSuspectedOfLeakage() throws {
    let number = try inspect("SELECT i % 2 + random() / 10 AS v, i % 2 AS t FROM range(200) r(i)", target: "t")
    #expect(number.flags.contains(.leakage))
    let text = try inspect("SELECT 'x' || i % 3 AS v, 'y' || i % 3 AS t FROM range(300) r(i)", target: "t")
    #expect(text.flags.contains(.leakage))
    let chance = try inspect("SELECT hash(i) % 5 AS v, i % 2 AS t FROM range(2000) r(i)", target: "t")
    #expect(!chance.flags.contains(.leakage))
    let near = try inspect("SELECT i * 2.0 AS v, i + i % 2 AS t FROM range(500) r(i)", target: "t")
    #expect(near.flags.contains(.leakage) && isClose(near.association?.correlation, 1, 1e-3))
  }

  @Test func anIDIsTakenForOneAndAMeasureIsNot() throws {
    #expect(try inspect("SELECT i + 1 AS v FROM range(500) r(i)").flags == [.identifier])
    #expect(try inspect("SELECT 'user ' || i AS v FROM range(500) r(i)").flags == [.identifier])
    #expect(try inspect("SELECT i * i AS v FROM range(500) r(i)").flags == [])
  }

  @Test func aConstantAnEmptyAndAMostlyMissingColumnAreSaidToBe() throws {
    #expect(try inspect("SELECT 3 AS v FROM range(9)").flags == [.constant])
    #expect(try inspect("SELECT NULL::INT AS v FROM range(9)").flags == [.empty])
    #expect(try inspect("SELECT 1 AS v WHERE false").flags == [])
    let missing = try inspect("SELECT CASE WHEN i < 4 THEN i END AS v FROM range(10) r(i)")
    #expect(missing.flags == [.mostlyMissing])
    #expect(try inspect("SELECT unnest(['a', ' ', 'b']) AS v").flags == [.blankTexts])
  }

  @Test func textsAreMeasuredInCharacters() throws {
    let texts = try #require(try inspect("SELECT unnest(['', 'éé', 'four', NULL]) AS v").texts)
    #expect(texts.shortest == 0 && texts.longest == 4 && texts.meanLength == 2 && texts.blank == 1)
  }

  @Test func datesReadAsDates() throws {
    let found = try inspect("SELECT DATE '2024-01-01' + i::INT AS v FROM range(5) r(i)")
    let numbers = try #require(found.numbers)
    #expect(AxisText(numbers.scale).text(numbers.quantiles["0.5"] ?? 0) == "2024-01-03")
    #expect(found.top.first?.value == "2024-01-01")
  }

  @Test func theCensusIsWhatPandasSaysItIs() throws {
    let sheet = try Sheet.census()
    let age = try inspection(
      of: "age", target: "income", relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    let histogram = try histogram(of: "age", relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(isClose(age.numbers?.mean, histogram.summary?["mean"] ?? 0, 1e-9))
    #expect(isClose(age.numbers?.sd, histogram.summary?["sd"] ?? 0, 1e-9))
    #expect(isClose(age.numbers?.skew, histogram.summary?["skew"] ?? 0, 1e-9))
    #expect(Double(age.numbers?.outliers ?? -1) == histogram.summary?["outliers"])
    #expect(age.association?.positive == ">50K")
    let auc = try #require(age.association?.auc)
    #expect(auc > 0.6 && auc < 0.75)
  }

  @Test func everyColumnCanBeLookedAtAgainstEveryOther() throws {
    let sheet = try Sheet(
      """
      SELECT i AS a, 'x' || i % 2 AS b, i % 3 = 0 AS c, DATE '2024-01-01' + (i % 40)::INT AS d, [i] AS e, i / 3.0 AS f,
      NULL::VARCHAR AS g, 'nan'::DOUBLE AS h, TIME '10:00:00' AS k FROM range(60) r(i)
      """)
    for column in sheet.schema {
      for target in sheet.schema {
        let found = try inspection(
          of: column.name, target: target.name, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
        #expect(found.rows == 60)
        if let association = found.association {
          #expect((0...1).contains(association.explained), "\(column.name) \(target.name)")
        }
      }
    }
  }

  @Test func aColumnOfVeryManyValuesIsEstimatedAndSaysSo() throws {
    let sheet = try Sheet("SELECT i / 7.0 AS v, i % 2 AS t FROM range(5000) r(i)")
    var inspector = Inspector(
      column: sheet.schema[0], target: sheet.schema[1], relation: sheet.sql, database: sheet.database,
      context: SilentContext())
    inspector.mostValues = 1000
    let found = try inspector.run()
    #expect(found.isEstimated && found.top.isEmpty)
    #expect(isClose(found.numbers?.quantiles["0.5"], 2499.5 / 7, 5))
    #expect(isClose(found.association?.auc, 0.5, 0.02))
  }
}
