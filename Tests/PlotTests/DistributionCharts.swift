// Charts of distributions for the tests, made up of formulas.

import Foundation
import Plot

enum DistributionCharts {
  static let education: [(String, Double)] = [
    ("Bachelors", 38), ("HS-grad", 37), ("Masters", 43), ("Some-college", 34), ("11th", 28), ("Doctorate", 46),
  ]

  static func box(groups: Int) -> BoxPlot {
    let made = (0..<groups).map { index -> BoxPlot.Group in
      let (name, median) = education[index % education.count]
      let label = index < education.count ? name : "\(name) \(index / education.count + 1)"
      return BoxPlot.Group(
        label: label, count: 1000 + 37 * index, lowerWhisker: 17, q1: median - 9, median: median, q3: median + 11,
        upperWhisker: median + 38, outliers: [median + 40, median + 44], outlierCount: 5)
    }
    return BoxPlot(column: "age", by: "education", groups: made, missing: 12, total: 32_561)
  }

  static let single = BoxPlot(
    column: "fare",
    groups: [
      .init(
        label: nil, count: 891, lowerWhisker: 0, q1: 7.91, median: 14.45, q3: 31, upperWhisker: 65,
        outliers: [66.6, 80, 153.4, 263, 512.3], outlierCount: 116)
    ], missing: 0, total: 891)

  static func violin(groups: Int) -> ViolinPlot {
    let made = (0..<groups).map { index -> ViolinPlot.Group in
      let (name, median) = education[index % education.count]
      let density = (0...60).map { place -> Double in
        let value = 17 + Double(place) * 73 / 60
        let (near, far): (Double, Double) = ((value - median) / 12, (value - median - 25) / 6)
        return exp(-near * near) + 0.3 * exp(-far * far)
      }
      return ViolinPlot.Group(
        label: name, count: 1000, q1: median - 8, median: median, q3: median + 9, lower: 17, upper: 90,
        density: density)
    }
    return ViolinPlot(
      column: "age", by: groups == 1 ? nil : "education", groups: made, otherGroups: groups == 1 ? 0 : 10, missing: 12,
      total: 32_561)
  }

  private static func loss(_ epoch: Int) -> Double { 2 * exp(-Double(epoch) / 6) }

  static let learning = LineChart(
    heading: "Loss", x: "epoch", y: "loss", positions: (1...30).map { Double($0) },
    series: [
      .init(name: "train", values: (1...30).map { loss($0) + 0.1 }),
      .init(name: "validation", values: (1...30).map { loss($0) + 0.2 + pow(Double($0) / 40, 2) }),
    ], best: 14, total: nil, xKind: .integer)

  private static func sales(_ month: Int) -> Double? { month == 9 ? nil : 900 + 300 * sin(Double(month) / 3) }

  static let monthly = LineChart(
    x: "month", y: "sum of sales", positions: (0..<24).map { Double(1_672_531_200 + $0 * 2_629_746) },
    step: 2_629_746,
    series: [.init(name: "sales", values: (0..<24).map(sales))],
    missing: 40, total: 12_000, xKind: .time)

  static func cloud(columns: Int, rows: Int, most: Double) -> DensityHeatmap {
    let counts = (0..<rows).map { row -> [Int] in
      (0..<columns).map { column -> Int in
        let (x, y) = (Double(column) / Double(columns), Double(row) / Double(rows))
        let (across, down): (Double, Double) = ((x - 0.4) / 0.15, (y - 0.3 - 0.4 * x) / 0.12)
        return Int(most * exp(-across * across - down * down))
      }
    }
    let shown = counts.joined().reduce(0, +)
    return DensityHeatmap(
      x: "hours", y: "age", xRange: 0...100, yRange: 17...90, counts: counts, missing: 50, total: shown + 50)
  }

  static let all: [(name: String, chart: Chart)] = [
    ("box", .content(box(groups: 5))), ("boxes", .content(box(groups: 12))),
    ("box-single", .content(single)), ("violin", .content(violin(groups: 4))),
    ("violin-single", .content(violin(groups: 1))), ("line-loss", .content(learning)),
    ("line-dates", .content(monthly)), ("bins", .content(cloud(columns: 40, rows: 24, most: 60))),
    ("bins-many", .content(cloud(columns: 200, rows: 100, most: 50_000))),
  ]

  /// What nobody wants to draw.
  static let odd: [(name: String, chart: Chart)] = {
    let nan = Double.nan
    let empty = BoxPlot.Group(label: nil, count: 0, lowerWhisker: nan, q1: nan, median: nan, q3: nan, upperWhisker: nan)
    let constant = BoxPlot.Group(
      label: "日本 👩‍👩‍👧 \n\"x\"", count: 9, lowerWhisker: 5, q1: 5, median: 5, q3: 5, upperWhisker: 5)
    let huge = BoxPlot.Group(
      label: String(repeating: "long ", count: 40), count: Int.max / 2, lowerWhisker: -1e300, q1: -1, median: 0, q3: 1,
      upperWhisker: 1e300, outliers: [.infinity, nan, 1e308])
    let shape = ViolinPlot.Group(
      label: nil, count: 3, q1: 1, median: 1, q3: 1, lower: 1, upper: 1, density: [nan, .infinity, -1])
    return [
      ("no boxes", .content(BoxPlot(column: "a", groups: [], missing: 0, total: 0))),
      ("no values", .content(BoxPlot(column: "a", by: "b", groups: [empty], missing: 4, total: 4))),
      ("constant", .content(BoxPlot(column: "a", groups: [constant], missing: 0, total: 9))),
      ("some", .content(BoxPlot(column: "a", by: "b", groups: [empty, constant, huge], missing: 0, total: 9))),
      ("no violins", .content(ViolinPlot(column: "a", groups: [], missing: 0, total: 0))),
      ("flat violin", .content(ViolinPlot(column: "a", by: "b", groups: [shape, shape], missing: 0, total: 3))),
      ("no lines", .content(LineChart(x: "a", y: "b", positions: [], series: [], total: 0))),
      (
        "ragged lines",
        .content(
          LineChart(
            x: "a", y: "b", positions: [1, 2, nan, .infinity],
            series: [.init(name: "one", values: [1]), .init(name: "none", values: [nil, nan, 1, 1, 1, 1])], best: nan,
            total: 5))
      ),
      (
        "no bins",
        .content(DensityHeatmap(x: "a", y: "b", xRange: 0...1, yRange: 0...1, counts: [], missing: 0, total: 0))
      ),
      (
        "point bins",
        .content(DensityHeatmap(x: "a", y: "b", xRange: 1...1, yRange: 0...1, counts: [[1]], missing: 0, total: 1))
      ),
      (
        "ragged bins",
        .content(
          DensityHeatmap(
            x: "a", y: "b", xRange: -1e300...1e300, yRange: 0...1e-300, counts: [[], [1, Int.max, Int.max], [-4]],
            missing: 0, total: 9))
      ),
    ]
  }()
}
