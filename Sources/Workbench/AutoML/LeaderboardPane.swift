import Engine
import Foundation
import Grid
import Learn
import Plot
import Widgets

/// A training in the chart pane: how far it is, the leaderboard, the best so far by time, and the candidate under the cursor.
func drawLeaderboard(
  _ analysis: Analysis, _ study: AutoMLStudy, _ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect,
  hits: inout HitMap
) {
  let board = board(analysis, study, state)
  guard !board.rows.isEmpty || board.run != nil else {
    let key = state.keyLabel("automl.goOn")
    let why =
      state.requests.values.contains(.analysis(analysis.id))
      ? "Waits for its turn." : "Nothing has been trained yet: \(key) begins."
    drawHint([analysis.name, why, "models in \(study.folder)"], state, into: &grid, in: rect)
    return
  }
  let body = rect.splitLeft(1).1
  let headLines = body.height >= 5 ? 2 : body.height >= 3 ? 1 : 0
  let (head, below) = body.splitTop(headLines)
  drawHead(board, analysis, study, state, into: &grid, in: head)
  // A fixed share, so that nothing jumps while rows come.
  let foot = below.height >= 14 ? max(7, min(22, below.height * 9 / 20)) : below.height >= 7 ? 2 : 0
  let (top, bottom) = below.splitTop(below.height - foot)
  let view = state.automl.boards[analysis.id] ?? BoardState()
  hits.add(BoardTable(board, view, state).draw(in: top, on: &grid, state.drawing))
  guard !bottom.isEmpty else { return }
  drawFoot(board, view, state, into: &grid, in: bottom)
}

// MARK: - Head

private func drawHead(
  _ board: ModelBoard, _ analysis: Analysis, _ study: AutoMLStudy, _ state: WorkbenchState, into grid: inout CellGrid,
  in rect: Rect
) {
  guard !rect.isEmpty else { return }
  let context = state.drawing
  let dot = context.glyphs == .ascii ? " - " : " · "
  let (muted, text) = (context.mutedStyle, context.textStyle)
  var parts: [(String, Style)] = [(study.options.target, context.titleStyle)]
  if let metric = board.metric { parts.append((dot + metricTitle(metric.rawValue), text)) }
  let plan = board.run?.plan ?? board.plan
  let problem = board.report.map { ($0.problem, $0.reason) } ?? plan.map { ($0.problem, $0.reason) }
  let words =
    problem.map { "\($0.0.title): \($0.1)" } ?? study.options.preset.rawValue + dot + "seed \(study.options.seed)"
  let best = bestText(board)
  let room = rect.width - 1 - (best.isEmpty ? 0 : TextWidth.of(best) + 2)
  let left = room - parts.reduce(0) { $0 + TextWidth.of($1.0) }
  if left > 12 { parts.append((TextWidth.fit(dot + words, min(left, TextWidth.of(dot + words))), muted)) }
  drawParts(parts, into: &grid, in: Rect(x: rect.x, y: rect.y, width: max(0, room), height: 1))
  if !best.isEmpty, room > 12 {
    grid.draw(
      best, x: rect.maxX - 1 - TextWidth.of(best), y: rect.y, style: Level.success.style(context),
      width: TextWidth.of(best))
  }
  guard rect.height > 1 else { return }
  drawProgress(board, study, state, into: &grid, in: Rect(x: rect.x, y: rect.y + 1, width: rect.width - 1, height: 1))
}

/// `best 0.9274`: of the ensemble, or of the best candidate while there is none.
private func bestText(_ board: ModelBoard) -> String {
  guard let row = board.rows.first(where: { $0.id == 0 }) ?? board.rows.first(where: { $0.rank == 1 }),
    let score = row.score
  else { return "" }
  return "best " + BoardTable.figure(score) + (row.std.map { " ± " + BoardTable.figure($0) } ?? "")
}

private func drawProgress(
  _ board: ModelBoard, _ study: AutoMLStudy, _ state: WorkbenchState, into grid: inout CellGrid, in row: Rect
) {
  let context = state.drawing
  let dot = context.glyphs == .ascii ? " - " : " · "
  let limit = study.options.timeLimit
  let candidates = counted(board.trials.count, "candidate")
  guard let run = board.run, run.isActive else {
    let (text, level) = endText(board, limit, candidates, state)
    grid.draw(
      TextWidth.fit(text, row.width), x: row.x, y: row.y, style: level.style(context), width: row.width)
    return
  }
  let seconds = run.seconds(at: state.clock)
  let bar = Rect(x: row.x, y: row.y, width: min(36, row.width * 2 / 5), height: 1)
  let isMoving = run.phase == .waiting || run.phase == .finishing
  ProgressBar(isMoving ? nil : min(1, seconds / limit), tick: Int(state.clock * 10)).draw(in: bar, on: &grid, context)
  var parts = ["\(Number.duration(seconds)) of \(Number.duration(limit))"]
  switch run.phase {
  case .waiting: parts = ["waits for its turn"]
  case .paused:
    parts += ["\(context.glyphs == .ascii ? "||" : "‖") paused", "\(state.keyLabel("automl.pause")) goes on"]
  case .finishing: parts += ["keeping the best"]
  case .running, .cutShort:
    parts += ["left \(Number.duration(max(0, limit - seconds)))", candidates]
    switch run.step {
    case .preparing: parts.append("reading the rows")
    case .portfolio: if !run.queue.isEmpty { parts.append("\(run.queue.count) more, then a search") }
    case .search: parts.append("searching around the best")
    case .stacking: parts.append("stacking")
    case .ensemble: parts.append("choosing the ensemble")
    case .judging: parts.append("judging the test rows")
    case .done: break
    }
  }
  let x = bar.maxX + 1
  grid.draw(
    TextWidth.fit(parts.joined(separator: dot), max(0, row.maxX - x)), x: x, y: row.y,
    style: (run.phase == .paused ? Level.warning : .running).style(context), width: max(0, row.maxX - x))
}

/// How a run ended, or where it was cut short.
private func endText(
  _ board: ModelBoard, _ limit: Double, _ candidates: String, _ state: WorkbenchState
) -> (String, Level) {
  let glyphs = state.drawing.glyphs
  let dot = glyphs == .ascii ? " - " : " · "
  if let run = board.run {
    let keys = "\(state.keyLabel("automl.goOn")) goes on, \(state.keyLabel("automl.stop")) keeps the best"
    return (
      "! cut short at \(Number.duration(run.elapsed)) of \(Number.duration(limit))\(dot)\(candidates)\(dot)\(keys)",
      .warning
    )
  }
  if let plan = board.plan {
    let marks = state.automl.boards[currentTraining(state)?.analysis.id ?? -1]?.marks.count ?? 0
    let which = marks > 0 ? "the \(marks) marked" : "all, \(state.keyLabel("automl.mark")) marks some"
    return (
      "\(counted(board.listed.count, "candidate")), none trained\(dot)\(state.keyLabel("automl.train")) trains \(which)"
        + "\(dot)\(counted(plan.folds, "fold"))\(dot)\(counted(plan.rows, "row"))", .info
    )
  }
  guard let report = board.report else { return ("", .info) }
  var text =
    "\(Level.success.mark(glyphs)) \(candidates) in \(Number.duration(report.seconds))\(dot)\(counted(report.folds, "fold"))\(dot)"
    + "\(Number.grouped(report.rows)) rows"
  if let test = report.test, let value = test.metrics[report.metric.rawValue] {
    text +=
      "\(dot)test \(metricTitle(report.metric.rawValue)) \(BoardTable.figure(value)) on "
      + "\(Number.grouped(test.rows)) rows"
  }
  return (text, .success)
}

// MARK: - Foot

/// Below the rows: the best so far by time, and the candidate under the cursor.
private func drawFoot(
  _ board: ModelBoard, _ view: BoardState, _ state: WorkbenchState, into grid: inout CellGrid, in rect: Rect
) {
  let context = state.drawing
  let place = board.place(view)
  let row = board.rows.indices.contains(place) ? board.rows[place] : nil
  guard rect.height > 2 else {
    for (offset, line) in detailLines(board, row, width: rect.width - 1).prefix(rect.height).enumerated() {
      grid.draw(line, x: rect.x, y: rect.y + offset, style: context.mutedStyle, width: rect.width - 1)
    }
    return
  }
  let rule = String(repeating: context.glyphs == .ascii ? "-" : "─", count: max(0, rect.width - 1))
  grid.draw(rule, x: rect.x, y: rect.y, style: context.mutedStyle, width: rect.width - 1)
  let body = rect.splitTop(1).1
  if let plan = board.plan {
    let width = max(1, body.width - 1)
    let lines = detailLines(board, row, width: width) + [""] + planLines(plan, width: width)
    for (offset, line) in lines.prefix(body.height).enumerated() {
      grid.draw(
        line, x: body.x, y: body.y + offset, style: offset == 0 ? context.textStyle : context.mutedStyle, width: width)
    }
    return
  }
  let isWide = body.width >= 90
  let (picture, words) =
    isWide ? body.splitLeft(body.width * 11 / 20) : body.splitTop(body.height - 2)
  if let chart = learningCurve(board, row) ?? bestCurve(board) {
    let drawn = ChartMemory.shared.render(chart, size: picture.size, context: context, view: .whole)
    grid.blit(drawn.grid, at: picture.origin)
  } else {
    grid.draw(
      TextWidth.fit("The best by time is drawn from the second candidate on.", picture.width), x: picture.x,
      y: picture.y, style: context.mutedStyle, width: picture.width)
  }
  let inner = isWide ? words.splitLeft(2).1 : words
  var lines = detailLines(board, row, width: inner.width - 1)
  let queue = queueLines(board, room: inner.height - lines.count - 1)
  if !queue.isEmpty { lines += [""] + queue }
  for (offset, line) in lines.prefix(inner.height).enumerated() {
    grid.draw(
      line, x: inner.x, y: inner.y + offset, style: offset == 0 ? context.textStyle : context.mutedStyle,
      width: inner.width - 1)
  }
}

/// What the candidates of a list would see.
private func planLines(_ plan: AutoMLPlan, width: Int) -> [String] {
  var texts = ["Columns: " + plan.features.map { "\($0.column) (\($0.kind.rawValue))" }.joined(separator: ", ")]
  if !plan.excluded.isEmpty {
    texts.append("Left out: " + plan.excluded.map { "\($0.column) (\($0.reason))" }.joined(separator: ", "))
  }
  return (texts + plan.notes).flatMap { wrapped($0, width: width) }
}

/// What is trained next, as far as there is room.
private func queueLines(_ board: ModelBoard, room: Int) -> [String] {
  guard let run = board.run, run.isActive, !run.queue.isEmpty, room > 1 else { return [] }
  let shown = run.queue.prefix(run.queue.count <= room - 1 ? room - 1 : room - 2)
  let rest = run.queue.count - shown.count
  return ["next"] + shown.map { "  #\($0.number) \($0.model): \($0.settings)" }
    + (rest > 0 ? ["  and \(rest) more"] : [])
}

/// The row under the cursor in words: its settings, the figure of each fold, why it ended.
private func detailLines(_ board: ModelBoard, _ row: ModelBoard.Row?, width: Int) -> [String] {
  guard let row else { return [] }
  var isUntuned = false
  if case .running = row.status { isUntuned = board.metric?.usesDecision == true }
  var lines = wrapped(
    row.id > 0 ? "\(row.model) #\(row.id): \(row.settings)" : "Ensemble: \(row.settings)", width: max(1, width))
  if !row.folds.isEmpty {
    let figures = row.folds.map { BoardTable.figure($0) }.joined(separator: " ")
    lines += wrapped((isUntuned ? "folds at probability one half " : "folds ") + figures, width: max(1, width))
  }
  if let recipe = row.recipe { lines += wrapped(recipe, width: max(1, width)) }
  if row.isTied {
    lines += wrapped(
      "Ties with the best candidate: the folds do not tell them apart (paired test).", width: max(1, width))
  }
  if let reason = row.reason { lines += wrapped(reason, width: max(1, width)) }
  return lines
}

/// The best candidate and the ensemble by the seconds of the run; nil below two candidates with a figure.
func bestCurve(_ board: ModelBoard) -> Chart? {
  guard let metric = board.metric else { return nil }
  var best: Double?
  var (positions, candidates, ensembles): ([Double], [Double?], [Double?]) = ([], [], [])
  for trial in board.trials where trial.elapsed > (positions.last ?? -1) {
    if let score = trial.row.score, metric.gain(score) > metric.gain(best) { best = score }
    guard best != nil else { continue }
    positions.append(trial.elapsed)
    candidates.append(best)
    ensembles.append(trial.best)
  }
  guard positions.count > 1 else { return nil }
  var series = [LineChart.Series(name: "best candidate", values: candidates)]
  if ensembles.contains(where: { $0 != nil }) { series.insert(.init(name: "ensemble", values: ensembles), at: 0) }
  return .content(
    LineChart(
      heading: "best \(metricTitle(metric.rawValue)) by seconds", x: "seconds", y: metricTitle(metric.rawValue),
      positions: positions, series: series, total: nil))
}

/// What the candidate in training says of its newest fold, while the cursor stands on it; nil before there is a curve.
private func learningCurve(_ board: ModelBoard, _ row: ModelBoard.Row?) -> Chart? {
  guard let row, case .running = row.status, let running = board.run?.running,
    let last = running.learning.last
  else { return nil }
  let points = running.learning.filter { $0.fold == last.fold }
  var (positions, values): ([Double], [Double?]) = ([], [])
  for point in points where Double(point.step) > (positions.last ?? -1) {
    positions.append(Double(point.step))
    values.append(point.score)
  }
  guard positions.count > 1 else { return nil }
  return .content(
    LineChart(
      heading: "\(last.name) of fold \(last.fold + 1) by round", x: "round", y: last.name, positions: positions,
      series: [.init(name: "fold \(last.fold + 1)", values: values)], total: nil, xKind: .integer))
}

/// The row under the cursor in one line, for the status line; empty where the leaderboard is not in front.
func boardReadout(_ state: WorkbenchState) -> String {
  guard let (analysis, study) = shownTraining(state) else { return "" }
  let board = board(analysis, study, state)
  let place = board.place(state.automl.boards[analysis.id] ?? BoardState())
  guard board.rows.indices.contains(place) else { return "" }
  let row = board.rows[place]
  var parts = [row.id > 0 ? "\(row.model) #\(row.id)" : row.model]
  if let metric = board.metric, let score = row.score {
    parts.append("\(metricTitle(metric.rawValue)) \(BoardTable.figure(score))")
  }
  if let rank = row.rank { parts.append("\(rank) of \(board.rows.count { $0.rank != nil })") }
  if row.isTied { parts.append("ties with the best") }
  if let reason = row.reason { parts.append(reason) }
  return parts.joined(separator: "  ")
}
