// Charts that another column divides, for the tests.

import Foundation
import Plot

enum DividedCharts {
  private static let values = ["HS-grad", "Some-college", "Bachelors", "Masters", "11th"]

  static func bars(parts: Int, measure: String? = nil) -> GroupedBars {
    let items = values.enumerated().map { index, name -> GroupedBars.Item in
      let own = (0..<parts).map { part -> GroupedBars.Part in
        let count = 900 - 150 * index - 90 * part + (part % 2) * 40
        return .init(count: max(0, count), value: measure == nil ? nil : 40 - Double(index * 3 + part) * 1.7)
      }
      let count = own.reduce(0) { $0 + $1.count }
      return .init(
        .init(name), whole: .init(count: count, value: measure == nil ? nil : 40 - Double(index)), parts: own)
    }
    return GroupedBars(
      column: "education", by: parts > 0 ? "race" : nil, measure: measure,
      series: (0..<parts).map { .init(["White", "Black", "Asian", "Other", "Islander", "Eskimo"][$0 % 6]) },
      items: items, missing: 40, total: 40 + items.reduce(0) { $0 + $1.whole.count })
  }

  static let figure = Bars(
    column: "education",
    items: [
      .init(label: "Doctorate", count: 413, value: 46.9), .init(label: "Masters", count: 1723, value: 43.8),
      .init(label: "", count: 12, value: 3.25), .init(label: "11th", count: 1175, value: -12.5),
    ], others: .init(count: 900, distinct: 12), missing: 3, total: 4226, measure: "mean of balance")

  static func histogram(series: Int, shift: Double = 0) -> GroupedHistogram {
    let edges = (0...30).map { 17 + Double($0) * 2.5 }
    let made = (0..<series).map { index -> GroupedHistogram.Series in
      let counts = (0..<30).map { bin -> Int in
        let distance = (Double(bin) - 8 - 4 * Double(index) - shift) / 5
        return Int(400 * exp(-distance * distance) / Double(index + 1))
      }
      return .init(.init(["Male", "Female", "Other", "Unsaid", "A", "B"][index % 6]), counts: counts)
    }
    let shown = made.reduce(0) { $0 + $1.counts.reduce(0, +) }
    return GroupedHistogram(
      column: "age", by: series > 1 ? "sex" : nil, edges: edges, series: made, missing: 5, total: shown + 5)
  }

  private static func facets(
    _ name: String, _ charts: [any ChartContent], x: ClosedRange<Double>?, y: ClosedRange<Double>? = nil
  ) -> Facets {
    let names = ["Male", "Female", "it's \"x\" 日本", "D", "E", "F", "G", "H", "I", "J", "K", "L"]
    return Facets(
      name: name, column: "sex", facets: charts.enumerated().map { .init(.init(names[$0 % 12]), .content($1)) },
      otherValues: 3, total: 32_561, x: x, y: y, xName: name)
  }

  static func histograms(_ count: Int) -> Facets {
    facets("age", (0..<count).map { histogram(series: 1, shift: Double($0)) }, x: 17...92, y: 0...420)
  }

  static let boxes = facets(
    "age", (0..<3).map { _ in DistributionCharts.box(groups: 4) }, x: 17...90)

  static let densities = facets(
    "age by hours", [60, 600, 6].map { DistributionCharts.cloud(columns: 40, rows: 24, most: $0) }, x: 0...100,
    y: 17...90)

  static let lines = facets(
    "sales over month", (0..<4).map { _ in DistributionCharts.monthly }, x: 1_672_531_200...1_733_015_358, y: 600...1200
  )

  static let scatters = Facets(
    name: "y by x", column: "kind",
    facets: (0..<2).map { index in
      .init(
        ChartCategory("kind \(index)"),
        .scatter(
          Scatter(
            x: "x", y: "y", colorBy: "c",
            points: (0..<80).map {
              .init(x: Double($0), y: Double($0 * $0 % (40 + 20 * index)), category: $0 % 3 == 0 ? nil : $0 % 2)
            },
            categories: ["one", "two"], total: 80, trends: [.init(category: 0, x: [0, 80], y: [10, 40])])))
    }, total: 160, x: 0...80, y: 0...60, xName: "x")

  static let barFacets = facets("education", [bars(parts: 0), bars(parts: 3)], x: 0...4000)

  static let all: [(name: String, chart: Chart)] = [
    ("bars-stacked", .content(bars(parts: 3))), ("bars-parts", .content(bars(parts: 6))),
    ("bars-means", .content(bars(parts: 2, measure: "mean of hours"))), ("bars-figure", .bars(figure)),
    ("outlines", .content(histogram(series: 2))), ("outlines-many", .content(histogram(series: 6))),
    ("facets-histogram", .content(histograms(5))), ("facets-many", .content(histograms(12))),
    ("facets-box", .content(boxes)), ("facets-density", .content(densities)), ("facets-line", .content(lines)),
    ("facets-scatter", .content(scatters)), ("facets-bars", .content(barFacets)),
  ]

  /// What nobody wants to draw.
  static let odd: [(name: String, chart: Chart)] = {
    let nan = Double.nan
    return [
      ("no bars", .content(GroupedBars(column: "a", items: [], missing: 4, total: 4))),
      (
        "odd figures",
        .bars(
          Bars(
            column: "a",
            items: [
              .init(label: "x", count: 1, value: nan), .init(label: "y", count: 2),
              .init(label: "z\n\"", count: 1, value: -1e308),
              .init(label: "w", count: 1, value: 1e308),
            ], missing: 0, total: 5, measure: "sum of b"))
      ),
      (
        "ragged parts",
        .content(
          GroupedBars(
            column: "a", by: "b", series: [.init("s"), .missing],
            items: [.init(.init("x"), whole: .init(count: -3), parts: [.init(count: Int.max / 2)])], missing: 0,
            total: 1))
      ),
      ("no outlines", .content(GroupedHistogram(column: "a", by: "b", edges: [], series: [], missing: 0, total: 0))),
      (
        "ragged outlines",
        .content(
          GroupedHistogram(
            column: "a", by: "b", edges: [1, 2, 3],
            series: [.init(.missing, counts: [4]), .init(.init(""), counts: [])],
            missing: 0, total: 4))
      ),
      (
        "flat outline",
        .content(
          GroupedHistogram(column: "a", edges: [1, 1], series: [.init(.init("x"), counts: [4])], missing: 0, total: 4))
      ),
      ("no facets", .content(Facets(name: "a", column: "b", facets: [], total: 0))),
      (
        "facets of nothing",
        .content(
          Facets(
            name: "a", column: "b",
            facets: [
              .init(.missing, .content(BoxPlot(column: "a", groups: [], missing: 0, total: 0))),
              .init(.init(""), .bars(Bars(column: "a", items: [.init(label: "x", count: 3)], missing: 0, total: 3))),
              .init(.init("h"), .heatmap(Heatmap(title: "r", rows: ["a"], columns: ["b"], values: [[1]]))),
            ], otherValues: 1, total: 3, x: 0...0, y: 1...1))
      ),
    ]
  }()
}
