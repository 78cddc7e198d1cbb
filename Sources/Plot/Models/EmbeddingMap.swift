// A map of embeddings in two dimensions: without axes, as only nearness means something. Names of clusters are placed
// last, one by one where they touch nothing.

import Grid

/// Points of an embedding.
public struct EmbeddingMap: ChartContent {
  public static let kind = "embedding"
  public static let title = "Embedding map"

  /// A row or a word; `cluster` is an index into `clusters`.
  public struct Point: Codable, Sendable, Equatable {
    public var x, y: Double
    public var label: String
    public var cluster: Int?

    public init(x: Double, y: Double, label: String, cluster: Int? = nil) {
      (self.x, self.y, self.label, self.cluster) = (x, y, label, cluster)
    }
  }

  /// Instead of `Embedding`.
  public var title: String?
  /// How it was projected, such as `PCA-2  var 31% + 14%`.
  public var method: String
  public var points: [Point]
  public var clusters: [String]
  /// Points that are set apart, such as what a search found: indices into the points.
  public var highlighted: [Int]
  /// Rows in the table.
  public var total: Int
  /// Rows embedded, when fewer than all.
  public var sampled: Int?

  public init(
    title: String? = nil, method: String, points: [Point], clusters: [String] = [], highlighted: [Int] = [],
    total: Int, sampled: Int? = nil
  ) {
    (self.title, self.method, self.points, self.clusters) = (title, method, points, clusters)
    (self.highlighted, self.total, self.sampled) = (highlighted, total, sampled)
  }

  private func name(_ cluster: Int?) -> String? {
    cluster.flatMap { clusters.indices.contains($0) ? clusters[$0] : nil }
  }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    let examined = sampled ?? total
    let counts = RowCounts(total: total, sampled: sampled, missing: max(0, examined - finite.count))
    let line = TitleLine(name: title ?? "Embedding", counts: counts)
    let top = min(line.lines(in: size), size.height)
    line.draw(on: &plotter, lines: top)
    let hasFoot = size.height >= 8 && size.width >= 20
    let plot = Rect(x: 0, y: top, width: size.width, height: max(0, size.height - top - (hasFoot ? 1 : 0)))
    if finite.isEmpty {
      plotter.sentence(counts.emptySentence, in: plot)
      return (plotter.list, [])
    }
    let map = EmbeddingScale(finite, plot: plot, view: view)
    let spots = points.map { map.spot($0) }
    plotter.clip = DisplayList.Box(plot)
    for (i, group) in groups(spots) { plotter.markers(group, .series(i ?? 1), i.map { .of(series: $0) } ?? .dot) }
    let found = highlighted.filter { points.indices.contains($0) }
    plotter.markers(found.map { spots[$0] }, .cursor, .disc, layer: .overlay)
    if hasFoot {
      let note =
        found.isEmpty ? "" : "  \(Character(plotter.glyphs.marker(.disc, isSample: true))) \(found.count) found"
      plotter.text(method + note, .init(1, Double(size.height - 1)), role: .muted, width: size.width - 2)
    }
    let gap = DisplayList.Spot(.nan, .nan)
    drawNames(view.isZoomed ? spots.map { map.cell($0).isEmpty ? gap : $0 } : spots, plot, on: &plotter)
    plotter.setAxes(map.axes(of: finite))
    let marks = zip(points, spots).compactMap { point, spot -> ChartMark? in
      let cell = map.cell(spot)
      if cell.isEmpty, view.isZoomed { return nil }
      return ChartMark(
        rect: cell, place: Grid.Point(x: cell.x, y: cell.y),
        readout: ([point.label] + [name(point.cluster)].compactMap { $0 }).joined(separator: "  "), selection: .none,
        emphasis: .cell)
    }
    return (plotter.list, marks)
  }

  /// The positions of each cluster, those without one first.
  private func groups(_ spots: [DisplayList.Spot]) -> [(Int?, [DisplayList.Spot])] {
    var byCluster: [Int: [DisplayList.Spot]] = [:]
    for (point, spot) in zip(points, spots) {
      byCluster[name(point.cluster) == nil ? -1 : point.cluster ?? -1, default: []].append(spot)
    }
    return byCluster.sorted { $0.key < $1.key }.map { ($0.key < 0 ? nil : $0.key, $0.value) }
  }

  /// Writes each name at the mean of its points, or near it, larger clusters first.
  private func drawNames(_ spots: [DisplayList.Spot], _ plot: Rect, on plotter: inout Plotter) {
    let named = groups(spots).compactMap { cluster, spots in cluster.map { ($0, spots.filter(\.isFinite)) } }
    for (cluster, spots) in named.sorted(by: { ($1.1.count, $0.0) < ($0.1.count, $1.0) }) where !spots.isEmpty {
      let n = Double(spots.count)
      let x = spots.reduce(0) { $0 + $1.x } / n
      let y = spots.reduce(0) { $0 + $1.y } / n
      // The name with its marker, so that colour need not tell which cluster it is.
      let mark = Character(plotter.glyphs.marker(.of(series: cluster), isSample: true))
      let text = " \(mark) \(plotter.glyphs.cut(clusters[cluster], 20)) "
      let width = Double(TextWidth.of(text))
      let half = (width / 2).rounded(.up)
      let inside = min(max(x, Double(plot.x) + half), max(Double(plot.x) + half, Double(plot.maxX) - half))
      for shift in [0.0, -1, 1, -2, 2] {
        let row = y + shift
        guard row >= Double(plot.y), row < Double(plot.maxY) else { continue }
        let at = DisplayList.Spot(inside, row)
        if plotter.yieldingText(text, at, .center, role: .series(cluster), isBold: true) { break }
      }
    }
  }
}

/// Where points stand on a map without axes.
private struct EmbeddingScale {
  let plot: Rect
  private let x, y: ClosedRange<Double>

  init(_ points: [EmbeddingMap.Point], plot: Rect, view: ChartView) {
    self.plot = plot
    x = view.x ?? EmbeddingScale.range(points.map(\.x))
    y = view.y ?? EmbeddingScale.range(points.map(\.y))
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double> { (values.min() ?? 0)...(values.max() ?? 0) }

  private func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    // Halves, as the largest numbers have no finite difference.
    let span = range.upperBound / 2 - range.lowerBound / 2
    return span > 0 ? (value / 2 - range.lowerBound / 2) / span : 0.5
  }

  /// Half a cell is left free at every side.
  func spot(_ point: EmbeddingMap.Point) -> DisplayList.Spot {
    .init(
      Double(plot.x) + 0.5 + share(point.x, x) * Double(max(0, plot.width - 1)),
      Double(plot.maxY) - 0.5 - share(point.y, y) * Double(max(0, plot.height - 1)))
  }

  /// The axes that it does not draw.
  func axes(of points: [EmbeddingMap.Point]) -> ChartAxes {
    func scale(_ range: ClosedRange<Double>, _ cells: Int) -> AxisScale {
      AxisScale(lower: range.lowerBound, upper: range.upperBound, cells: cells, mapping: .dots(1))
    }
    if plot.isEmpty || !(x.lowerBound < x.upperBound && y.lowerBound < y.upperBound) { return ChartAxes() }
    return ChartAxes(
      x: ChartAxis(
        "x", kind: .number, whole: EmbeddingScale.range(points.map(\.x)), scale: scale(x, plot.width), from: plot.x),
      y: ChartAxis(
        "y", kind: .number, whole: EmbeddingScale.range(points.map(\.y)), scale: scale(y, plot.height),
        upFrom: plot.maxY))
  }

  func cell(_ spot: DisplayList.Spot) -> Rect {
    guard spot.isFinite, let x = Rasterizer.whole(spot.x), let y = Rasterizer.whole(spot.y),
      plot.contains(Grid.Point(x: x, y: y))
    else { return .zero }
    return Rect(x: x, y: y, width: 1, height: 1)
  }
}
