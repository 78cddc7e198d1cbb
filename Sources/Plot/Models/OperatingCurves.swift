// ROC and precision–recall curves of one or more models on the same rows. Points are counts, so that every rate is
// exact. Between points a ROC curve is straight; a precision–recall curve has steps, whose area is average precision.

import Grid

/// How classifiers trade errors as their threshold moves.
public struct OperatingCurves: ChartContent {
  public static let kind = "operating-curves"
  public static let title = "ROC or precision–recall curve"

  /// The axes.
  public enum Plane: String, Codable, Sendable { case roc, precisionRecall }

  /// Rows of each class whose score reaches the threshold; nil is above every score.
  public struct Point: Codable, Sendable, Equatable {
    public var threshold: Double?
    public var truePositives, falsePositives: Int

    public init(threshold: Double?, truePositives: Int, falsePositives: Int) {
      (self.threshold, self.truePositives, self.falsePositives) = (threshold, truePositives, falsePositives)
    }
  }

  /// A model's points, from the highest threshold down.
  public struct Curve: Codable, Sendable, Equatable {
    public var model: String
    /// Area under the ROC curve, or average precision.
    public var area: Double
    public var points: [Point]
    /// The point that the model decides at, an index into the points.
    public var operating: Int?

    public init(model: String, area: Double, points: [Point], operating: Int? = nil) {
      (self.model, self.area, self.points, self.operating) = (model, area, points, operating)
    }
  }

  /// Instead of the plane's name.
  public var title: String?
  public var plane: Plane
  public var curves: [Curve]
  /// Rows of each class.
  public var positives, negatives: Int
  /// Rows without a label or a score.
  public var missing: Int

  public init(
    title: String? = nil, plane: Plane = .roc, curves: [Curve], positives: Int, negatives: Int, missing: Int = 0
  ) {
    (self.title, self.plane, self.curves) = (title, plane, curves)
    (self.positives, self.negatives, self.missing) = (positives, negatives, missing)
  }

  private static func share(_ part: Int, of whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : .nan
  }

  private func recall(_ point: Point) -> Double { OperatingCurves.share(point.truePositives, of: positives) }

  private func precision(_ point: Point) -> Double {
    OperatingCurves.share(point.truePositives, of: point.truePositives + point.falsePositives)
  }

  private func place(_ point: Point) -> (x: Double, y: Double) {
    switch plane {
    case .roc: (OperatingCurves.share(point.falsePositives, of: negatives), recall(point))
    case .precisionRecall: (recall(point), precision(point))
    }
  }

  /// What a threshold means, a fact each.
  private func facts(_ point: Point) -> [String] {
    let (precision, recall) = (precision(point), recall(point))
    let selected = 2 * point.truePositives + point.falsePositives + (positives - point.truePositives)
    return [
      "threshold " + (point.threshold.map { Numbers.short($0) } ?? "above all"), "TPR " + Numbers.score(recall),
      "FPR " + Numbers.score(OperatingCurves.share(point.falsePositives, of: negatives)),
      "precision " + Numbers.score(precision), "recall " + Numbers.score(recall),
      "F1 " + Numbers.score(OperatingCurves.share(2 * point.truePositives, of: selected)),
    ]
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let counts = RowCounts(total: positives + negatives + missing, sampled: nil, missing: missing)
    let name = title ?? (plane == .roc ? "ROC" : "Precision and recall")
    let current = operating(view)
    let facts = current.map { self.facts(curves[$0.curve].points[$0.point]) } ?? []
    // Beside the plot there is room for the facts.
    let isWide = size.width >= 2 * size.height + 24 && size.height >= curves.count + 15
    let frame = PlotFrame(
      size: size, context: context, title: TitleLine(name: name, counts: counts),
      x: AxisSpec(plane == .roc ? "false positive rate" : "recall", 0...1, extends: false),
      y: .scale(AxisSpec(plane == .roc ? "true positive rate" : "precision", 0...1, extends: false)),
      figures: isWide ? [] : facts,
      aspect: 2, view: view)
    frame.draw(on: &plotter)
    if curves.isEmpty || positives <= 0 || negatives <= 0 {
      plotter.sentence(curves.isEmpty ? "No models." : "Only one class, no rates to compare.", in: frame.plot)
      return (plotter.list, [])
    }
    let chance = plane == .roc ? (0.0, 1.0) : (chanceLevel, chanceLevel)
    plotter.line([frame.spot(0, chance.0), frame.spot(1, chance.1)], .reference, .dotted, layer: .reference)
    for (i, curve) in curves.enumerated() { draw(curve, i, frame, on: &plotter) }
    for (i, curve) in curves.enumerated() {
      let point = current.map { $0.curve == i ? $0.point : curve.operating } ?? curve.operating
      guard let point, curve.points.indices.contains(point) else { continue }
      let at = place(curve.points[point])
      plotter.markers([frame.spot(at.x, at.y)], .series(i), .diamond, layer: .overlay)
    }
    plotter.side(legend, facts, of: frame, isCornerLeft: plane == .precisionRecall)
    return (plotter.list, marks(frame, view))
  }

  private var chanceLevel: Double { OperatingCurves.share(positives, of: positives + negatives) }

  // Chance has the dots, so three dashes are left; later curves carry markers as well.
  private static func dash(_ i: Int) -> Dash { [.solid, .dashed, .dashDotted][i % 3] }
  private static func shape(_ i: Int) -> MarkerShape? { i < 3 ? nil : .of(series: 1 + (i - 3) % 4) }

  private func draw(_ curve: Curve, _ i: Int, _ frame: PlotFrame, on plotter: inout Plotter) {
    var spots: [DisplayList.Spot] = []
    for point in curve.points {
      let at = place(point)
      if plane == .precisionRecall, at.y.isFinite, let last = spots.last { spots.append(.init(last.x, frame.y(at.y))) }
      // Nothing selected has no precision.
      if plane == .roc || at.y.isFinite { spots.append(frame.spot(at.x, at.y)) }
    }
    plotter.line(spots, .series(i), OperatingCurves.dash(i))
    guard let shape = OperatingCurves.shape(i), !spots.isEmpty else { return }
    plotter.markers((1...4).map { spots[$0 * (spots.count - 1) / 5] }, .series(i), shape)
  }

  private var legend: [TitleLine.Key] {
    let area = plane == .roc ? "AUC" : "AP"
    var keys = curves.enumerated().map { i, curve in
      let label = "\(curve.model)  \(area) \(Numbers.score(curve.area))"
      var key = TitleLine.Key(.line(OperatingCurves.dash(i)), role: .series(i), label: label)
      if let shape = OperatingCurves.shape(i) { key.pieces.append((" ", .sample(.marker(shape), .series(i)))) }
      return key
    }
    let level = plane == .roc ? "chance" : "chance \(Numbers.score(chanceLevel))"
    keys.append(.init(.line(.dotted), role: .reference, label: level))
    if curves.contains(where: { $0.operating != nil }) {
      keys.append(.init(.marker(.diamond), role: .label, label: "operating point"))
    }
    return keys
  }

  /// The point that the cursor stands on, or the first model's operating point.
  private func operating(_ view: ChartView) -> (curve: Int, point: Int)? {
    let shown = shown(view)
    if let cursor = view.cursor, shown.indices.contains(cursor) { return shown[cursor] }
    for (i, curve) in curves.enumerated() {
      if let point = curve.operating, curve.points.indices.contains(point) { return (i, point) }
    }
    return nil
  }

  /// The points in the window, curve by curve.
  private func shown(_ view: ChartView) -> [(curve: Int, point: Int)] {
    curves.enumerated().flatMap { i, curve in
      curve.points.indices.filter { j in
        let at = place(curve.points[j])
        return view.contains(x: at.x, y: at.y)
      }.map { (i, $0) }
    }
  }

  private func marks(_ frame: PlotFrame, _ view: ChartView) -> [ChartMark] {
    shown(view).map { i, j in
      let point = curves[i].points[j]
      let at = place(point)
      return ChartMark(
        rect: frame.cell(frame.spot(at.x, at.y)), place: Grid.Point(x: j, y: i),
        readout: ([curves[i].model] + facts(point)).joined(separator: "  "), selection: .none, emphasis: .cell)
    }
  }
}
