import Foundation
import Frame
import Testing

@testable import Fairness

/// smclarify 0.5 with pandas 2.0.3 and numpy 1.24.4, to 1e-9.
@Suite struct GoldenTests {
  /// The numeric columns that the goldens' flip test saw; the group variable was no column there.
  private static func features(_ name: String) -> [String]? {
    switch name {
    case "G1", "G1b": ["x1", "x2"]
    case "G6", "G8": ["x"]
    default: nil
    }
  }

  @Test(arguments: Golden.names) func theLibraryIsReproduced(_ name: String) throws {
    let golden = try Golden.read(name)
    let report = try Sheet.golden(name).report(golden.spec(mode: .smclarify, features: Self.features(name)))
    #expect(report.facets.map(\.value) == golden.pre.map(\.value_or_threshold))
    var compared = 0
    for (place, facet) in report.facets.enumerated() {
      let expected = golden.pre[place].metrics + (golden.post?[place].metrics ?? [])
      for metric in expected {
        let found = try #require(facet.metrics.first { $0.name == metric.name }, "\(name): \(metric.name) is lacking")
        #expect(found.metric.clarifyDescription == metric.description)
        if let value = metric.value?.value {
          #expect(
            isClose(found.value, value), "\(name) \(facet.value) \(metric.name): \(found.value as Any), not \(value)")
        } else {
          #expect(found.value == nil)
          #expect(found.error == metric.error, "\(name) \(metric.name)")
        }
        compared += 1
      }
      #expect(facet.metrics.count == expected.count)
    }
    #expect(compared >= 8)
  }

  @Test(arguments: ["G1", "G1b", "G6", "G8"]) func soIsItsModelPerformance(_ name: String) throws {
    let golden = try #require(try Golden.read(name).performance)
    let report = try Sheet.golden(name).report(
      try Golden.read(name).spec(mode: .smclarify, features: Self.features(name)))
    let performance = try #require(report.performance)
    #expect(performance.figures.map(\.name) == golden.model_performance_metrics.map(\.name))
    for (figure, expected) in zip(performance.figures, golden.model_performance_metrics) {
      #expect(isClose(figure.value, expected.value.value), "\(figure.name)")
      #expect(figure.description == expected.description)
    }
    for (share, expected) in zip(performance.confusionShares, golden.binary_confusion_matrix) {
      #expect(isClose(share, expected))
    }
    for item in performance.classes {
      #expect(golden.confusion_matrix?[item.label]?[item.predicted] == Double(item.rows))
    }
  }

  /// Where the library is right, the default says the same; FT has the documented sign.
  @Test(arguments: Golden.names) func theDefaultAgreesWhereTheLibraryIsRight(_ name: String) throws {
    let golden = try Golden.read(name)
    var asked = golden.spec(mode: .correct, features: Self.features(name))
    if name == "G4" {
      asked.label.positive = .above(3)
      asked.facets[0].groups = .above([40])
    }
    let report = try Sheet.golden(name).report(asked)
    #expect(report.facets.map(\.value) == golden.pre.map(\.value_or_threshold))
    for (place, facet) in report.facets.enumerated() {
      for metric in golden.pre[place].metrics + (golden.post?[place].metrics ?? []) {
        guard let value = metric.value?.value else { continue }
        let found = try #require(facet.metrics.first { $0.name == metric.name })
        if name == "G5", found.metric.isDistribution { continue }
        // No row of group a is predicted positive in G6, so there is no precision.
        if name == "G6", found.metric == .dar {
          #expect(found.value == nil && found.error == "no row of f = a is predicted positive")
          continue
        }
        // And no false acceptance in either group.
        if name == "G6", found.metric == .te {
          #expect(found.value == nil && found.error == "no row of either group is a false acceptance")
          continue
        }
        let expected = found.metric == .ft ? -value : value
        #expect(isClose(found.value, expected), "\(name) \(facet.value) \(metric.name): \(found.value as Any)")
      }
    }
  }
}
