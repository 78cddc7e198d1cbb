import Frame
import Testing

@testable import Flow

/// Sixty people of two sizes of groups, with an outcome that one of them gets less often.
private let hiringSQL = """
  SELECT i AS id, CASE WHEN i % 3 = 0 THEN 'F' ELSE 'M' END AS sex, CASE WHEN i % 3 = 0 THEN i % 9 = 0 ELSE i % 4 > 0 END
  AS hired, i / 60 AS score FROM range(60) t(i)
  """

struct FairnessTransformTests {
  private func rows(_ sql: String, _ id: String, _ parameters: Parameters) throws -> DataTable {
    var bench = try Bench(sql)
    let step = try bench.graph.add(.transform(TransformSpec(id, parameters)), after: bench.source)
    bench.graph = try Fitter(bench.database).fitted(
      bench.graph, upTo: step, relations: [bench.source: bench.relation])
    return try bench.rows(step)
  }

  private func message(_ id: String, _ parameters: Parameters, _ sql: String = hiringSQL) -> String {
    do {
      let table = try rows(sql, id, parameters)
      return "\(table.rowCount) rows"
    } catch {
      return "\(error)"
    }
  }

  /// Rows by group and outcome, as `F true: 6`.
  private func cells(_ table: DataTable) throws -> [String: Int] {
    let (sex, hired) = (try #require(table["sex"]), try #require(table["hired"]))
    return (0..<table.rowCount).reduce(into: [:]) { counts, row in
      counts["\(sex.text(row) ?? "-") \(hired.text(row) ?? "-")", default: 0] += 1
    }
  }

  @Test func weightedSharesOfTheOutcomeAreTheSameInBothGroups() throws {
    let table = try rows(hiringSQL, "reweigh", ["facets": ["sex"], "label": "hired"])
    let (sex, hired) = (try #require(table["sex"]), try #require(table["hired"]))
    let weights = try #require(table["weight"]?.numbers)
    #expect(abs(weights.reduce(0, +) - 60) < 1e-9)
    func share(_ group: String) -> Double {
      let rows = (0..<table.rowCount).filter { sex.text($0) == group }
      let all = rows.reduce(0) { $0 + weights[$1] }
      return rows.filter { hired.text($0) == "true" }.reduce(0) { $0 + weights[$1] } / all
    }
    #expect(abs(share("F") - share("M")) < 1e-12)
  }

  @Test func resamplingBringsEveryCellToItsSizeAndKeepsTheOrder() throws {
    let before = try cells(Database().query(hiringSQL))
    #expect(before == ["F true": 7, "F false": 13, "M true": 30, "M false": 10])
    let table = try rows(hiringSQL, "resample-groups", ["facets": ["sex"], "label": "hired"])
    #expect(try cells(table) == ["F true": 12, "F false": 8, "M true": 25, "M false": 15])
    let ids = try #require(table["id"]?.numbers)
    #expect(ids == ids.sorted())
    let equal = try rows(hiringSQL, "resample-groups", ["facets": ["sex"], "label": "hired", "sizes": "equal"])
    #expect(try cells(equal) == ["F true": 15, "F false": 15, "M true": 15, "M false": 15])
  }

  @Test func theSeedChoosesTheRows() throws {
    func ids(_ seed: Parameter) throws -> [Double] {
      let parameters: Parameters = ["facets": ["sex"], "label": "hired", "seed": seed]
      return try #require(rows(hiringSQL, "resample-groups", parameters)["id"]?.numbers)
    }
    #expect(try ids(1) == ids(1))
    #expect(try ids(1) != ids(2))
  }

  @Test func copiesAreSpreadOverTheRowsOfTheirCell() throws {
    let parameters: Parameters = ["facets": ["sex"], "label": "hired", "sizes": "equal"]
    let table = try rows(hiringSQL, "resample-groups", parameters)
    let ids = try #require(table["id"]?.numbers)
    let counts = Dictionary(grouping: ids, by: { $0 }).mapValues(\.count)
    // Fifteen rows of seven: two of each, and three of one.
    #expect(stride(from: 0.0, to: 60, by: 9).compactMap { counts[$0] }.sorted() == [2, 2, 2, 2, 2, 2, 3])
  }

  @Test(arguments: ["reweigh", "resample-groups"]) func faultsSayWhatToDo(id: String) {
    func said(_ parameters: Parameters) -> String { message(id, parameters) }
    #expect(said(["facets": ["sexx"], "label": "hired"]).contains("did you mean sex?"))
    #expect(said(["facets": [], "label": "hired"]).contains("choose a column"))
    #expect(said(["facets": ["sex"], "label": "sex"]).contains("both facet and label"))
    #expect(said(["facets": ["sex", "id"], "label": "hired", "values": ["F"]]).contains("choose one facet"))
    #expect(
      said(["facets": ["id"], "label": "hired", "values": ["1"], "thresholds": [3]]).contains("not both"))
    #expect(said(["facets": ["id"], "label": "hired", "thresholds": [3, 1]]).contains("must ascend"))
    #expect(said(["facets": ["id"], "label": "hired", "thresholds": ["old"]]).contains("must be a number"))
    #expect(said(["facets": ["sex"], "label": "id", "above": 3, "positives": ["1"]]).contains("not both"))
    #expect(
      message(id, ["facets": ["id"], "label": "hired"], "SELECT i AS id, true AS hired FROM range(3000) t(i)")
        .contains("more than 2000 cells"))
  }

  @Test func preferentialResamplingAsksForPositivesAndAScore() {
    let parameters: Parameters = ["facets": ["sex"], "label": "hired", "method": "preferential", "score": "score"]
    #expect(message("resample-groups", parameters).contains("which outcomes are positive"))
    var other = parameters
    other["positives"] = ["true"]
    other["score"] = "sex"
    #expect(message("resample-groups", other).contains("not numbers"))
  }

  @Test func theWeightNeedsANameOfItsOwn() {
    #expect(
      message("reweigh", ["facets": ["sex"], "label": "hired", "name": "id"]).contains("there is a column \"id\""))
  }
}
