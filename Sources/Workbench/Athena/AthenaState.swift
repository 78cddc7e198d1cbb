import Engine
import Foundation
import Frame
import Widgets

/// What the screen knows of queries of Athena.
public struct AthenaState: Sendable {
  /// How the last query stands.
  enum Phase: Sendable, Equatable {
    case none
    case running(RequestID, since: Double)
    case done(AthenaOutcome, seconds: Double)
    case failed(String)
    case cancelled
  }

  /// What a query may cost.
  enum Cost: Sendable, Equatable {
    case none
    case counting(RequestID, sql: String)
    case known(AthenaEstimate, sql: String)
    case failed(String, sql: String)
  }

  var editor = TextAreaState()
  var database: String?
  var output = ""
  var workgroup = ""
  /// Where rows are unloaded as Parquet; empty brings them here.
  var unload = ""

  var phase = Phase.none
  var progress: AthenaProgress?
  var cost = Cost.none
  /// The first rows of the last result.
  var preview: Preview?

  /// Newest first; nil until it was read.
  var history: [AthenaRecord]?
  /// Of the catalogue; nil until they were asked for.
  var databases: [String]?
  var tables: [String: [CatalogTable]] = [:]
  /// Databases whose tables were asked for.
  var asked: Set<String> = []
  /// Why the catalogue cannot be read.
  var refusal: String?
  var hasAsked = false

  public init() {}

  var query: AthenaQuery {
    AthenaQuery(
      editor.text, database: database, output: output.isEmpty ? nil : output,
      workgroup: workgroup.isEmpty ? nil : workgroup, unload: unload.isEmpty ? nil : unload)
  }
}

/// What a question to Athena is for.
public enum AthenaTask: Sendable, Equatable {
  case run
  case estimate
  case preview
  case databases
  case tables(String)
  case history
  /// The flow in the SQL of Athena.
  case statement
}

// MARK: Asking

/// Runs what stands in the editor.
func runAthena(_ state: inout WorkbenchState) -> [Effect] {
  if case .running = state.athena.phase {
    state.say("A query is running: ^C stops it.", .warning)
    return []
  }
  guard !state.athena.editor.text.trimmingBlanks.isEmpty else {
    state.say("There is no SQL to run yet.", .warning)
    return []
  }
  let (id, effect) = state.ask(.cloud(.athena(state.athena.query)), for: .athena(.run))
  state.athena.phase = .running(id, since: state.clock)
  (state.athena.progress, state.athena.preview) = (nil, nil)
  return [effect]
}

/// Counts what the tables of the query hold.
func estimateAthena(_ state: inout WorkbenchState) -> [Effect] {
  let query = state.athena.query
  guard !query.sql.trimmingBlanks.isEmpty else { return [] }
  let (id, effect) = state.ask(.cloud(.estimate(query)), for: .athena(.estimate))
  state.athena.cost = .counting(id, sql: query.sql)
  return [effect]
}

/// Asks for what completion and the lists need and has not been asked for.
func fetchAthena(_ state: inout WorkbenchState) -> [Effect] {
  var effects: [Effect] = []
  if !state.athena.hasAsked {
    state.athena.hasAsked = true
    effects.append(state.ask(.cloud(.list(.databases, next: nil)), for: .athena(.databases)).1)
    effects.append(state.ask(.cloud(.history), for: .athena(.history)).1)
  }
  let named = (state.athena.databases ?? []).filter { state.athena.editor.text.contains($0 + ".") }
  for name in named + (state.athena.database.map { [$0] } ?? []) where state.athena.asked.insert(name).inserted {
    effects.append(state.ask(.cloud(.catalogue(database: name)), for: .athena(.tables(name))).1)
  }
  return effects
}

/// Opens the rows of the last result as a dataset.
func openAthenaResult(_ path: String, _ state: inout WorkbenchState) -> [Effect] {
  guard state.isDirty else { return openPath(path, &state) }
  state.overlays.append(ConfirmOverlay.leaveUnsaved(opening: path))
  return []
}

// MARK: Answers

func receiveAthena(
  _ happening: JobHappening, _ task: AthenaTask, _ request: RequestID, _ state: inout WorkbenchState
) -> [Effect] {
  switch (task, happening) {
  case (.run, _): return receiveRun(happening, request, &state)
  case (.estimate, _): receiveEstimate(happening, request, &state)
  case (.preview, .done(.preview(let preview))): state.athena.preview = preview
  case (.databases, .done(.cloud(.listed(let listing)))):
    state.athena.databases = listing.entries.map(\.name)
    if state.athena.database == nil, listing.entries.count == 1 { state.athena.database = listing.entries[0].name }
  case (.databases, .done(.cloud(.refused(let refusal)))): state.athena.refusal = refusal.text
  case (.tables, .done(.cloud(.catalogue(let database, let tables)))): state.athena.tables[database] = tables
  case (.tables(let database), .failed(let text)):
    // What was refused is not asked for again with every key.
    state.athena.refusal = "\(database): \(text)"
  case (.history, .done(.cloud(.history(let records)))): take(records, &state)
  case (.statement, .done(.cloud(.statement(let sql)))):
    state.athena.editor.set(sql)
    state.say("The flow in the SQL of Athena. ^G brings back what stood here.", .success)
  case (.statement, .failed(let text)), (.preview, .failed(let text)): state.say(text, .error)
  default: break
  }
  return []
}

/// Takes what was run before; where the last that succeeded ran is where the next will, if nobody said another place. Not
/// where it left Parquet: what is written, and stays, is written because a person asks for it in this editor.
private func take(_ records: [AthenaRecord], _ state: inout WorkbenchState) {
  let isFirst = state.athena.history == nil
  state.athena.history = records
  guard isFirst, let last = records.first(where: { $0.state == "SUCCEEDED" })?.query else { return }
  if state.athena.database == nil { state.athena.database = last.database }
  if state.athena.output.isEmpty { state.athena.output = last.output ?? "" }
  if state.athena.workgroup.isEmpty { state.athena.workgroup = last.workgroup ?? "" }
}

private func receiveRun(
  _ happening: JobHappening, _ request: RequestID, _ state: inout WorkbenchState
) -> [Effect] {
  guard case .running(request, let since) = state.athena.phase else { return [] }
  switch happening {
  case .partial(.cloud(.athenaProgress(let progress))):
    state.athena.progress = progress
    return []
  case .done(.cloud(.athena(let outcome))):
    state.athena.phase = .done(outcome, seconds: state.clock - since)
    let what = outcome.path == nil ? "done" : counted(outcome.rows, "row")
    state.say("Athena: \(what)\(costText(outcome).map { ", " + $0 } ?? "")", .success)
  case .failed(let text):
    state.athena.phase = .failed(text)
    state.say(text, .error)
  case .cancelled:
    state.athena.phase = .cancelled
    state.say("The query was stopped, at Athena too. What it had read by then is paid for.")
  case .started, .progress, .partial, .done: return []
  }
  var effects = [state.ask(.cloud(.history), for: .athena(.history)).1]
  if case .done(let outcome, _) = state.athena.phase, let path = outcome.path {
    effects.append(state.ask(.preview(Source(location: path)), for: .athena(.preview)).1)
  }
  return effects
}

private func receiveEstimate(_ happening: JobHappening, _ request: RequestID, _ state: inout WorkbenchState) {
  guard case .counting(request, let sql) = state.athena.cost else { return }
  switch happening {
  case .done(.cloud(.estimated(let estimate))): state.athena.cost = .known(estimate, sql: sql)
  case .failed(let text): state.athena.cost = .failed(text, sql: sql)
  case .cancelled: state.athena.cost = .none
  case .started, .progress, .partial, .done: break
  }
}

// MARK: Words

/// `12 MB scanned, about $0.0001`; nil where nobody said.
func costText(_ outcome: AthenaOutcome) -> String? {
  guard let bytes = outcome.bytesScanned else { return nil }
  return "\(byteText(bytes)) scanned" + (outcome.dollars.map { ", about \(dollarText($0))" } ?? "")
}

/// Dollars as far as they matter: `$0.00005`, `$0.0251`, `$12.30`.
func dollarText(_ dollars: Double) -> String {
  guard dollars > 0 else { return "$0" }
  return "$" + String(format: dollars < 0.001 ? "%.5f" : dollars < 1 ? "%.4f" : "%.2f", dollars)
}
