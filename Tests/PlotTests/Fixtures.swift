// Charts for the tests: counts of a census, made-up flowers and clouds from a seeded generator.

import Foundation
import Plot

enum Fixtures {
  /// Normal deviates, the same on every machine.
  struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func uniform() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) / Double(1 << 53)
    }

    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
  }

  static let ageCounts = [
    1151, 1728, 1808, 2035, 1881, 2026, 2018, 2049, 2097, 2133, 2020, 1911, 1927, 1740, 1737, 1544, 1378, 1310, 1058,
    940, 897, 778, 674, 552, 417, 332, 232, 187, 152, 113, 73, 56, 43, 20, 5, 6, 45,
  ]

  static func age(bins: Int = 37, density: Bool = true) -> Histogram {
    let group = (ageCounts.count + bins - 1) / bins
    let merged = stride(from: 0, to: ageCounts.count, by: group).map { i in
      Histogram.Bin(
        lower: Double(17 + 2 * i), upper: Double(17 + 2 * min(i + group, ageCounts.count)),
        count: ageCounts[i..<min(i + group, ageCounts.count)].reduce(0, +))
    }
    let counts = merged.map { Double($0.count) }
    let smooth = counts.indices.map { i in
      (-2...2).map { counts[min(max(i + $0, 0), counts.count - 1)] }.reduce(0, +) / 5
    }
    return Histogram(
      column: "age", bins: merged, missing: 0, total: 39_073, density: density ? smooth : nil,
      summary: [
        "median": 37, "mean": 38.58, "sd": 13.64, "skew": 0.558, "q25": 28, "q75": 48, "min": 17, "max": 90,
        "outliers": 216,
      ], kind: .integer)
  }

  static let marital = Bars(
    column: "marital",
    items: [
      .init(label: "Married", count: 14_976), .init(label: "Never-married", count: 10_683),
      .init(label: "Divorced", count: 4443), .init(label: "Separated", count: 1025),
      .init(label: "Widowed", count: 993),
    ], others: .init(count: 441, distinct: 4), missing: 0, total: 32_561)

  static let education = Bars(
    column: "education",
    items: [
      ("HS-grad", 10_501), ("Some-college", 7291), ("Bachelors", 5355), ("Masters", 1723), ("Assoc-voc", 1382),
      ("11th", 1175), ("Assoc-acdm", 1067), ("10th", 933), ("7th-8th", 646), ("Prof-school", 576), ("9th", 514),
      ("12th", 433), ("Doctorate", 413), ("5th-6th", 333), ("1st-4th", 168), ("Preschool", 51),
    ].map { Bars.Item(label: $0.0, count: $0.1) }, missing: 3, total: 32_564)

  static let flowers: Scatter = {
    var noise = Noise(seed: 7)
    var points: [Scatter.Point] = []
    for (category, center) in [(5.0, 0.25), (5.9, 1.33), (6.6, 2.03)].enumerated() {
      for _ in 0..<50 {
        let x = center.0 + 0.45 * noise.normal()
        let y = center.1 + (0.1 + 0.1 * Double(category)) * noise.normal()
        points.append(
          .init(x: (x * 10).rounded() / 10, y: max(0.1, (y * 10).rounded() / 10), category: category))
      }
    }
    return Scatter(
      x: "sepal_length", y: "petal_width", colorBy: "species", points: points,
      categories: ["setosa", "versicolor", "virginica"], total: 150)
  }()

  static let cloud: Scatter = {
    var noise = Noise(seed: 3)
    let points = (0..<400).map { _ -> Scatter.Point in
      let x = noise.normal()
      return .init(x: x * 10 + 40, y: 0.6 * x + 0.8 * noise.normal())
    }
    return Scatter(x: "age", y: "score", points: points, missing: 12, total: 9000, sampled: 412)
  }()

  static let crowd: Scatter = {
    var noise = Noise(seed: 5)
    let points = (0..<5000).map { _ -> Scatter.Point in
      let x = noise.normal()
      return .init(x: x * 13 + 40, y: 40 + 9 * noise.normal() + 2 * x)
    }
    return Scatter(x: "age", y: "hours", points: points, total: 32_561, sampled: 5000)
  }()

  static let correlation = Heatmap(
    title: "Pearson correlation", rows: ["age", "edu#", "gain", "loss", "hours", "y"],
    columns: ["age", "edu#", "gain", "loss", "hours", "y"],
    values: {
      let lower: [[Double]] = [
        [1], [0.04, 1], [0.08, 0.12, 1], [0.06, 0.08, -0.03, 1], [0.07, 0.15, 0.08, 0.05, 1],
        [0.23, 0.34, 0.22, 0.15, 0.23, 1],
      ]
      return (0..<6).map { i in (0..<6).map { j in j <= i ? lower[i][j] : lower[j][i] } }
    }(), missing: 120, total: 32_561)

  static let counts = Heatmap(
    title: "education by income", rows: ["HS-grad", "Bachelors", "Masters"], columns: ["<=50K", ">50K"],
    values: [[8826, 1675], [3134, 2221], [764, 959]], range: 0...8826, kind: .counts, total: 17_579)

  static let importance = ImportanceBars(
    title: "Feature importance",
    items: [
      ("marital_status", 0.312, 0.842), ("capital_gain", 0.201, 0.611), ("education_num", 0.154, 0.498),
      ("age", 0.121, 0.455), ("hours_per_week", 0.071, 0.271), ("occupation", 0.058, 0.249),
      ("capital_loss", 0.037, 0.094), ("sex", 0.016, 0.061), ("workclass", 0.012, 0.049),
      ("native_country", 0.008, 0.021), ("race", 0.006, 0.012), ("fnlwgt", 0.004, 0.009),
    ].map { ImportanceBars.Item(feature: $0.0, gain: $0.1, shap: $0.2) }, total: 1500)

  static let dates = Histogram(
    column: "review_date",
    bins: (0..<36).map { i in
      let start = 1_420_070_400.0 + Double(i) * 30.4375 * 86_400
      return Histogram.Bin(
        lower: start, upper: start + 30.4375 * 86_400, count: 40 + Int(35 * sin(Double(i) / 4)) + i)
    }, missing: 17, total: 4000, sampled: 2500, kind: .time)

  static let mixed: Scatter = {
    var noise = Noise(seed: 9)
    let points = (0..<4000).map { _ -> Scatter.Point in
      let age = (40 + 12 * noise.normal()).rounded()
      let hours = (40 + 10 * noise.normal()).rounded()
      return .init(x: age, y: hours, category: age + hours + 20 * noise.normal() > 100 ? 1 : 0)
    }
    return Scatter(
      x: "age", y: "hours_per_week", colorBy: "income", points: points, categories: ["<=50K", ">50K"], total: 4000)
  }()

  /// Name and chart, one golden each.
  static let all: [(name: String, chart: Chart)] = [
    ("histogram", .histogram(age())), ("dates", .histogram(dates)), ("bars", .bars(marital)),
    ("frequency", .bars(education)), ("scatter", .scatter(flowers)), ("cloud", .scatter(cloud)),
    ("density", .scatter(crowd)), ("majority", .scatter(mixed)), ("correlation", .heatmap(correlation)),
    ("counts", .heatmap(counts)),
    ("importance", .importance(importance)),
  ]
}
