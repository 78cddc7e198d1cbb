import Foundation
import Frame
import Testing

@testable import Fairness

@Suite struct ReportTests {
  /// Both groups with 200 rows: .6 and .4 positive.
  private func labels(_ extra: String = "") throws -> Sheet {
    try Sheet(
      """
      SELECT CASE WHEN i < 200 THEN 'a' ELSE 'd' END AS f,
      CAST(i % 200 < CASE WHEN i < 200 THEN 120 ELSE 80 END AS INTEGER) AS y\(extra) FROM range(400) t(i)
      """)
  }

  // MARK: - Order and size of the table

  @Test func theOrderOfRowsChangesNothing() throws {
    let plain = try Sheet("SELECT * FROM read_csv('\(Golden.folder.path)/G1.csv') ORDER BY x1, x2")
    let mixed = try Sheet("SELECT * FROM read_csv('\(Golden.folder.path)/G1.csv') ORDER BY hash(x2)")
    let asked = spec(facet: "sex", .eachValue, prediction: "p", group: "dept", draws: 200)
    let (first, second) = (try plain.report(asked), try mixed.report(asked))
    for facet in first.facets {
      #expect(second[facet.value]?.metrics == facet.metrics)
    }
  }

  @Test func allRowsTwiceChangesTheCountsAlone() throws {
    let sheet = try Sheet.golden("G1")
    let twice = try Sheet("\(sheet.sql) UNION ALL \(sheet.sql)")
    let asked = spec(facet: "sex", .eachValue, prediction: "p", group: "dept")
    let (first, second) = (try sheet.report(asked), try twice.report(asked))
    for facet in first.facets {
      let other = try #require(second[facet.value])
      #expect(other.counts.a.rows == 2 * facet.counts.a.rows)
      // The flip test asks more neighbours where there are more rows.
      for value in facet.metrics where value.metric != .ft {
        #expect(isClose(other[value.metric]?.value, value.value ?? .nan, 1e-12), "\(value.name)")
      }
    }
  }

  @Test func valuesComeInOrderOfFirstAppearance() throws {
    let sheet = try Sheet(columns: "f,y", ["z,1", "b,0", "z,0", "é,1", "b,1", "a,0"])
    let report = try sheet.report(spec(.eachValue))
    #expect(report.facets.map(\.value) == ["z", "b", "é", "a"])
  }

  // MARK: - Intervals and verdicts

  @Test func intervalsHoldTheirValueAndNarrowWithRows() throws {
    let sheet = try labels()
    let facet = try #require(try sheet.report(spec(draws: 1000)).facets.first)
    let dpl = try #require(facet[.dpl])
    // Twice the standard error of the difference of two shares of 200 rows.
    let error = 1.96 * (2 * 0.24 / 200).squareRoot()
    #expect(isClose(dpl.low, 0.2 - error, 0.012) && isClose(dpl.high, 0.2 + error, 0.012))
    for value in facet.metrics where value.value != nil {
      #expect((value.low ?? .nan) <= (value.value ?? .nan) && (value.value ?? .nan) <= (value.high ?? .nan))
    }
  }

  @Test func aSeedGivesTheSameBytesAndAnotherGivesOthers() throws {
    let sheet = try labels()
    var asked = spec(draws: 100)
    let first = try sheet.report(asked)
    #expect(try sheet.report(asked) == first)
    asked.seed = 43
    let other = try sheet.report(asked)
    #expect(other.facets[0][.dpl]?.low != first.facets[0][.dpl]?.low)
    #expect(other.facets[0][.dpl]?.value == first.facets[0][.dpl]?.value)
  }

  @Test func verdictsFollowLimitsAndIntervals() throws {
    let sheet = try labels()
    func verdict(_ limits: BiasMetric.Limits?, draws: Int = 1000) throws -> MetricValue {
      var asked = spec(draws: draws)
      if let limits { asked.limits[.dpl] = limits }
      return try #require(try sheet.report(asked).facets.first?[.dpl])
    }
    #expect(try verdict(nil).verdict == .outside)
    #expect(try verdict(.init(within: 0.4)).verdict == .within)
    // The interval is about .1 to .3.
    #expect(try verdict(.init(within: 0.15)).verdict == .notConclusive)
    #expect(try verdict(.init(within: 0.25)).verdict == .notConclusive)
    #expect(try verdict(.init(within: 0.15), draws: 0).verdict == .outside)
    #expect(try verdict(.init(within: 0.25), draws: 0).verdict == .within)
    let outside = try verdict(.init(within: 0.05))
    #expect(outside.verdict == .outside && (outside.probability ?? 1) < 0.01)
    #expect(outside.explanation.contains("f = d is worse off") && outside.explanation.contains("40.0% (80 of 200)"))
    let report = try sheet.report(spec(draws: 10))
    #expect(report.facets[0][.kl]?.verdict == MetricValue.Verdict.none)
  }

  @Test func infiniteDrawsMakeAnInfiniteInterval() throws {
    // One false acceptance in d, which a third of the draws lacks.
    let rows = ["d,0,1", "d,1,0", "d,1,0", "d,1,0"] + (0..<30).map { "a,\($0 % 2),\($0 % 3 == 0 ? 1 : 0)" }
    let sheet = try Sheet(columns: "f,y,p", rows)
    let value = try #require(try sheet.report(spec(prediction: "p", draws: 500)).facets.first?[.te])
    #expect(value.value?.isFinite == true && value.high == .infinity && value.deviation == nil)
  }

  /// Of group a, one acceptance is predicted for three observed, of d three for three.
  @Test func explanationsNameTheGroupThatFaresWorse() throws {
    let rows = ["a,1,1", "a,1,0", "a,1,0", "a,0,0", "d,1,1", "d,1,1", "d,1,1", "d,0,1"]
    let facet = try #require(try Sheet(columns: "f,y,p", rows).report(spec(prediction: "p")).facets.first)
    func says(_ metric: BiasMetric, _ text: String) -> Bool { facet[metric]?.explanation.contains(text) == true }
    #expect(isClose(facet[.dca]?.value, 2.25) && says(.dca, "acceptances of f = a are predicted less generously"))
    #expect(isClose(facet[.rd]?.value, -2.0 / 3) && says(.rd, "Those of f = a who deserve the outcome are missed"))
    #expect(isClose(facet[.sd]?.value, -1) && says(.sd, "Undeserved acceptances are more frequent for f = d"))
    #expect(isClose(facet[.dar]?.value, 0.25) && says(.dar, "An acceptance is less often right for f = d"))
    #expect(facet[.dpl]?.value == 0 && says(.dpl, "Both groups are alike"))
    #expect(says(.dppl, "f = a is worse off") && says(.di, "f = a is worse off"))
    #expect(facet[.drr]?.error != nil && says(.drr, "has no value for f = d against f = a"))
  }

  @Test func manyComparisonsNeedStrongerEvidence() {
    let values = [0.01, 0.04, 0.03, 0.005]
    let holm = Verdicts.corrected(values, comparisons: 4, by: .holm)
    for (value, expected) in zip(holm, [0.03, 0.06, 0.06, 0.02]) { #expect(isClose(value, expected)) }
    let rate = Verdicts.corrected(values, comparisons: 4, by: .benjaminiHochberg)
    for (value, expected) in zip(rate, [0.02, 0.04, 0.04, 0.02]) { #expect(isClose(value, expected)) }
    #expect(Verdicts.corrected(values, comparisons: 4, by: .none) == values)
    // Those inside their limits were looked at too.
    #expect(Verdicts.corrected([0.01], comparisons: 20, by: .holm) == [0.2])
  }

  @Test func theNumberOfComparisonsIsStated() throws {
    let sheet = try Sheet(
      "SELECT 'g' || (i % 10) AS f, CAST(hash(i) % 2 AS INTEGER) AS y, i % 3 AS h FROM range(3000) t(i)")
    var asked = spec(.eachValue, draws: 100)
    asked.facets.append(.init(column: "h", groups: .eachValue))
    let report = try sheet.report(asked)
    #expect(report.comparisons[.dpl] == 13 && report.comparisons[.kl] == nil)
    #expect(report.facets.count == 13)
  }

  // MARK: - Facets, segments, combinations

  @Test func thresholdsAreExclusiveAndSeveralMakeSeveralPairs() throws {
    let sheet = try Sheet.golden("G4")
    var asked = spec(facet: "age", .above([52, 40]), label: "inc")
    asked.label.positive = .above(3)
    let report = try sheet.report(asked)
    #expect(report.facets.map(\.value) == ["(40, 63]", "(52, 63]"])
    #expect(report.facets.map(\.counts.d.rows) == [5, 2])
    #expect(report.facets.map(\.groupA) == ["age ≤ 40", "age ≤ 52"])
    #expect(isClose(report.facets[0][.dpl]?.value, -0.6))
    #expect(report.readings.map(\.kind) == [.continuous, .continuous])
  }

  @Test func segmentsAreReportsOfTheirRows() throws {
    let sheet = try labels(", i % 10 AS n, CASE WHEN i % 2 = 0 THEN 'even' END AS e")
    var asked = spec()
    asked.segments = [
      .init(column: "n", lists: [["[0, 4]"], ["(4, 6]", "[9, 9]"]]), .init(column: "e", lists: [["even"]]),
    ]
    let report = try sheet.report(asked)
    #expect(report.segments.map(\.name) == ["[0, 4]", "(4, 6], [9, 9]", "__default__", "even", "__default__"])
    #expect(report.segments.map(\.rowsUsed) == [200, 120, 80, 200, 200])
    for part in report.segments {
      #expect(isClose(part.facets.first?[.dpl]?.value, 0.2, 0.02), "\(part.name)")
    }
    asked.segments = [.init(column: "n", lists: [["[5, 4]"]])]
    #expect(throws: BiasError.badInterval("[5, 4]")) { try sheet.report(asked) }
    asked.segments = [.init(column: "n", lists: [["77"]])]
    #expect(try sheet.report(asked).segments.first?.error == "no row is in this segment")
  }

  @Test func combinedGroupsComeWorstFirst() throws {
    let sheet = try Sheet(
      """
      SELECT CASE WHEN i % 2 = 0 THEN 'F' ELSE 'M' END AS sex, CASE WHEN i % 4 < 2 THEN 'x' ELSE 'y' END AS race,
      CAST((i // 4) % 10 < CASE WHEN i % 4 = 3 THEN 1 ELSE 6 END AS INTEGER) AS y FROM range(1600) t(i)
      """)
    var asked = spec(facet: "sex", .eachValue, draws: 100)
    asked.facets.append(.init(column: "race", groups: .eachValue))
    asked.intersections = [["race", "sex"]]
    let report = try sheet.report(asked)
    #expect(report.intersections.count == 4)
    let gaps = report.intersections.map(\.worstGap)
    #expect(gaps == gaps.sorted(by: >))
    let worst = try #require(report.intersections.first)
    #expect(worst.facet == "sex × race" && worst.value == "M × y" && worst.groupD == "sex = M and race = y")
    #expect(worst.groupA == "all other rows" && worst.counts.d.rows == 400)
    asked.intersections = [["race", "age"]]
    #expect(throws: BiasError.notAFacet("age")) { try sheet.report(asked) }
  }

  @Test func smallGroupsAreMarked() throws {
    let sheet = try Sheet(columns: "f,y", (0..<40).map { "a,\($0 % 2)" } + ["d,1", "d,0", "e,1"])
    let report = try sheet.report(spec(.eachValue, draws: 100))
    #expect(report["a"]?.smallGroup == "only 3 rows in f other than a")
    #expect(report["d"]?.smallGroup == "only 2 rows in f = d" && report["e"]?.smallGroup == "only 1 row in f = e")
    let fine = try labels().report(spec())
    #expect(fine.facets[0].smallGroup == nil)
  }

  // MARK: - Missing values

  private func gaps() throws -> Sheet {
    try Sheet(columns: "f,y,g", ["a,1,u", "a,0,v", "d,1,u", "d,0,u", ",1,u", ",0,v", "a,,u", "d,1,"])
  }

  @Test func rowsWithoutAValueAreLeftOutAndCounted() throws {
    let report = try gaps().report(spec(.eachValue, group: "g"))
    #expect(report.rowsUsed == 4 && report.rowsMissing == 4)
    #expect(report.missing == ["f": 2, "y": 1, "g": 1])
    #expect(report.facets.map(\.value) == ["a", "d"])
    #expect(report.notes.first == "4 of 8 rows lack a value and are left out.")
  }

  @Test func missingCanBeAValueOfItsOwn() throws {
    var asked = spec(.eachValue, group: "g")
    asked.missing = .ownValue
    let report = try gaps().report(asked)
    #expect(report.rowsUsed == 7 && report.facets.map(\.value) == ["a", "d", "(missing)"])
    #expect(report["(missing)"]?.counts.d.rows == 2)
  }

  @Test func asTheLibraryKeepsThemTheyAreNegativeAndInGroupA() throws {
    var asked = spec()
    asked.missing = .asLibrary
    let facet = try #require(try gaps().report(asked).facets.first)
    #expect(facet.counts.a.rows == 5 && facet.counts.a.positives == 2 && facet.counts.d.rows == 3)
  }

  // MARK: - Predictions

  @Test func scoresBecomePredictionsAboveTheThreshold() throws {
    let sheet = try Sheet(columns: "f,y,s", ["a,1,0.5", "a,0,0.6", "d,1,0.4", "d,0,0.51"])
    var asked = spec()
    asked.prediction = .score(column: "s", threshold: 0.5)
    let report = try sheet.report(asked)
    #expect(report.readings.map(\.column) == ["y", "f", "s"] && report.readings.last?.selected == "> 0.5")
    let facet = try #require(report.facets.first)
    #expect(facet.counts.a.predictedPositives == 1 && facet.counts.d.predictedPositives == 1)
    #expect(facet[.dppl]?.value == 0 && facet[.di]?.value == 1)
  }

  @Test func theFlipTestHasTheDocumentedSign() throws {
    // Every row of d is rejected, and its neighbour in a is accepted.
    let rows = (0..<5).flatMap { ["a,1,1,\($0)", "d,1,0,\($0).1"] }
    let sheet = try Sheet(columns: "f,y,p,x", rows)
    var asked = spec(prediction: "p", draws: 50)
    let facet = try #require(try sheet.report(asked).facets.first)
    #expect(facet[.ft]?.value == 1 && facet[.ft]?.low == 1)
    #expect(facet[.ft]?.explanation.contains("5 rejected rows of f = d would be accepted") == true)
    asked.mode = .smclarify
    asked.libraryCategories = ["y", "p"]
    #expect(try sheet.report(asked).facets.first?[.ft]?.value == -1)
    asked.mode = .correct
    asked.features = []
    #expect(
      try sheet.report(asked).facets.first?[.ft]?.error == "no numeric column is left to compare rows by: name features"
    )
    asked.features = ["x", "nope"]
    #expect(throws: BiasError.noSuchColumn("nope")) { try sheet.report(asked) }
  }

  @Test func rowsEquallyNearAllVote() throws {
    let test = FlipTest.run(
      features: [0, 0, 1, 0], width: 1, isMember: [false, false, false, true],
      isPredicted: [true, false, true, true], mode: .correct, checking: {})
    // One nearest row accepted, one rejected: a draw, which flips nothing.
    #expect(test.rows == 1 && test.gained == 0 && test.lost == 0)
  }

  @Test func predictionsInOtherWordsAreNotTakenForRejections() throws {
    let sheet = try Sheet(columns: "f,y,p", ["a,yes,1", "a,no,0", "d,yes,1", "d,no,0"])
    #expect(throws: BiasError.positivesNotFound(column: "p", values: ["yes"], found: ["0", "1"])) {
      try sheet.report(spec(positive: ["yes"], prediction: "p"))
    }
  }

  // MARK: - Edges

  /// One acceptance in group d, and wrong: every draw has no right one, which is no certainty.
  @Test func aShareOfNoneOfFewRowsLeavesRoomForDoubt() throws {
    func report(_ rows: Int) throws -> FacetReport {
      let sheet = try Sheet(
        "SELECT 'a' AS f, i % 4 > 0 AS y, true AS p FROM range(400) t(i) UNION ALL "
          + "SELECT 'd', false, i < \(rows) FROM range(200) t(i)")
      return try #require(sheet.report(spec(positive: ["true"], prediction: "p", draws: 200)).facets.first)
    }
    let one = try #require(report(1)[.dar])
    #expect(one.value == 0.75 && one.verdict == .notConclusive && (one.low ?? 1) < 0)
    let many = try #require(report(100)[.dar])
    #expect(many.value == 0.75 && many.verdict == .outside && (many.low ?? 0) > 0.6)
    // Of two hundred rows none has the good outcome: at most 1.8 % of them may.
    let labels = try #require(report(1)[.dpl])
    #expect(labels.verdict == .outside && labels.low.map { abs($0 - (0.75 - 0.0183)) < 0.06 } == true)
  }

  @Test func tablesWithNothingToCompareSaySo() throws {
    let empty = try Sheet("SELECT 'a' AS f, 1 AS y WHERE FALSE")
    #expect(throws: BiasError.nothingLeft(rows: 0)) { try empty.report(spec()) }
    let missing = try Sheet("SELECT NULL::VARCHAR AS f, 1 AS y FROM range(3)")
    #expect(throws: BiasError.allMissing(column: "f", rows: 3)) { try missing.report(spec()) }
    let constant = try Sheet("SELECT 'd' AS f, 1 AS y FROM range(3)")
    let facet = try #require(try constant.report(spec(draws: 20)).facets.first)
    #expect(facet[.ci]?.error == "no row is f other than d" && facet[.dpl]?.value == nil)
    let one = try Sheet("SELECT 'd' AS f, 1 AS y")
    #expect(try one.report(spec(.eachValue, draws: 20)).facets.first?[.dpl]?.error != nil)
    let absent = try Sheet(columns: "f,y", ["a,1", "b,0"])
    #expect(try absent.report(spec()).facets.first?[.dpl]?.error == "no row is f = d")
  }

  @Test func aSlipInTheOutcomeIsNoParity() throws {
    let sheet = try Sheet(columns: "f,y", ["a,yes", "d,no"])
    #expect(throws: BiasError.positivesNotFound(column: "y", values: ["Yes"], found: ["no", "yes"])) {
      try sheet.report(spec(positive: ["Yes"]))
    }
    #expect(throws: BiasError.noSuchColumn("z")) { try sheet.report(spec(label: "z")) }
    #expect(throws: BiasError.sameColumn("y", as: "the label", and: "a facet")) { try sheet.report(spec(facet: "y")) }
    #expect(throws: BiasError.notNumeric(column: "f", kind: .text)) { try sheet.report(spec(.above([1]))) }
  }

  @Test func noPositivesOfAThresholdIsNoError() throws {
    let sheet = try Sheet(columns: "f,y", ["a,1.5", "a,2", "d,1", "d,3"])
    var asked = spec(draws: 20)
    asked.label.positive = .above(9)
    let report = try sheet.report(asked)
    #expect(report.facets[0][.dpl]?.value == 0 && report.notes == ["No row has the positive outcome."])
  }

  @Test func oddNamesAndNumbersDoNoHarm() throws {
    let sheet = try Sheet(
      """
      SELECT * FROM (VALUES ('🙂 "x"', 1, 'NaN'::DOUBLE), ('it''s, a', 0, 'inf'), ('🙂 "x"', 0, '-inf'),
      ('it''s, a', 1, 1.5)) t("f ""f""; DROP", "y
      y", x)
      """)
    let facetName = sheet.schema[0].name
    var asked = spec(facet: facetName, .eachValue, label: sheet.schema[1].name, draws: 20)
    let report = try sheet.report(asked)
    #expect(report.facets.map(\.value) == ["🙂 \"x\"", "it's, a"])
    #expect(report.facets[0].groupA == "\(facetName) = it's, a")
    asked.facets = [.init(column: "x", groups: .above([0]))]
    let numbers = try sheet.report(asked)
    #expect(numbers.rowsMissing == 1 && numbers.facets[0].counts.d.rows == 2)
  }

  /// The query's own names are no trouble where columns have them too.
  @Test func columnsMayBeCalledAsTheQuerysAre() throws {
    let sheet = try Sheet(
      """
      SELECT i % 2 AS y, CASE WHEN i % 3 = 0 THEN 'd' ELSE 'a' END AS f0, i % 4 = 0 AS p, i % 5 AS g, i AS x0, i AS ok,
      i % 2 AS s, i AS n, i AS part, i AS place, i AS c0, i / 60 AS x, i AS f FROM range(60) t(i)
      """)
    var asked = spec(facet: "p", .values(["true"]), label: "f0", positive: ["d"], group: "y", draws: 20)
    asked.facets.append(.init(column: "g", groups: .above([2])))
    asked.prediction = .score(column: "x", threshold: 0.5)
    asked.segments = [.init(column: "s", lists: [["1"]])]
    let report = try sheet.report(asked)
    #expect(report.facets.map(\.counts.d.rows) == [15, 24] && report.facets.map(\.counts.d.positives) == [5, 8])
    #expect(report.facets.allSatisfy { $0.metrics.allSatisfy { $0.value != nil } })
    #expect(report.segments.map(\.rowsUsed) == [30, 30])
    let study = try thresholdStudy(asked, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(study.current.counts == report.facets[0].counts)
  }

  @Test(arguments: [
    ("CAST(CASE WHEN i % 2 = 0 THEN 'a' ELSE 'd' END AS ENUM ('a', 'd'))", "d"),
    ("CAST(i % 2 AS DECIMAL(9, 2))", "1"), ("CAST(i % 2 AS HUGEINT)", "1"),
    ("DATE '2026-01-01' + CAST(i % 2 AS INT)", "2026-01-02"),
    ("CAST(i % 2 AS FLOAT)", "1.0"), ("CAST(i % 2 AS UTINYINT)", "1"),
  ])
  func columnsOfAllTypesAreFacets(_ sql: String, _ value: String) throws {
    let sheet = try Sheet("SELECT \(sql) AS f, i % 4 = 1 AS y FROM range(40) t(i)")
    let named = try sheet.report(spec(.values([value]), positive: ["true"])).facets[0]
    #expect(named.counts.d.rows == 20 && named.counts.d.positives == 10)
    #expect(try sheet.report(spec(.eachValue, positive: ["true"])).facets.map(\.counts.d.rows) == [20, 20])
  }

  @Test func metricsThatNeedPredictionsSayThatThereAreNone() throws {
    var asked = spec()
    asked.metrics = [.dpl, .dppl]
    let facet = try #require(try labels().report(asked).facets.first)
    #expect(facet.metrics.map(\.name) == ["DPL", "DPPL"])
    #expect(facet[.dppl]?.error == "there are no predictions: name a column of them")
  }

  @Test func aFlipTestOfManyRowsIsSaidToBeOfSome() throws {
    let sheet = try Sheet(
      "SELECT CASE WHEN i % 50 = 0 THEN 'd' ELSE 'a' END AS f, i % 2 AS y, i % 2 AS p, random() AS x FROM range(12000) t(i)"
    )
    var asked = spec(prediction: "p")
    asked.metrics = [.ft, .dppl]
    let facet = try #require(try sheet.report(asked).facets.first)
    #expect(facet[.ft]?.sample == 10_000 && facet[.dppl]?.sample == nil)
    #expect(facet[.ft]?.explanation.contains("Only 10,000 rows at random were compared.") == true)
  }

  @Test func tooManyValuesAndNestedOnesAreRefused() throws {
    let sheet = try Sheet("SELECT i AS f, i % 2 AS y, [i] AS n FROM range(2000) t(i)")
    #expect(throws: BiasError.tooManyValues(column: "f", found: 2000, most: 500)) {
      try sheet.report(spec(.eachValue))
    }
    #expect(throws: BiasError.nested(column: "n")) { try sheet.report(spec(facet: "n")) }
    // Named values of such a column are no trouble.
    #expect(try sheet.report(spec(.values(["7", "8"]))).facets[0].counts.d.rows == 2)
    #expect(
      try sheet.report(spec(facet: "y", .values(["1"]), label: "f", positive: ["3"])).facets[0].counts.d.positives == 1)
  }

  @Test func truthValuesAreCalledByAnyName() throws {
    let sheet = try Sheet("SELECT i % 3 = 0 AS f, i % 2 = 0 AS y FROM range(12) t(i)")
    for word in ["true", "TRUE", "1"] {
      let facet = try #require(try sheet.report(spec(.values([word]), positive: [word])).facets.first)
      #expect(facet.counts.d.rows == 4 && facet.counts.d.positives == 2)
      #expect(facet.groupA == "f = false")
    }
  }

  @Test func aReportSurvivesItsJSON() throws {
    var asked = spec(prediction: "p", draws: 50)
    asked.limits[.dpl] = .init(within: 0.2)
    asked.segments = [.init(column: "x", lists: [["[0, 2]"]])]
    let report = try Sheet.golden("G6").report(asked)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(BiasReport.self, from: data) == report)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"Infinity\"") && text.contains("\"rows_used\":8") && text.contains("\"name\":\"DPL\""))
    #expect(try JSONDecoder().decode(BiasSpec.self, from: JSONEncoder().encode(asked)) == asked)
  }
}
