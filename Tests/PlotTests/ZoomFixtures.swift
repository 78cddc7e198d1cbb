// Charts that are looked at in part, on logarithmic axes, or with curves through their points.

import Foundation
import Plot

enum ZoomFixtures {
  /// Incomes in bins of equal ratio, twelve to a factor of a thousand.
  static let incomes = Histogram(
    column: "income",
    bins: (0..<24).map { i in
      Histogram.Bin(
        lower: 100 * pow(10, Double(i) / 6), upper: 100 * pow(10, Double(i + 1) / 6),
        count: Int(4000 * exp(-pow(Double(i) - 13, 2) / 18)))
    }, missing: 120, total: 27_000, form: .logarithmic)

  static let power: Scatter = {
    var noise = Fixtures.Noise(seed: 5)
    let points = (0..<160).map { _ -> Scatter.Point in
      let x = pow(10, 4 * noise.uniform())
      return .init(x: x, y: 3 * pow(x, 1.5) * exp(0.5 * noise.normal()))
    }
    return Scatter(
      x: "mass", y: "energy", points: points, missing: 2, total: 162, xForm: .logarithmic, yForm: .logarithmic)
  }()

  private static func line(
    _ category: Int?, _ x: ClosedRange<Double>, _ slope: Double, _ start: Double, band: Double
  ) -> Scatter.Trend {
    let places = (0...20).map { x.lowerBound + (x.upperBound - x.lowerBound) * Double($0) / 20 }
    let middle = (x.lowerBound + x.upperBound) / 2
    let values = places.map { start + slope * ($0 - x.lowerBound) }
    let widths = places.map { band * (1 + 2 * abs($0 - middle) / (x.upperBound - x.lowerBound)) }
    return Scatter.Trend(
      category: category, x: places, y: values, low: zip(values, widths).map { $0 - $1 },
      high: zip(values, widths).map { $0 + $1 })
  }

  static let trends: Scatter = {
    var chart = Fixtures.flowers
    chart.trends = [
      line(0, 4.2...5.9, 0.05, 0.2, band: 0.05), line(1, 4.9...7, 0.2, 1.1, band: 0.08),
      line(2, 5.6...7.8, 0.1, 1.9, band: 0.1),
    ]
    return chart
  }()

  static let cloudTrend: Scatter = {
    var chart = Fixtures.cloud
    chart.trends = [line(nil, 12...68, 0.06, -1.7, band: 0.4)]
    return chart
  }()

  /// Name, chart and the part that is shown.
  static let all: [(name: String, chart: Chart, view: ChartView)] = [
    ("zoom-histogram", .histogram(Fixtures.age()), ChartView(x: 30...47)),
    ("zoom-dates", .histogram(Fixtures.dates), ChartView(x: 1_440_000_000...1_470_000_000)),
    ("log-histogram", .histogram(incomes), .whole), ("log-scatter", .scatter(power), .whole),
    ("zoom-log-scatter", .scatter(power), ChartView(x: 50...800, y: 1000...100_000)),
    ("zoom-scatter", .scatter(Fixtures.flowers), ChartView(x: 5...6.5, y: 0.8...2)),
    ("zoom-crowd", .scatter(Fixtures.crowd), ChartView(x: 38...40, y: 39...41)),
    ("trends", .scatter(trends), .whole), ("trend", .scatter(cloudTrend), .whole),
    ("scrolled-bars", .bars(Fixtures.education), ChartView(y: 6...15)),
    ("zoom-correlation", .heatmap(Fixtures.correlation), ChartView(x: 0...3, y: 2...6)),
  ]
}
