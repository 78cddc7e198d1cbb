import Foundation
import Frame
import Testing

@testable import Fairness

/// More reports of smclarify 0.5, as `Library/make_goldens.py` writes them: missing values, guessed kinds, random tables.
@Suite struct LibraryTests {
  struct Case: Decodable {
    var facet: String
    var facet_values: [Golden.Word]?
    var label: String
    var positive_label_values: [Golden.Word]
    var predicted: String?
    var group: String?
    var categories: [String]
    var features: [String]?
    var types: [String: String]
    var pre: [Golden.Entry]?
    var post: [Golden.Entry]?
    var pre_error: String?
    var post_error: String?

    func sheet(_ name: String) throws -> Sheet {
      let url = LibraryTests.folder.appendingPathComponent("\(name).csv")
      let text = try String(contentsOf: url, encoding: .utf8)
      let header = try #require(text.split(separator: "\n").first).split(separator: ",").map(String.init)
      let columns = header.map { "\(SQL.text($0)): \(SQL.text(types[$0] ?? ""))" }.joined(separator: ", ")
      return try Sheet(
        "SELECT * FROM read_csv(\(SQL.text(url.path)), header = true, nullstr = '', columns = {\(columns)})")
    }

    var spec: BiasSpec {
      BiasSpec(
        label: .init(column: label, positive: .values(positive_label_values.map(\.text))),
        facets: [.init(column: facet, groups: facet_values.map { .values($0.map(\.text)) } ?? .eachValue)],
        prediction: predicted.map { .label(column: $0) }, group: group, features: features, missing: .asLibrary,
        mode: .smclarify, libraryCategories: categories, draws: 0)
    }
  }

  static let folder = Bundle.module.resourceURL!.appendingPathComponent("Library")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func thereAreCases() { #expect(Self.names.count >= 35) }

  @Test(arguments: names) func theLibraryIsReproduced(_ name: String) throws {
    let url = Self.folder.appendingPathComponent("\(name).json")
    let golden = try JSONDecoder().decode(Case.self, from: Data(contentsOf: url))
    let report = try golden.sheet(name).report(golden.spec)
    if let error = golden.pre_error {
      #expect(!report.facets.isEmpty)
      #expect(report.facets.flatMap(\.metrics).allSatisfy { $0.value == nil && $0.error == error })
      return
    }
    let entries = try #require(golden.pre)
    #expect(report.facets.map(\.value) == entries.map(\.value_or_threshold))
    for (place, facet) in report.facets.enumerated() {
      let posts = golden.post.map { $0[place].metrics } ?? []
      for metric in entries[place].metrics + posts {
        let found = try #require(facet.metrics.first { $0.name == metric.name })
        if let value = metric.value?.value {
          #expect(isClose(found.value, value), "\(facet.value) \(metric.name): \(found.value as Any), not \(value)")
        } else {
          #expect(found.value == nil, "\(facet.value) \(metric.name)")
          #expect(found.error == metric.error, "\(facet.value) \(metric.name)")
        }
      }
      if let error = golden.post_error {
        for metric in facet.metrics where metric.metric.stage == .postTraining {
          #expect(metric.value == nil && metric.error == error, "\(metric.name)")
        }
      }
    }
  }

  @Test(arguments: names) func rowsThatStandForSeveralCountAsMany(_ name: String) throws {
    let url = Self.folder.appendingPathComponent("\(name).json")
    let golden = try JSONDecoder().decode(Case.self, from: Data(contentsOf: url))
    let sheet = try golden.sheet(name)
    let columns = sheet.schema.map { SQL.identifier($0.name) }.joined(separator: ", ")
    let counted = """
      SELECT \(columns), count(*) AS many FROM (SELECT *, row_number() OVER () AS place FROM (\(sheet.sql)))
      GROUP BY \(columns) ORDER BY min(place)
      """
    for (mode, missing) in [
      (BiasSpec.Mode.smclarify, BiasSpec.MissingPolicy.asLibrary), (.correct, .drop), (.correct, .ownValue),
    ] {
      var spec = golden.spec
      (spec.features, spec.mode, spec.missing, spec.draws) = (nil, mode, missing, 50)
      // A label without a positive row is refused, and then of both.
      let whole = Result { try sheet.report(spec) }
      let weighed = Result {
        try biasReport(spec, relation: counted, schema: sheet.schema, weight: "many", in: sheet.database)
      }
      switch (whole, weighed) {
      case (.success(let whole), .success(let weighed)): #expect(weighed == whole && whole.rowsUsed > 0)
      case (.failure(let whole), .failure(let weighed)): #expect("\(weighed)" == "\(whole)")
      default: Issue.record("\(mode), \(missing): \(weighed), not \(whole)")
      }
      guard mode == .correct, missing == .drop, case .success = whole else { continue }
      let simpson = try simpsonReport(spec, relation: sheet.sql, schema: sheet.schema, in: sheet.database)
      #expect(
        try simpsonReport(spec, relation: counted, schema: sheet.schema, weight: "many", in: sheet.database) == simpson)
    }
  }
}
