import Foundation
import Frame
import Testing

@testable import Fairness

/// What reweighing and resampling do to the metrics, against the same metrics of rows that really are weighted.
@Suite struct MendingTests {
  /// Departments that women and men apply to differently, with predictions.
  private static let rows = """
    SELECT CASE WHEN i % 3 = 0 THEN 'F' ELSE 'M' END AS sex, 'dept' || (i * 7 % 4) AS dept,
    CASE WHEN (i * 13 + i // 9) % 10 < CASE WHEN i % 3 = 0 THEN 3 ELSE 6 END THEN 'yes' ELSE 'no' END AS y,
    CASE WHEN (i * 17) % 11 < 5 THEN 'yes' ELSE 'no' END AS p FROM range(600) t(i)
    """

  private var asked: BiasSpec {
    spec(facet: "sex", .values(["F"]), positive: ["yes"], prediction: "p", group: "dept")
  }

  private func study(_ spec: BiasSpec, _ sheet: Sheet) throws -> MendingStudy {
    try mendingStudy(spec, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  @Test func asItIsTheFiguresAreThoseOfTheReport() throws {
    let sheet = try Sheet(Self.rows)
    let study = try study(asked, sheet)
    let pair = try #require(sheet.report(asked).facets.first)
    let now = try #require(study.outcomes.first)
    #expect(now.way == nil && now.rows == 600 && study.groupD == pair.groupD)
    for value in pair.metrics where value.metric != .ft {
      #expect(now[value.metric]?.value == value.value && now[value.metric]?.isExpected == false, "\(value.name)")
    }
  }

  /// The weights of every cell are whole multiples of one sixth here, so that rows can stand for them.
  @Test func reweighingIsAsIfEachRowWereThereAsOftenAsItWeighs() throws {
    var rows: [String] = []
    for (sex, y, count) in [("F", "yes", 2), ("F", "no", 6), ("M", "yes", 6), ("M", "no", 2)] {
      for place in 0..<count {
        rows.append("\(sex),\(y),\(place % 3 == 0 ? "u" : "v"),\(place % 2 == 0 ? "yes" : "no")")
      }
    }
    let sheet = try Sheet(columns: "sex,y,dept,p", rows)
    let study = try study(asked, sheet)
    let after = try #require(study.outcomes.first { $0.way == .reweigh })
    // Weights 2 and 2/3: six and two rows of each.
    let weighted = try Sheet(
      "SELECT * EXCLUDE (w) FROM (SELECT *, unnest(range(CASE WHEN (sex = 'F') = (y = 'yes') THEN 6 ELSE 2 END)) AS w "
        + "FROM (\(sheet.sql)))")
    let pair = try #require(weighted.report(asked).facets.first)
    #expect(abs(try #require(after[.dpl]?.value)) < 1e-12)
    var compared = 0
    for value in pair.metrics where value.metric != .ft {
      if let number = value.value {
        #expect(isClose(after[value.metric]?.value, number), "\(value.name)")
        compared += 1
      } else {
        #expect(after[value.metric]?.value == nil && after[value.metric]?.error != nil, "\(value.name)")
      }
    }
    #expect(compared > 15 && after.rows == rows.count)
    #expect(after[.cddl]?.value != nil && after[.cddpl]?.value != nil)
    #expect(after.metrics.allSatisfy { !$0.isExpected })
  }

  @Test func resamplingIsExpectedWhereChanceDecides() throws {
    let study = try study(asked, Sheet(Self.rows))
    for way in [MendingStudy.Way.resample, .resampleToEqualCells] {
      let after = try #require(study.outcomes.first { $0.way == way })
      #expect(after[.dpl]?.isExpected == false && abs(after[.dpl]?.value ?? 1) < 0.005, "\(way)")
      #expect(after[.cddl]?.isExpected == true && after[.cddpl]?.isExpected == true)
      #expect(abs(after.rows - 600) <= 2)
    }
    let equal = try #require(study.outcomes.last)
    #expect(equal.way == .resampleToEqualCells && equal[.ci]?.value == 0)
  }

  /// The step counts rows that the report leaves out for want of a stratum.
  @Test func rowsThatTheReportLeavesOutWeighInTheStepAllTheSame() throws {
    let sheet = try Sheet(
      "SELECT sex, y, p, CASE WHEN y = 'no' AND dept = 'dept1' THEN NULL ELSE dept END AS dept FROM (\(Self.rows))")
    let study = try study(asked, sheet)
    let after = try #require(study.outcomes.first { $0.way == .reweigh })
    #expect(study.rowsUsed < 600 && after.rows == 600)
    #expect(abs(after[.dpl]?.value ?? 0) > 1e-6)
    #expect(study.outcomes.first { $0.way == .resample }?[.dpl]?.isExpected == true)
  }

  @Test func whatNoStepCanSayIsRefused() throws {
    let sheet = try Sheet(Self.rows)
    var library = asked
    library.mode = .smclarify
    #expect(throws: BiasError.self) { try study(library, sheet) }
    #expect(throws: BiasError.self) {
      try mendingStudy(asked, value: "X", relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    }
    let none = try Sheet("SELECT * FROM (\(Self.rows)) LIMIT 0")
    #expect(throws: BiasError.self) { try study(asked, none) }
  }

  @Test func aStudyIsKeptAsItWas() throws {
    let study = try study(asked, Sheet(Self.rows))
    let read = try JSONDecoder().decode(MendingStudy.self, from: JSONEncoder().encode(study))
    #expect(read == study)
  }
}
