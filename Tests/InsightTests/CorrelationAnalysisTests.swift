import Foundation
import Frame
import Numerics
import Plot
import Testing

@testable import Insight

/// Correlation, multicollinearity and lasso against pandas, scipy, statsmodels and scikit-learn.
struct CorrelationAnalysisTests {
  private func correlate(
    _ kind: FeatureCorrelation.Kind, _ sql: String, _ columns: [String]? = nil
  ) throws -> FeatureCorrelation {
    let sheet = try Sheet(sql)
    return try featureCorrelation(
      kind, of: columns, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  @Test func theCensusCorrelatesAsPandasAndScipySay() throws {
    let record = try RelationRecord.read()
    let sheet = try RelationRecord.sheet()
    let names = record.numbers + record.categories
    for (kind, expected) in [(FeatureCorrelation.Kind.linear, record.pearson), (.nonLinear, record.spearman)] {
      let found = try featureCorrelation(
        kind, of: names, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
      let count = record.numbers.count
      #expect(found.features.map(\.name) == names && found.leftOut.isEmpty && found.rows == 5000)
      for a in record.numbers.indices {
        for b in record.numbers.indices {
          #expect(isClose(found.values[a][b], expected[a][b], 1e-9), "\(kind) \(names[a]) \(names[b])")
        }
        for b in record.categories.indices {
          #expect(isClose(found.values[a][count + b], record.eta[a][b], 1e-9), "\(names[a]) \(names[count + b])")
        }
      }
      for a in record.categories.indices {
        for b in record.categories.indices where a != b {
          let value = found.values[count + a][count + b]
          if kind == .linear {
            #expect(value == nil)
          } else {
            #expect(isClose(value, record.bergsma[a][b], 1e-9))
            #expect(isClose(found.uncorrected[count + a][count + b], record.cramer[a][b], 1e-9))
          }
        }
      }
    }
  }

  @Test func aFeatureIsShownWithItsStrongestPartner() throws {
    let found = try correlate(
      .linear,
      "SELECT i AS a, -2 * i AS b, i % 3 AS c, CASE WHEN i < 50 THEN 'low' ELSE 'high' END AS d FROM range(100) r(i)")
    let first = found.partners[0]
    #expect(first.partner == "b" && first.value == -1 && first.measure == .pearson && first.rows == 100)
    #expect(found.partners[3].measure == .correlationRatio)
    #expect(found.lines.contains { $0.hasPrefix("a ") && $0.contains("-1.0000") })
    #expect(found.markdown.contains("| a | b | -1.0000 | Pearson | 100 |"))
    #expect(found.charts.count == 1)
  }

  /// The two are independent: no combination is more frequent than the others.
  @Test func independentCategoriesHaveNoAssociation() throws {
    let found = try correlate(
      .nonLinear, "SELECT 'a' || i % 2 AS x, 'b' || (i // 2) % 3 AS y FROM range(600) r(i)")
    #expect(found.values[0][1] == 0 && found.uncorrected[0][1] == 0)
  }

  @Test func theSameCategoriesByOtherNamesAreFullyAssociated() throws {
    let found = try correlate(.nonLinear, "SELECT 'a' || i % 4 AS x, 'b' || i % 4 AS y FROM range(400) r(i)")
    #expect(isClose(found.values[0][1], 1) && isClose(found.uncorrected[0][1], 1))
  }

  @Test func constantsEmptyColumnsAndWhatIsNotFiniteHaveNoFigure() throws {
    let found = try correlate(
      .nonLinear,
      """
      SELECT i AS a, 7 AS one, NULL::DOUBLE AS none, 'x' AS text, CASE WHEN i < 5 THEN 'nan'::DOUBLE WHEN i < 9
      THEN 'inf'::DOUBLE ELSE i END AS b, [i] AS list, DATE '2024-01-01' AS day, 'id ' || i AS id FROM range(100) r(i)
      """)
    #expect(found.features.map(\.name) == ["a", "one", "none", "text", "b"])
    #expect(found.features[4].missing == 9 && found.pairRows[0][4] == 91 && isClose(found.values[0][4], 1))
    for other in 1...3 { #expect(found.values[0][other] == nil && found.values[other][other] == nil) }
    #expect(found.leftOut.map(\.column) == ["list", "day", "id"])
    #expect(found.partners[1].partner == nil)
  }

  @Test func noRowsAndOneRowGiveNoFigures() throws {
    for sql in ["SELECT 1 AS a, 2.5 AS b, 'x' AS c", "SELECT 1 AS a, 2.5 AS b, 'x' AS c WHERE false"] {
      for kind in FeatureCorrelation.Kind.allCases {
        let found = try correlate(kind, sql)
        #expect(found.values.joined().allSatisfy { $0 == nil })
        #expect(found.lines.count > 4)
      }
    }
  }

  @Test func namesAndValuesOfAnyTextAreTaken() throws {
    let found = try correlate(
      .nonLinear,
      """
      SELECT i AS "it's ""a"" 🦀", i * i AS "b\n|c", CASE WHEN i % 2 = 0 THEN 'o''hara' ELSE '💥' END AS "x;--"
      FROM range(20) r(i)
      """)
    #expect(isClose(found.values[0][1], 1))
    #expect(found.lines.allSatisfy { !$0.contains("\n") })
    #expect(found.markdown.contains("b \\|c"))
  }

  // MARK: - Multicollinearity

  @Test func inflationAndComponentsAreThoseOfStatsmodelsAndScikitLearn() throws {
    let record = try RelationRecord.read()
    let sheet = try RelationRecord.sheet()
    let found = try multicollinearity(
      of: record.numbers, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(found.rows + found.missing == 5000 && found.missing > 0)
    for (place, expected) in record.vif.enumerated() {
      #expect(isClose(found.inflation[place].factor, expected, 1e-9), "\(record.numbers[place])")
      for feature in record.numbers.indices {
        let loading = abs(found.components[place].loadings[feature])
        #expect(isClose(loading, abs(record.pca.components[place][feature]), 1e-9))
      }
      #expect(isClose(found.components[place].share, record.pca.ratio[place], 1e-9))
    }
    #expect(isClose(found.components.last?.cumulative, 1))
    #expect(found.inflation.contains { $0.verdict == .high } && found.inflation.contains { $0.verdict == .moderate })
  }

  @Test func perfectlyCollinearColumnsInflateWithoutEndAndOthersDoNot() throws {
    let sheet = try Sheet(
      """
      SELECT x, y, 3 * x - 2 * y + 1 AS sum, z, 5 AS one FROM
      (SELECT (hash(i) % 1000)::INT AS x, (hash(i + 5000) % 1000)::INT AS y, (hash(i + 9000) % 1000)::INT AS z FROM range(500) r(i))
      """)
    let found = try multicollinearity(relation: sheet.sql, schema: sheet.schema, in: sheet.database)
    #expect(found.inflation.map(\.text).prefix(3) == ["∞", "∞", "∞"])
    #expect(found.inflation.map(\.verdict) == [.perfect, .perfect, .perfect, .moderate])
    #expect((found.inflation[3].factor ?? 0) < 1.1)
    #expect(found.leftOut == [.init(column: "one", reason: "one value in the rows used")])
    #expect(found.lines.contains { $0.contains("∞") && $0.contains("perfect") })
    let copy = try JSONDecoder().decode(Multicollinearity.self, from: JSONEncoder().encode(found))
    #expect(copy == found)
    guard case .content(let content) = found.charts[0].chart, let panel = content as? BiasPanel else {
      Issue.record("not a panel")
      return
    }
    // The picture is cut at 50, the names say so.
    #expect(panel.metrics[0].values == [50] && panel.metrics[0].name == "x (∞)" && panel.metrics.count == 4)
    #expect(found.charts.count == 2)
  }

  @Test func multicollinearityOfNothingIsSaidToBeSo() throws {
    let empty = try Sheet("SELECT 1 AS a, 2 AS b WHERE false")
    let found = try multicollinearity(relation: empty.sql, schema: empty.schema, in: empty.database)
    #expect(found.inflation.isEmpty && found.leftOut.count == 2 && found.rows == 0)
    #expect(found.lines.count > 3)
    let gaps = try Sheet("SELECT CASE WHEN i = 0 THEN 1 END AS a, CASE WHEN i = 1 THEN 1 END AS b FROM range(2) r(i)")
    let none = try multicollinearity(relation: gaps.sql, schema: gaps.schema, in: gaps.database)
    #expect(none.rows == 0 && none.missing == 2 && none.leftOut.allSatisfy { $0.reason == "no row has all features" })
    let text = try Sheet("SELECT 'x' AS a, 1 AS b")
    #expect(throws: InsightError.tooFewNumericColumns(found: 1, needed: 2)) {
      try multicollinearity(relation: text.sql, schema: text.schema, in: text.database)
    }
  }

  // MARK: - Lasso

  private func standardised(_ names: [String], _ sheet: Sheet) throws -> [[Double]] {
    let table = try sheet.database.query("SELECT \(SQL.identifiers(names)) FROM (\(sheet.sql))")
    return table.columns.map { column in
      let values = column.numbers ?? []
      let (mean, deviation) = (Statistics.mean(values), Statistics.standardDeviation(values, correction: 0))
      return values.map { ($0 - mean) / deviation }
    }
  }

  @Test func theLassoIsThatOfScikitLearn() throws {
    let record = try RelationRecord.read().lasso
    let sheet = try RelationRecord.sheet()
    let features = try standardised(record.features, sheet)
    let labels = try sheet.database.query(
      "SELECT hours_per_week, CAST(income = '>50K' AS INTEGER) FROM (\(sheet.sql))")
    let kinds: [(Lasso.Loss, Int, [RelationRecord.Fit])] = [
      (.squared, 0, record.linear), (.logistic, 1, record.logistic),
    ]
    for (loss, column, expected) in kinds {
      let model = Lasso(features: features, labels: labels.columns[column].numbers ?? [], loss: loss)
      let fits = model.path(expected.map(\.penalty))
      for (fit, peer) in zip(fits, expected) {
        #expect(isClose(fit.intercept, peer.intercept, 1e-9), "\(loss) \(fit.penalty)")
        for (mine, other) in zip(fit.coefficients, peer.coefficients) {
          #expect(isClose(mine, other, 1e-9), "\(loss) \(fit.penalty)")
        }
      }
      #expect(model.path([model.largestPenalty * 1.0000001])[0].coefficients.allSatisfy { $0 == 0 })
    }
  }

  private func lasso(_ sql: String, _ label: String, _ options: LassoOptions = .init()) throws -> LassoAnalysis {
    let sheet = try Sheet(sql)
    return try Insight.lasso(
      of: label, options: options, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
  }

  private static let noisy = """
    SELECT x, noise, x > 500 AND (hash(i) % 10)::INT > 0 AS flag, 2.0 * x + (hash(i + 7) % 100)::INT AS y, 'word' AS word, NULL::INT AS none,
    CASE WHEN i < 10 THEN NULL ELSE x END AS gap
    FROM (SELECT i, (hash(i + 1000) % 1000)::INT AS x, (hash(i + 2000) % 1000)::INT AS noise FROM range(300) r(i))
    """

  @Test func theLassoKeepsWhatMattersAndSaysWhatItLeftOut() throws {
    let found = try lasso(Self.noisy, "y", .init(penalty: 50))
    #expect(found.problem == .regression && found.missing == 10 && found.total == 300 && found.sampled == nil)
    #expect(found.trainRows + found.testRows == 290)
    #expect((found.score ?? 0) > 0.95)
    #expect(found.coefficients.first { $0.feature == "noise" }?.value == 0)
    #expect(found.path.count == 51 && found.path[0].coefficients.allSatisfy { abs($0) < 1e-9 })
    #expect(found.leftOut.map(\.column) == ["word", "none"])
    #expect(found.charts.count == 2)
    #expect(try lasso(Self.noisy, "y", .init(penalty: 50)) == found)
    let copy = try JSONDecoder().decode(LassoAnalysis.self, from: JSONEncoder().encode(found))
    #expect(copy == found)
  }

  @Test func aTruthValueIsClassified() throws {
    let found = try lasso(Self.noisy, "flag")
    #expect(found.problem == .classification && found.positive == "true" && found.metric == "ROC-AUC")
    #expect((found.score ?? 0) > 0.9)
  }

  @Test func tooManyRowsAreDrawnFromAndSaidToBe() throws {
    let sql = "SELECT i AS a, i * 2 + (hash(i) % 5)::INT AS b, i % 2 = 0 AS t FROM range(5000) r(i)"
    let found = try lasso(sql, "t", .init(mostCells: 4000))
    #expect(found.sampled == 1333 && found.trainRows + found.testRows == 1333 && found.total == 5000)
    #expect(try lasso(sql, "t", .init(mostCells: 4000)) == found)
    #expect(try lasso(sql, "t", .init(seed: 7, mostCells: 4000)).sampled == 1333)
  }

  @Test func aLassoWithoutClassesOrFeaturesSaysWhy() throws {
    #expect(throws: InsightError.oneClass(column: "t", found: 1)) { try lasso("SELECT 1 AS a, 'x' AS t", "t") }
    #expect(throws: InsightError.oneClass(column: "t", found: 0)) {
      try lasso("SELECT 1 AS a, 'x' AS t WHERE false", "t")
    }
    #expect(throws: InsightError.tooManyClasses(column: "t", found: 3, most: 2)) {
      try lasso("SELECT i AS a, 'x' || i % 3 AS t FROM range(30) r(i)", "t")
    }
    let constant = try lasso("SELECT 5 AS a, i % 2 = 0 AS t FROM range(30) r(i)", "t")
    #expect(constant.coefficients.isEmpty && constant.penalty == nil && constant.leftOut.count == 1)
    #expect(constant.lines.count > 2)
    let twins = try lasso("SELECT i AS a, i AS b, i % 2 = 0 AS t FROM range(60) r(i)", "t")
    #expect(twins.coefficients.allSatisfy { $0.value.isFinite })
  }
}
