import Embed
import Engine
import Grid
import Plot
import Widgets

/// A training of word vectors while it goes on, and how it went: speed, loss, rate, the curve of what judges it. Closed, the
/// training goes on.
struct WordWatchOverlay: Overlay {
  private let folder: String

  init(_ folder: String) { self.folder = folder }

  var hints: [(key: String, label: String)] {
    [("p", "pause"), ("x", "stop and keep"), ("Enter", "word lab"), ("m", "models"), ("Esc", "leave it running")]
  }

  // MARK: Events

  mutating func handle(_ event: InputEvent, _ state: inout WorkbenchState) -> OverlayOutcome {
    guard case .key(let key) = event else { return .stay() }
    let training = state.words[folder]
    switch key.code {
    case .escape, .character("q"): return .close()
    case .character("p"): return .stay(pauseWords(folder, &state))
    case .character("x"): return .stay(stopWords(folder, &state))
    case .character("m"): return .replace(TextModelsOverlay(state))
    case .enter:
      guard let training else { return .close() }
      if training.isUsable { return .replace(WordLabOverlay([folder], state)) }
      state.say(
        training.isActive
          ? "The lab opens when the training has ended: x ends it now." : "There is no model to look at.")
    default: break
    }
    return .stay()
  }

  // MARK: Drawing

  func draw(into grid: inout CellGrid, _ state: WorkbenchState) -> HitMap {
    let context = state.drawing
    let bounds = FormDialog.bounds(state.size)
    let size = Size(width: min(bounds.width - 4, 110), height: min(bounds.height - 2, 30))
    let rect = DialogFrame.rect(for: size, in: bounds)
    let isActive = state.words[folder]?.isActive == true
    let hits = DialogFrame(
      "Training", note: fileName(folder), hints: isActive ? "p: pause  x: stop  Esc: leave" : "Enter: lab  Esc: close"
    ).draw(in: rect, on: &grid, context)
    let inner = DialogFrame.inner(rect)
    guard let training = state.words[folder], !inner.isEmpty else { return hits }
    var lines = [head(training, state)]
    lines += [("", context.textStyle)] + facts(training, state).map { ($0, context.textStyle) }
    let end = ending(training, state)
    let room = max(0, inner.height - 2)
    guard inner.width > 0 else { return hits }
    // The bar is what a person looks for first.
    grid.draw(
      TextWidth.fit(lines[0].0, inner.width), x: inner.x, y: inner.y, style: lines[0].1, width: inner.width)
    drawBar(
      training, in: Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: inner.height > 1 ? 1 : 0), &grid, state
    )
    var y = inner.y + 2
    for (text, style) in lines.dropFirst(inner.height < 10 ? 2 : 1).prefix(room) where y < inner.maxY {
      grid.draw(TextWidth.fit(text, inner.width), x: inner.x, y: y, style: style, width: inner.width)
      y += 1
    }
    for (text, level) in end {
      for line in wrapped(text, width: max(1, inner.width)) where y < inner.maxY {
        grid.draw(line, x: inner.x, y: y, style: level.style(context), width: inner.width)
        y += 1
      }
    }
    let below = Rect(x: inner.x, y: y + 1, width: inner.width, height: max(0, inner.maxY - y - 1))
    guard below.height >= 5 else { return hits }
    if let chart = chart(training) {
      let drawn = ChartMemory.shared.render(chart, size: below.size, context: context, view: .whole)
      grid.blit(drawn.grid, at: below.origin)
    } else {
      grid.draw("The curve is drawn from the second figure on.", x: below.x, y: below.y, style: context.mutedStyle)
    }
    return hits
  }

  private func head(_ training: WordTraining, _ state: WorkbenchState) -> (String, Style) {
    let dot = state.drawing.glyphs == .ascii ? " - " : " · "
    let source: String
    switch training.spec.input {
    case .lines(let path): source = fileName(path)
    case .column(let request, let text, _): source = "\(text) of \(request.graph[request.node]?.title ?? "the step")"
    }
    let options = training.spec.options
    let words = [
      options.mode.rawValue, source, "\(options.vectorDim) numbers",
      counted(options.threads, "thread"),
    ]
    return (words.joined(separator: dot), state.drawing.titleStyle)
  }

  private func drawBar(_ training: WordTraining, in row: Rect, _ grid: inout CellGrid, _ state: WorkbenchState) {
    guard !row.isEmpty else { return }
    let context = state.drawing
    let bar = Rect(x: row.x, y: row.y, width: min(40, row.width / 2), height: 1)
    let fraction: Double? =
      training.phase == .done ? 1 : training.phase == .stopping ? nil : training.now?.fraction
    ProgressBar(fraction, tick: Int(state.clock * 10)).draw(in: bar, on: &grid, context)
    let text: String
    switch training.phase {
    case .waiting: text = "waits for its turn"
    case .running:
      text =
        training.now == nil
        ? (training.note.isEmpty ? "begins" : training.note)
        : training.now?.fraction == 1
          ? "writing the vectors"
          : training.remaining(at: state.clock).map { "about \(Number.duration($0)) left" } ?? "no estimate yet"
    case .paused: text = "\(context.glyphs == .ascii ? "||" : "‖") paused: p goes on"
    case .stopping: text = "writing what it has learnt"
    case .done: text = "done in \(Number.duration(training.elapsed(at: state.clock)))"
    case .stopped: text = "stopped"
    case .failed: text = "failed"
    }
    let x = bar.maxX + 1
    grid.draw(
      TextWidth.fit(text, max(0, row.maxX - x)), x: x, y: row.y,
      style: (training.phase == .paused ? Level.warning : .running).style(context), width: max(0, row.maxX - x))
  }

  private func facts(_ training: WordTraining, _ state: WorkbenchState) -> [String] {
    guard let now = training.now else { return [] }
    func pair(_ name: String, _ value: String) -> String { TextWidth.fit(name, 14) + value }
    var lines = [
      pair("epoch", "\(now.epoch) of \(now.epochs)"),
      pair("words/s", Number.compact(Int(now.wordsPerSecond.isFinite ? now.wordsPerSecond : 0))),
      pair("loss", now.loss.map(Number.short) ?? "–"), pair("learning_rate", Number.short(now.learningRate)),
      pair("elapsed", Number.duration(training.elapsed(at: state.clock))),
    ]
    if let scores = training.scores.last, !scores.isEmpty {
      for score in scores {
        let value = score.spearman.map { "Spearman \(Number.short($0))" } ?? "no figure"
        lines.append(pair(fileName(score.file), "\(value), \(score.found) of \(score.pairs) pairs known"))
      }
    }
    if let accuracy = training.accuracies.last {
      let best = training.accuracies.max() ?? accuracy
      lines.append(pair("held out", "\(Number.percent(accuracy)) right, best \(Number.percent(best))"))
    }
    return lines
  }

  /// How it ended, and why.
  private func ending(_ training: WordTraining, _ state: WorkbenchState) -> [(String, Level)] {
    switch training.phase {
    case .done:
      guard let report = training.report else { return [] }
      var parts = ["\(Number.grouped(report.vocabulary)) words of \(Number.grouped(report.words)) read have vectors."]
      if let labels = report.labels { parts.append("\(labels.count) labels.") }
      if training.spec.options.earlyStopping {
        let (epochs, patience) = (report.validationAccuracy.count, training.spec.options.patience)
        parts.append(
          report.stoppedEarly
            ? "Stopped early after epoch \(epochs): \(patience) epochs brought no better score."
            : "Not stopped early: the score went on getting better within \(patience) epochs.")
      }
      return [(parts.joined(separator: " "), .success), ("in \(folder)", .info)]
    case .stopped(let isUsable):
      return [
        (
          isUsable
            ? "Stopped by hand; the folder holds what was learnt by then." : "Stopped before anything was learnt.",
          .warning
        )
      ]
    case .failed(let text): return [(text, .error)]
    case .waiting, .running, .paused, .stopping: return []
    }
  }

  /// What judges the vectors by epoch, or else the loss.
  private func chart(_ training: WordTraining) -> Chart? {
    let scored = training.scores.filter { !$0.isEmpty }
    if scored.count > 1 {
      let files = scored[0].indices
      return .content(
        LineChart(
          heading: "Spearman by epoch", x: "epoch", y: "Spearman", positions: scored.indices.map { Double($0 + 1) },
          series: files.map { file in
            .init(
              name: fileName(scored[0][file].file),
              values: scored.map { $0.indices.contains(file) ? $0[file].spearman : nil })
          }, total: nil, xKind: .integer))
    }
    if training.accuracies.count > 1 {
      let best = training.accuracies.indices.max { training.accuracies[$0] < training.accuracies[$1] } ?? 0
      return .content(
        LineChart(
          heading: "held-out texts labelled rightly, by epoch", x: "epoch", y: "share",
          positions: training.accuracies.indices.map { Double($0 + 1) },
          series: [.init(name: "held out", values: training.accuracies)], best: Double(best + 1), total: nil,
          xKind: .integer))
    }
    guard training.losses.count > 1 else { return nil }
    let epochs = Double(training.spec.options.epochs)
    return .content(
      LineChart(
        heading: "loss by epoch", x: "epoch", y: "loss", positions: training.losses.map { $0.fraction * epochs },
        series: [.init(name: "loss", values: training.losses.map(\.loss))], total: nil))
  }
}
