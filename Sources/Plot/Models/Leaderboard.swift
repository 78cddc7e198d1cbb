// Leaderboard: a model a line, its metric over the folds as `├─●─┤`, how its rank changed, and a sign for its state.

import Grid

/// Models by a metric.
public struct Leaderboard: ChartContent {
  public static let kind = "leaderboard"
  public static let title = "Leaderboard"

  /// What became of a model.
  public enum State: String, Codable, Sendable, CaseIterable { case done, running, waiting, failed }

  /// A model.
  public struct Entry: Codable, Sendable, Equatable {
    public var model: String
    /// The metric over the folds: mean, lowest and highest; nil while there is none.
    public var mean, low, high: Double?
    /// Places gained since the last time, negative for lost ones; nil for a new model.
    public var rise: Int?
    public var state: State

    public init(
      model: String, mean: Double?, low: Double? = nil, high: Double? = nil, rise: Int? = 0, state: State = .done
    ) {
      (self.model, self.mean, self.low, self.high) = (model, mean, low, high)
      (self.rise, self.state) = (rise, state)
    }
  }

  /// Instead of `Models by METRIC`.
  public var title: String?
  public var metric: String
  /// Best first.
  public var entries: [Entry]
  public var folds: Int?

  public init(title: String? = nil, metric: String, entries: [Entry], folds: Int? = nil) {
    (self.title, self.metric, self.entries, self.folds) = (title, metric, entries, folds)
  }

  public func preferredRows(width: Int) -> Int { entries.count + 4 }

  public func list(size: Size, context: DrawContext, view: ChartView) -> (list: DisplayList, marks: [ChartMark]) {
    var plotter = Plotter(size: size, context: context)
    let glyphs = plotter.glyphs
    let line = TitleLine(
      name: title ?? "Models by \(metric)", notes: folds.map { ["\($0) folds"] } ?? [])
    let values = entries.flatMap { [$0.mean, $0.low, $0.high] }.compactMap { $0 }.filter(\.isFinite)
    let frame = PlotFrame.fitted(line, "models") { title in
      PlotFrame(
        size: size, context: context, title: title, x: AxisSpec(metric, range(values, size.width)),
        y: .groups(entries.indices.map { label($0, glyphs) }, rows: 1, around: view.cursor, isRuled: true),
        figures: ["\(glyphs.signs.done) done  \(glyphs.signs.running) running  \(glyphs.signs.failed) failed"],
        view: view)
    }
    frame.draw(on: &plotter)
    if entries.isEmpty {
      plotter.sentence("No models.", in: Rect(size).splitTop(min(1, size.height)).1)
      return (plotter.list, [])
    }
    for i in frame.groups { draw(entries[i], frame.rect(ofGroup: i), frame, on: &plotter) }
    let marks = entries.indices.map { i in
      ChartMark(
        rect: frame.rect(ofGroup: i).intersection(Rect(size)), place: Point(x: 0, y: i), readout: readout(i, glyphs),
        selection: .none)
    }
    return (plotter.list, marks)
  }

  /// Room for a number after the longest range.
  private func range(_ values: [Double], _ width: Int) -> ClosedRange<Double>? {
    guard let low = values.min(), let high = values.max() else { return nil }
    let end = low + ShapBars.padded(high - low, width)
    return end.isFinite ? low...end : low...high
  }

  private func changeText(_ entry: Entry, _ glyphs: Glyphs) -> String {
    guard let rise = entry.rise else { return "new" }
    return rise == 0 ? "" : (rise > 0 ? glyphs.rise : glyphs.fall) + String(rise.magnitude)
  }

  /// Rank, state, change and name; the changes aligned.
  private func label(_ i: Int, _ glyphs: Glyphs) -> String {
    let widest = entries.map { TextWidth.of(changeText($0, glyphs)) }.max() ?? 0
    let change = changeText(entries[i], glyphs)
    let blanks = String(repeating: " ", count: widest - TextWidth.of(change))
    let longest = entries.map { TextWidth.of($0.model) }.max() ?? 0
    let tail = String(repeating: " ", count: longest - TextWidth.of(entries[i].model))
    let rank = entries.count > 9 && i < 9 ? " \(i + 1)" : "\(i + 1)"
    let middle = widest > 0 ? change + blanks + " " : ""
    return "\(rank) \(glyphs.signs[entries[i].state]) \(middle)\(entries[i].model)\(tail)"
  }

  private func draw(_ entry: Entry, _ rect: Rect, _ frame: PlotFrame, on plotter: inout Plotter) {
    if rect.isEmpty { return }
    let row = Double(rect.y) + 0.5
    guard let mean = entry.mean, mean.isFinite else {
      plotter.text(entry.state.rawValue, .init(Double(rect.x + 1), Double(rect.y)), role: .muted, width: rect.width - 1)
      return
    }
    let low = min(entry.low ?? mean, mean)
    let high = max(entry.high ?? mean, mean)
    let (left, right) = (frame.x(low), frame.x(high))
    guard left.isFinite, right.isFinite else { return }
    if low < high { plotter.rule(.init(left, row), .init(right, row), .series(1), capsStart: true, capsEnd: true) }
    plotter.markers([.init(frame.x(mean), row)], .series(1), .disc)
    plotter.label(
      [Numbers.short(mean, digits: 3)], beside: left.rounded(.down)...(right.rounded(.down) + 1), row: rect.y,
      in: frame.plot)
  }

  private func readout(_ i: Int, _ glyphs: Glyphs) -> String {
    let entry = entries[i]
    var parts = ["\(i + 1). \(entry.model)", entry.state.rawValue]
    if let mean = entry.mean { parts.insert("\(metric) \(Numbers.short(mean))", at: 1) }
    if let low = entry.low, let high = entry.high {
      parts.insert("folds \(Numbers.short(low))\(glyphs.range)\(Numbers.short(high))", at: 2)
    }
    let change = changeText(entry, glyphs)
    return (parts + (change.isEmpty ? [] : [change])).joined(separator: "  ")
  }
}

extension Glyphs {
  /// Signs of the states of a model.
  struct Signs {
    let done, running, waiting, failed: String

    subscript(_ state: Leaderboard.State) -> String {
      switch state {
      case .done: done
      case .running: running
      case .waiting: waiting
      case .failed: failed
      }
    }
  }

  var signs: Signs {
    kind == .ascii
      ? Signs(done: "*", running: ">", waiting: ".", failed: "x")
      : Signs(done: "✓", running: "▶", waiting: "·", failed: "✗")
  }
}
