// Charts of models for the tests: a classifier of incomes, made up.

import Foundation
import Plot

enum ModelFixtures {
  private static func curve(_ model: String, _ strength: Double, area: Double, operating: Int?) -> OperatingCurves.Curve
  {
    let points = (0...40).map { i -> OperatingCurves.Point in
      let rate = pow(Double(i) / 40, 1.6)
      return .init(
        threshold: i == 0 ? nil : 1 - Double(i) / 40, truePositives: Int(1568 * pow(rate, 1 / strength)),
        falsePositives: Int(4945 * rate))
    }
    return .init(model: model, area: area, points: points, operating: operating)
  }

  static let curves = [
    curve("GBT", 6, area: 0.927, operating: 12), curve("Logit", 4, area: 0.905, operating: nil),
    curve("Tree", 2.4, area: 0.841, operating: nil),
  ]
  static let roc = OperatingCurves(curves: curves, positives: 1568, negatives: 4945, missing: 3)
  static let precisionRecall = OperatingCurves(
    plane: .precisionRecall, curves: Array(curves.prefix(2)), positives: 1568, negatives: 4945)

  static let confusion = ConfusionMatrix(classes: ["<=50K", ">50K"], counts: [[4653, 292], [561, 1007]], missing: 2)
  static let species = ConfusionMatrix(
    classes: ["setosa", "versicolor", "virginica"], counts: [[17, 0, 0], [0, 15, 2], [0, 3, 13]])
  static let digits: ConfusionMatrix = {
    let counts = (0..<10).map { i in
      (0..<10).map { j -> Int in
        if i == j { return 90 + i }
        return (i * 7 + j * 3) % 11 == 0 ? 4 : 0
      }
    }
    return ConfusionMatrix(classes: (0..<10).map { "\($0)" }, counts: counts)
  }()

  static let calibration: Calibration = {
    let counts = [2400, 900, 500, 380, 300, 290, 310, 350, 420, 663]
    let bins = counts.enumerated().map { i, count -> Calibration.Bin in
      let (lower, upper) = (Double(i) / 10, Double(i + 1) / 10)
      let middle = (Double(i) + 0.5) / 10
      let observed = min(1, middle + 0.06 * sin(middle * 6))
      return .init(lower: lower, upper: upper, predicted: middle, observed: observed, count: count)
    }
    return Calibration(bins: bins, ece: 0.018, brier: 0.087, missing: 2)
  }()

  static let learning: LearningCurve = {
    let training = (0..<60).map { i -> Double? in 0.68 * exp(-Double(i) / 14) + 0.21 }
    let validation = (0..<60).map { i -> Double? in
      let fall = 0.66 * exp(-Double(i) / 11)
      return fall + 0.28 + Double(i) * 0.0012
    }
    return LearningCurve(metric: "log loss", unit: "round", training: training, validation: validation, best: 38)
  }()

  static let shapBars = ShapBars(
    items: [
      .init(feature: "marital_status", size: 0.842, correlation: 0.7),
      .init(feature: "capital_gain", size: 0.611, correlation: 0.9),
      .init(feature: "education_num", size: 0.498, correlation: 0.95),
      .init(feature: "age", size: 0.455, correlation: 0.6),
      .init(feature: "fnlwgt", size: 0.094, correlation: -0.3), .init(feature: "occupation", size: 0.049),
    ], total: 6513, sampled: 1500)

  static let swarm: ShapSwarm = {
    var noise = Fixtures.Noise(seed: 11)
    let features = [
      ("marital_status", 1.0), ("age", 0.7), ("education_num", 0.5), ("capital_gain", 0.4), ("hours", 0.3),
    ]
    .enumerated().map { k, feature in
      let dots = (0..<160).map { i -> ShapSwarm.Dot in
        let rank = noise.uniform()
        let shap = feature.1 * (2.4 * (rank - 0.45) + 0.4 * noise.normal())
        return .init(row: i, shap: shap, rank: k == 2 && i % 9 == 0 ? nil : rank)
      }
      return ShapSwarm.Feature(name: feature.0, dots: dots.sorted { $0.shap < $1.shap })
    }
    return ShapSwarm(features: features, total: 6513, sampled: 160)
  }()

  static let waterfall = ShapWaterfall(
    base: -1.62,
    items: [
      .init(feature: "gain", value: "5178", shap: 1.94), .init(feature: "marital", value: "Married", shap: 1.08),
      .init(feature: "edu#", value: "13", shap: 0.71), .init(feature: "age", value: "42", shap: 0.55),
      .init(feature: "occupation", value: "Exec", shap: 0.49), .init(feature: "hours", value: "40", shap: -0.58),
      .init(feature: "sex", value: "Female", shap: -0.21), .init(feature: "race", shap: 0.01),
    ], others: .init(count: 6, shap: -0.11))

  static let force = ShapForce(
    rows: [.init(name: "row 17", row: 16, base: waterfall.base, items: waterfall.items, others: waterfall.others)])

  private static func pushes(_ row: Int, _ noise: inout Fixtures.Noise) -> [Double] {
    [1.4, 0.9, 0.7, 0.6, 0.4, 0.2].map { size in
      size * (noise.normal() + Double(row - 6) / 8)
    }
  }

  static let text = ShapText(
    title: "Text 1 of 25", base: 0.31,
    parts: zip(
      "I love this dress , but it runs small and I had to return it . Still wonderful ! Great colour".split(
        separator: " "),
      [0, 0.21, 0.01, 0.04, 0, -0.03, 0, -0.02, -0.11, 0, 0, 0.005, 0, -0.19, 0, 0, 0.02, 0.16, 0.01, 0.08, 0.02]
    ).map { word, shap in
      .init(text: String(word), before: ",.!".contains(word) ? "" : word == "Great" ? "\n\n" : " ", shap: shap)
    })

  private static let pushed = ["gain", "marital", "edu#", "age", "occupation", "hours"]

  static let forces: ShapForce = {
    var noise = Fixtures.Noise(seed: 29)
    let rows = (0..<12).map { row -> ShapForce.Row in
      let items = zip(pushed, pushes(row, &noise)).map { ShapWaterfall.Item(feature: $0, value: "\(row)", shap: $1) }
      return .init(
        name: "row \(row * 37 + 1)", row: row * 37, base: -1.62, items: items, others: .init(count: 8, shap: 0.1))
    }
    return ShapForce(rows: rows.sorted { $0.output < $1.output }, total: 6513, sampled: 12)
  }()

  static let decision: ShapDecision = {
    var noise = Fixtures.Noise(seed: 29)
    let rows = (0..<12).map { row in
      ShapDecision.Row(
        name: "row \(row * 37 + 1)", row: row * 37, base: -1.62, shap: pushes(row, &noise), others: 0.1,
        cells: pushed.map { "\($0) \(row)" })
    }
    return ShapDecision(
      features: pushed, others: 8, rows: rows.sorted { $0.output < $1.output }, highlighted: 8, total: 6513, sampled: 12
    )
  }()

  static let shuffled = RankedIntervals(
    title: "Loss without a column",
    items: [
      .init(name: "marital_status", value: 0.081, low: 0.074, high: 0.088),
      .init(name: "capital_gain", value: 0.052, low: 0.049, high: 0.055),
      .init(name: "fnlwgt", value: 0.001, low: -0.002, high: 0.004),
      .init(name: "race", value: -0.004, low: -0.006, high: -0.002),
    ], measure: "rise of the mean loss", total: 6513, sampled: 500)

  static let dependence: Dependence = {
    var noise = Fixtures.Noise(seed: 17)
    func mean(_ x: Double) -> Double { 1.1 - 2.6 * exp(-(x - 17) / 9) - max(0, x - 55) * 0.02 }
    let points = (0..<260).map { _ -> Dependence.Point in
      let x = (min(max(38 + 13 * noise.normal(), 17), 90)).rounded()
      let rank = noise.uniform()
      return .init(x: x, y: mean(x) + 0.2 * noise.normal() + (rank - 0.5) * 0.5, rank: rank)
    }
    let curve = (17...90).map { Dependence.Point(x: Double($0), y: mean(Double($0))) }
    return Dependence(
      feature: "age", interaction: "hours", points: points, curve: curve, axisKind: .integer, total: 6513, sampled: 260)
  }()

  static let embedding: EmbeddingMap = {
    var noise = Fixtures.Noise(seed: 23)
    let centers = [(-2.0, 1.5), (2.4, 1.2), (-0.4, -1.6), (2.2, -1.5)]
    let points = (0..<240).map { i -> EmbeddingMap.Point in
      let center = centers[i % 4]
      let (x, y) = (center.0 + 0.6 * noise.normal(), center.1 + 0.5 * noise.normal())
      return .init(x: x, y: y, label: "word \(i)", cluster: i % 4)
    }
    return EmbeddingMap(
      title: "Words", method: "PCA-2  var 31% + 14%", points: points, clusters: ["good", "bad", "food", "time"],
      highlighted: [4, 9], total: 280, sampled: 240)
  }()

  static let bias = BiasPanel(
    column: "sex", groups: ["Female", "Male"],
    metrics: [
      .init(name: "selection rate", values: [0.11, 0.31], allowed: 0.248...0.388),
      .init(name: "true positive rate", values: [0.58, 0.66], allowed: 0.528...0.825),
      .init(name: "false positive rate", values: [0.02, 0.09], allowed: 0...0.12),
      .init(name: "accuracy", values: [0.93, 0.83]), .init(name: "precision", values: [nil, 0.77], allowed: 0.6...0.9),
    ], total: 6513)

  static let cockpit: BiasGrid = {
    let names = ["CI", "DPL", "KL", "JS", "LP", "TVD", "KS", "CDDL", "DPPL", "DI", "DCA", "DCR", "RD", "TE", "GE"]
    let groups: [BiasGrid.Group] = [
      .init(facet: "sex", value: "Female", rows: 1648), .init(facet: "sex", value: "Male", rows: 3352),
      .init(facet: "race", value: "White", rows: 4271),
      .init(facet: "race", value: "Amer-Indian-Eskimo", rows: 22, isSmall: true),
    ]
    let verdicts: [BiasGrid.Verdict] = [.outside, .within, .open, .none]
    let cells = names.indices.map { row in
      groups.indices.map { column -> BiasGrid.Cell in
        let lean = Double((row * 7 + column * 5) % 21 - 10) / 10
        if names[row] == "DCR", column == 3 { return .init(text: "", lean: nil, verdict: .none, readout: "no rows") }
        if names[row] == "TE", column == 3 { return .init(text: "∞", lean: 1, verdict: .outside, readout: "ideal 0") }
        let sign = lean > 0 ? "+" : ""
        return .init(
          text: sign + Numbers.fixed(lean * 0.3, 3), lean: lean, verdict: verdicts[(row + column) % 4],
          readout: "[\(Numbers.fixed(lean * 0.3 - 0.02, 3)), \(Numbers.fixed(lean * 0.3 + 0.02, 3))]  ideal 0")
      }
    }
    return BiasGrid(title: "Bias of income", metrics: names, groups: groups, cells: cells, total: 4990, missing: 10)
  }()

  static let trade: ThresholdTrade = {
    let front = (0...12).map { i -> ThresholdTrade.Point in
      let gap = 0.2 - Double(i) / 60
      return .init(
        thresholdA: 0.5 + Double(i) / 60, thresholdD: 0.5 - Double(i) / 40, gap: gap, accuracy: 0.82 + gap * gap)
    }
    let shared = (1...9).map { i -> ThresholdTrade.Point in
      let t = Double(i) / 10
      return .init(thresholdA: t, thresholdD: t, gap: 0.26 - 0.2 * abs(t - 0.4), accuracy: 0.85 - (t - 0.5) * (t - 0.5))
    }
    return ThresholdTrade(
      metric: "DPPL", groupA: "sex other than Female", groupD: "sex = Female", front: front, shared: shared,
      current: shared[4], total: 5000)
  }()

  static let leaderboard = Leaderboard(
    metric: "AUC",
    entries: [
      .init(model: "GBT", mean: 0.927, low: 0.919, high: 0.934, rise: 2),
      .init(model: "Forest", mean: 0.915, low: 0.902, high: 0.921, rise: -1),
      .init(model: "Logit", mean: 0.905, low: 0.899, high: 0.912, rise: -1),
      .init(model: "Tree", mean: 0.861, low: 0.84, high: 0.885, rise: 0),
      .init(model: "MLP", mean: 0.9, rise: nil, state: .running),
      .init(model: "kNN", mean: nil, rise: nil, state: .failed),
    ], folds: 5)

  /// Name and chart, one golden each.
  static let all: [(name: String, chart: any ChartContent)] = [
    ("roc", roc), ("precision-recall", precisionRecall), ("confusion", confusion), ("confusion-3", species),
    ("confusion-10", digits), ("calibration", calibration), ("learning", learning),
    ("shap-bars", shapBars), ("swarm", swarm), ("waterfall", waterfall), ("dependence", dependence),
    ("force", force), ("forces", forces), ("decision", decision), ("shuffled", shuffled), ("text", text),
    ("embedding", embedding), ("bias", bias), ("cockpit", cockpit), ("trade", trade), ("leaderboard", leaderboard),
  ]

  private static let point = OperatingCurves.Point(threshold: 0.5, truePositives: 1, falsePositives: 0)

  private static let oddText = ShapText(
    title: "a\n日本", base: 1e300,
    parts: (0..<90).map { number -> ShapText.Part in
      let text = number % 7 == 0 ? String(repeating: "日本", count: 50) : number % 5 == 0 ? "two\nwords" : "字"
      let shap = number % 3 == 0 ? Double.nan : Double(number - 40) * 1e298
      return ShapText.Part(text: text, before: number % 4 == 0 ? "\r\n" : "", shap: shap)
    }, isLogOdds: true)

  private static let oddTexts: [(name: String, chart: any ChartContent)] = [
    ("no text", ShapText(base: 0, parts: [])),
    ("blank text", ShapText(base: .nan, parts: [.init(text: " \u{200B}", shap: .infinity)])),
    ("odd text", oddText),
  ]

  /// What nobody wants to draw.
  static let odd: [(name: String, chart: any ChartContent)] = oddModels + oddTexts

  private static let oddModels: [(name: String, chart: any ChartContent)] = [
    ("no models", OperatingCurves(curves: [], positives: 5, negatives: 5)),
    (
      "one class",
      OperatingCurves(curves: [.init(model: "a", area: .nan, points: [point])], positives: 5, negatives: 0)
    ),
    (
      "one point",
      OperatingCurves(
        plane: .precisionRecall, curves: [.init(model: "a\n日本", area: 1, points: [point], operating: 9)], positives: 1,
        negatives: 1)
    ),
    (
      "eight models",
      OperatingCurves(
        curves: (0..<8).map { .init(model: "a long name of model \($0)", area: 0.5, points: roc.curves[0].points) },
        positives: 1568, negatives: 4945)
    ),
    ("no classes", ConfusionMatrix(classes: [], counts: [])),
    ("a class", ConfusionMatrix(classes: ["only"], counts: [[7]])),
    ("ragged", ConfusionMatrix(classes: ["a", "b", "c"], counts: [[1], [], [0, 1_000_000, 3, 9]])),
    ("no bins", Calibration(bins: [], ece: .nan, brier: .infinity)),
    (
      "odd bins",
      Calibration(bins: [
        .init(lower: .nan, upper: 0, predicted: .nan, observed: 2, count: 5),
        .init(lower: 0.5, upper: 0.5, predicted: nil, observed: nil, count: 0),
        .init(lower: 0, upper: 1, predicted: 0.5, observed: -7, count: -3),
      ])
    ),
    ("no epochs", LearningCurve(metric: "loss", training: [])),
    ("an epoch", LearningCurve(metric: "loss", training: [0.5], validation: [nil], best: 1)),
    (
      "diverged", LearningCurve(metric: "loss", training: [1, .nan, .infinity, 1e300], validation: [nil, 2], best: 99)
    ),
    ("no map", EmbeddingMap(method: "PCA-2", points: [], total: 0)),
    (
      "odd map",
      EmbeddingMap(
        method: "PCA-2\n",
        points: [
          .init(x: .nan, y: 0, label: "a", cluster: 5), .init(x: 1e308, y: -1e308, label: "日本", cluster: 0),
          .init(x: -1e308, y: 1e308, label: "", cluster: -3),
        ], clusters: ["a very long name of a cluster of words"], highlighted: [-1, 1, 99], total: 2)
    ),
    (
      "one word",
      EmbeddingMap(method: "t-SNE", points: [.init(x: 1, y: 1, label: "a", cluster: 0)], clusters: ["a"], total: 1)
    ),
    ("no forces", ShapForce(rows: [])),
    (
      "odd force",
      ShapForce(rows: [
        .init(
          name: "a\n日本", base: 0, items: [.init(feature: "x", value: "", shap: .nan)], others: .init(count: 1, shap: 0))
      ])
    ),
    (
      "wide force",
      ShapForce(rows: [
        .init(
          name: "r", base: -1e300,
          items: (0..<30).map { .init(feature: "a very long name \($0)", shap: $0 % 2 == 0 ? 1e299 : -1e-9) })
      ])
    ),
    (
      "odd forces",
      ShapForce(
        rows: (0..<40).map {
          .init(name: "", base: $0 % 3 == 0 ? .nan : 1, items: [.init(feature: "x", shap: Double($0))])
        })
    ),
    ("no decisions", ShapDecision(features: ["a"], rows: [])),
    ("nothing decided", ShapDecision(features: [], rows: [.init(name: "r", base: 0.5, shap: [])])),
    (
      "odd decisions",
      ShapDecision(
        features: (0..<40).map { "日本 \($0)" }, others: 3,
        rows: [
          .init(name: "short", base: 0, shap: [1]), .init(name: "nan", base: .nan, shap: []),
          .init(name: "inf", base: 0, shap: Array(repeating: 1e308, count: 40)),
          .init(name: "far", base: 1e300, shap: Array(repeating: -1e299, count: 40), others: 1e299),
        ], highlighted: 7)
    ),
    ("no intervals", RankedIntervals(title: "", items: [], measure: "")),
    (
      "odd intervals",
      RankedIntervals(
        title: "a\n",
        items: (0..<30).map { .init(name: "日本 \($0)", value: $0 % 3 == 0 ? .nan : 1e300, low: 2, high: -.infinity) },
        measure: "x")
    ),
    ("no metrics", BiasPanel(column: "sex", groups: [], metrics: [])),
    (
      "odd metrics",
      BiasPanel(
        column: "sex", groups: ["a"],
        metrics: [
          .init(name: "a", values: [.nan, nil], allowed: 0...1), .init(name: "b", values: []),
          .init(name: "c", values: [1e300, -1e300, .infinity], allowed: -1e300...1e300),
        ])
    ),
    ("no groups", BiasGrid(metrics: ["DPL"], groups: [], cells: [])),
    (
      "odd cockpit",
      BiasGrid(
        metrics: ["DPL", "日本", ""],
        groups: (0..<30).map { .init(facet: $0 < 9 ? "a\nb" : "", value: "a very long value \($0)", rows: -$0) },
        cells: [[.init(text: "∞", lean: .infinity, verdict: .outside), .init(text: "x", lean: .nan, verdict: .open)]],
        total: 0)
    ),
    (
      "no trade",
      ThresholdTrade(
        metric: "DI", groupA: "", groupD: "", front: [], shared: [],
        current: .init(thresholdA: .nan, thresholdD: .infinity, gap: nil, accuracy: .nan))
    ),
    (
      "odd trade",
      ThresholdTrade(
        metric: "TE", groupA: "a", groupD: "日本",
        front: [
          .init(thresholdA: 1, thresholdD: 1, gap: .infinity, accuracy: 1),
          .init(thresholdA: 0, thresholdD: 0, gap: 1e300, accuracy: 0),
        ],
        shared: [], current: .init(thresholdA: 0, thresholdD: 0, gap: 0, accuracy: 0.5))
    ),
    ("no entries", Leaderboard(metric: "AUC", entries: [])),
    (
      "odd entries",
      Leaderboard(
        metric: "loss",
        entries: (0..<30).map { i -> Leaderboard.Entry in
          let mean: Double = i % 3 == 0 ? .nan : Double(i)
          return .init(model: "m\(i)", mean: mean, low: i % 4 == 0 ? .infinity : 99, rise: i - 7)
        })
    ),
  ]
}
