// Beeswarm: the SHAP value of every row and feature as a dot, two lines of text a feature. With colours dots are stacked
// around the middle, coloured by the feature's value. Without, values below the median stand in the upper line and the
// others in the lower one, both stacked from the middle.

import Grid

/// SHAP values of many rows by feature.
public struct ShapSwarm: ChartContent {
  public static let kind = "shap-swarm"
  public static let title = "SHAP beeswarm"

  /// A row of the table.
  public struct Dot: Codable, Sendable, Equatable {
    /// The row's number, from zero.
    public var row: Int
    public var shap: Double
    /// The rank of the feature's value among the rows, 0...1; nil where that is missing or has no order.
    public var rank: Double?

    public init(row: Int, shap: Double, rank: Double?) { (self.row, self.shap, self.rank) = (row, shap, rank) }
  }

  public struct Feature: Codable, Sendable, Equatable {
    public var name: String
    /// In the order of the cursor.
    public var dots: [Dot]

    public init(name: String, dots: [Dot]) { (self.name, self.dots) = (name, dots) }
  }

  /// Instead of `SHAP values`.
  public var title: String?
  /// Most important first.
  public var features: [Feature]
  /// What the values are in, such as `log-odds`.
  public var unit: String
  /// Rows in the table; nil when unknown.
  public var total: Int?
  /// Rows explained, when fewer than all.
  public var sampled: Int?

  public init(
    title: String? = nil, features: [Feature], unit: String = "log-odds", total: Int? = nil, sampled: Int? = nil
  ) {
    (self.title, self.features, self.unit, self.total, self.sampled) = (title, features, unit, total, sampled)
  }

  public func preferredRows(width: Int) -> Int { features.count * 2 + 4 }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    var line = TitleLine(name: title ?? "SHAP values", counts: RowCounts(total: total, sampled: sampled, missing: 0))
    let values = features.flatMap { $0.dots.map(\.shap) }
    if features.isEmpty || !values.contains(where: \.isFinite) {
      line.draw(on: &plotter)
      let sentence = features.isEmpty ? "No features." : "No finite values."
      plotter.sentence(sentence, in: Rect(size).splitTop(min(1, size.height)).1)
      return (plotter.list, [])
    }
    // Two lines each, around the cursor's feature.
    let fit = max(1, (size.height - line.lines(in: size) - 3) / 2)
    let first = min(max(0, feature(of: view) - fit / 2), max(0, features.count - fit))
    let shown = first..<min(features.count, first + fit)
    if shown.count < features.count { line.notes = ["\(shown.count) of \(features.count) features"] }
    let isColored = context.hasScale(isDiverging: false)
    let least = context.glyphs == .ascii ? ">=" : "≥"
    let key = isColored ? "colour: value, low to high" : "value < median above, \(least) below"
    let hasGaps = features.contains { $0.dots.contains { !($0.rank?.isFinite ?? false) } }
    let gap = Character(plotter.glyphs.faintMarker)
    let frame = PlotFrame(
      size: size, context: context, title: line, x: AxisSpec("SHAP (\(unit))", values: values + [0]),
      y: .groups(shown.map { features[$0].name }, rows: 2, around: nil, isRuled: false),
      figures: hasGaps ? [key, "\(gap) no number"] : [key],
      view: view)
    frame.draw(on: &plotter)
    let zero = frame.x(0)
    plotter.rule(
      .init(zero, Double(frame.plot.y)), .init(zero, Double(frame.plot.maxY)), .reference, .dotted, layer: .reference)
    let swarm = SwarmLayout(frame: frame, isSplit: !isColored && frame.groupRows == 2, glyphs: context.glyphs)
    for i in frame.groups {
      swarm.draw(features[first + i].dots, in: frame.rect(ofGroup: i), isColored: isColored, on: &plotter)
    }
    return (plotter.list, marks(frame, first, Rect(size), view))
  }

  /// The feature of a dot under the cursor.
  private func feature(of view: ChartView) -> Int {
    guard var left = view.cursor, left >= 0 else { return 0 }
    for (i, feature) in features.enumerated() {
      let count = view.x == nil ? feature.dots.count : feature.dots.filter { view.contains(x: $0.shap) }.count
      if left < count { return i }
      left -= count
    }
    return 0
  }

  private func marks(_ frame: PlotFrame, _ first: Int, _ whole: Rect, _ view: ChartView) -> [ChartMark] {
    features.enumerated().flatMap { i, feature in
      let group = frame.rect(ofGroup: i - first).intersection(whole)
      return feature.dots.enumerated().filter { view.contains(x: $0.element.shap) }.map { j, dot in
        let column = Rasterizer.whole(frame.x(dot.shap) + 1e-9) ?? -1
        let rank = dot.rank.map { "  value at \(Numbers.percent($0, of: 1)) of its rows" } ?? "  no number"
        return ChartMark(
          rect: Rect(x: column, y: group.y, width: 1, height: group.height).intersection(group),
          place: Point(x: j, y: i),
          readout: "\(feature.name)  row \(Numbers.grouped(dot.row + 1))  SHAP \(Numbers.signed(dot.shap))" + rank,
          selection: .feature(feature.name))
      }
    }
  }
}

/// How dots are stacked.
private struct SwarmLayout {
  let frame: PlotFrame
  /// Whether values below the median stand above the middle.
  let isSplit: Bool
  let across, down: Int

  init(frame: PlotFrame, isSplit: Bool, glyphs: GlyphSet) {
    (self.frame, self.isSplit) = (frame, isSplit)
    (across, down) = DotCanvas.dots(glyphs)
  }

  /// The part of a feature's dots that is stacked together.
  private func part(_ dot: ShapSwarm.Dot) -> Int { isSplit && dot.rank ?? 0 >= 0.5 ? 1 : 0 }

  func draw(_ dots: [ShapSwarm.Dot], in rect: Rect, isColored: Bool, on plotter: inout Plotter) {
    if rect.isEmpty { return }
    var stacks: [[Int: [ShapSwarm.Dot]]] = [[:], [:]]
    for dot in dots {
      guard let column = Rasterizer.whole(frame.x(dot.shap) * Double(across) + 1e-9) else { continue }
      stacks[part(dot)][column, default: []].append(dot)
    }
    let levels = rect.height * down / (isSplit ? 2 : 1)
    let most = stacks.flatMap(\.values).map(\.count).max() ?? 0
    // A stack that is too high is drawn with fewer dots, and the others in proportion.
    let scale = most > levels ? Double(levels) / Double(most) : 1
    var spots: [Role: [DisplayList.Spot]] = [:]
    var faint: [DisplayList.Spot] = []
    for (part, columns) in stacks.enumerated() {
      for (column, stack) in columns {
        let height = Int((Double(stack.count) * scale).rounded(.up))
        let sorted = stack.sorted { $0.rank ?? -1 < $1.rank ?? -1 }
        for level in 0..<height {
          let dot = sorted[level * sorted.count / height]
          let spot = DisplayList.Spot((Double(column) + 0.5) / Double(across), y(level, part, rect))
          guard let rank = dot.rank, rank.isFinite else {
            faint.append(spot)
            continue
          }
          let role = isColored ? Role.sequential((min(max(rank, 0), 1) * 7).rounded() / 7) : .series(1)
          spots[role, default: []].append(spot)
        }
      }
    }
    plotter.markers(faint, .muted, .faint)
    for (role, spots) in spots.sorted(by: { SwarmLayout.order($0.key) < SwarmLayout.order($1.key) }) {
      plotter.markers(spots, role)
    }
  }

  private static func order(_ role: Role) -> Double { if case .sequential(let share) = role { share } else { 0 } }

  /// The row of a level, from the middle outwards; on both sides in turn unless split.
  private func y(_ level: Int, _ part: Int, _ rect: Rect) -> Double {
    let middle = Double(rect.y) + Double(rect.height) / 2
    let isAbove = isSplit ? part == 0 : level % 2 == 0
    let away = (Double(isSplit ? level : level / 2) + 0.5) / Double(down)
    // A single line of ASCII has no two sides.
    if !isSplit, rect.height * down == 1 { return middle }
    return isAbove ? middle - away : middle + away
  }
}
