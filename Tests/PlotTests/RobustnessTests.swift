import Foundation
import Grid
import Plot
import Testing

@Suite struct RobustnessTests {
  /// What nobody wants to draw.
  static let odd: [(name: String, chart: Chart)] = [
    ("no bins", .histogram(Histogram(column: "a", bins: [], missing: 0, total: 0))),
    ("all missing", .histogram(Histogram(column: "a", bins: [], missing: 7, total: 7))),
    (
      "constant",
      .histogram(Histogram(column: "a", bins: [.init(lower: 5, upper: 5, count: 9)], missing: 0, total: 9))
    ),
    (
      "not finite",
      .histogram(
        Histogram(
          column: "a", bins: [.init(lower: -.infinity, upper: .nan, count: 1), .init(lower: 0, upper: 1, count: 2)],
          missing: 0, total: 3, density: [.nan, .infinity, -1], summary: ["mean": .nan, "max": .infinity]))
    ),
    (
      "huge counts",
      .histogram(
        Histogram(
          column: "a",
          bins: [
            .init(lower: -1e300, upper: 0, count: Int.max / 4), .init(lower: 0, upper: 1e300, count: 1),
          ], missing: 0, total: Int.max / 2))
    ),
    (
      "tiny range",
      .histogram(
        Histogram(
          column: "a", bins: [.init(lower: 1e9, upper: 1e9 + 1e-6, count: 3)], missing: 0, total: 3))
    ),
    (
      "denormal",
      .histogram(
        Histogram(
          column: "a", bins: [.init(lower: 0, upper: .leastNonzeroMagnitude, count: 3)], missing: 0, total: 3))
    ),
    (
      "far times",
      .histogram(
        Histogram(
          column: "a", bins: [.init(lower: -1e18, upper: 1e18, count: 3)], missing: 0, total: 3, kind: .time))
    ),
    (
      "1,000 bins",
      .histogram(
        Histogram(
          column: "a", bins: (0..<1000).map { .init(lower: Double($0), upper: Double($0 + 1), count: $0) },
          missing: 0, total: 499_500, density: (0..<1000).map { Double($0) }))
    ),
    ("no bars", .bars(Bars(column: "a", items: [], missing: 0, total: 0))),
    ("no values", .bars(Bars(column: "a", items: [], missing: 4, total: 4))),
    (
      "odd labels",
      .bars(
        Bars(
          column: "имя\n\u{1B}[31m",
          items: [
            .init(label: "", count: 3), .init(label: "日本語日本語日本語日本語", count: 2),
            .init(label: "👩‍👩‍👧 family\tname", count: 1), .init(label: "zero", count: 0), .init(label: "less", count: -5),
          ], others: .init(count: 10, distinct: 1), missing: 0, total: 11))
    ),
    (
      "300 bars",
      .bars(
        Bars(
          column: "a", items: (0..<300).map { .init(label: "value \($0)", count: 300 - $0) }, missing: 0,
          total: 45_150))
    ),
    ("no points", .scatter(Scatter(x: "a", y: "b", points: [], missing: 3, total: 3))),
    ("one point", .scatter(Scatter(x: "a", y: "b", points: [.init(x: 3, y: -7)], total: 1))),
    (
      "same point",
      .scatter(
        Scatter(x: "a", y: "b", points: [Scatter.Point](repeating: .init(x: 1, y: 1), count: 50), total: 50))
    ),
    (
      "infinite points",
      .scatter(
        Scatter(
          x: "a", y: "b", colorBy: "c",
          points: [
            .init(x: .nan, y: 1), .init(x: 1, y: .infinity), .init(x: 1e308, y: -1e308, category: 0),
            .init(x: -1e308, y: 1e308, category: 99), .init(x: 0, y: 0, category: -4),
          ], categories: ["one"], total: 5))
    ),
    (
      "twenty categories",
      .scatter(
        Scatter(
          x: "a", y: "b", colorBy: "c",
          points: (0..<400).map { .init(x: Double($0 % 37), y: Double($0 % 23), category: $0 % 20) },
          categories: (0..<20).map { "category \($0)" }, total: 400))
    ),
    ("empty map", .heatmap(Heatmap(title: "r", rows: [], columns: [], values: []))),
    (
      "ragged map",
      .heatmap(
        Heatmap(
          title: "r", rows: ["a", "b"], columns: ["a", "b"], values: [[1], [.nan, nil, 3]], range: 0...0))
    ),
    (
      "large map",
      .heatmap(
        Heatmap(
          title: "r", rows: (0..<90).map { "column \($0)" }, columns: (0..<90).map { "column \($0)" },
          values: (0..<90).map { i in (0..<90).map { j in cos(Double(i * j)) } }, total: 5))
    ),
    ("no features", .importance(ImportanceBars(title: "i", items: []))),
    (
      "odd features",
      .importance(
        ImportanceBars(
          title: "i",
          items: [
            .init(feature: "a", gain: .nan, shap: .infinity), .init(feature: "b", gain: 0, shap: 0),
            .init(feature: "c", gain: -1, shap: 1e300),
          ]))
    ),
  ]

  static let sizes: [Size] =
    [(0, 0), (1, 1), (0, 5), (5, 0), (2, 2), (3, 9), (9, 3), (12, 5), (14, 6), (300, 50)].map {
      Size(width: $0.0, height: $0.1)
    } + [7, 20, 21, 29, 36, 43, 44, 60, 77, 131].map { Size(width: $0, height: 2 + $0 % 19) }

  @Test(arguments: (odd + Fixtures.all).map(\.name))
  func everyChartIsDrawnAtEverySize(name: String) {
    guard let chart = (RobustnessTests.odd + Fixtures.all).first(where: { $0.name == name })?.chart else { return }
    for (i, size) in RobustnessTests.sizes.enumerated() {
      for glyphs in GlyphSet.allCases {
        for (j, colors) in [ColorDepth.mono, .ansi16, .indexed256].enumerated() {
          // Every pairing comes up over the sizes.
          if glyphs != .block && (i + j) % 2 == 0 { continue }
          let context = DrawContext(theme: colors == .mono ? .mono : .dark, glyphs: glyphs, colors: colors)
          let drawn = render(chart, size: size, context: context, cursor: [nil, 0, 3, 100_000, -1][(i + j) % 5])
          check(drawn, size, glyphs, "\(name) \(size) \(glyphs) \(colors)")
        }
      }
    }
  }

  private func check(_ drawn: RenderedChart, _ size: Size, _ glyphs: GlyphSet, _ what: @autoclosure () -> String) {
    let isWhole = drawn.grid.size == size
    #expect(isWhole, "\(what())")
    let scalars = Set(drawn.grid.lines.joined().unicodeScalars)
    let isClean = scalars.allSatisfy { scalar in
      switch glyphs {
      case .ascii: scalar.value >= 0x20 && scalar.value < 0x7F
      case .block: !(0x2800...0x28FF).contains(scalar.value) && scalar.value >= 0x20
      case .braille: scalar.value != 0x2800 && scalar.value >= 0x20
      }
    }
    #expect(isClean, "\(what())")
    let bounds = Rect(size)
    let isInside = drawn.marks.allSatisfy { $0.rect.isEmpty || bounds.intersection($0.rect) == $0.rect }
    #expect(isInside, "\(what())")
  }

  @Test func emptyChartsSayWhyInASentence() {
    let context = DrawContext(theme: .mono, colors: .mono)
    func words(_ name: String) -> String {
      guard let chart = RobustnessTests.odd.first(where: { $0.name == name })?.chart else { return "" }
      return render(chart, size: Size(width: 60, height: 12), context: context).grid.lines.joined(separator: "\n")
    }
    #expect(words("no bins").contains("No rows."))
    #expect(words("all missing").contains("All 7 values are missing."))
    #expect(words("no values").contains("All 4 values are missing."))
    #expect(words("no points").contains("All 3 values are missing."))
    #expect(words("empty map").contains("Fewer than two columns to compare."))
    #expect(words("no features").contains("No features."))
  }

  @Test func constantColumnHasOneTickAndSaysSo() {
    let chart = RobustnessTests.odd.first { $0.name == "constant" }?.chart
    guard let chart else { return }
    let lines = render(
      chart, size: Size(width: 60, height: 12), context: DrawContext(theme: .mono, colors: .mono)
    ).grid.lines
    #expect(lines[0].contains("constant"))
    #expect(lines[11].trimmingCharacters(in: .whitespaces) == "5")
    #expect(lines[10].filter { $0 == "┬" }.count == 1)
  }
}
