import Embed
import Engine

/// What the screen knows of trainings of word vectors and of models of words.
public struct WordState: Sendable {
  /// Trainings of this session, the newest first.
  public var trainings: [WordTraining] = []
  /// What was typed into the lab last.
  var line = ""

  public init() {}

  subscript(folder: String) -> WordTraining? {
    get { trainings.first { $0.folder == folder } }
    set {
      guard let place = trainings.firstIndex(where: { $0.folder == folder }) else { return }
      if let newValue { trainings[place] = newValue } else { trainings.remove(at: place) }
    }
  }
}

/// A training of word vectors, or of a classifier of texts, as it goes on.
public struct WordTraining: Sendable, Equatable {
  public enum Phase: Sendable, Equatable {
    case waiting, running, paused
    /// Writes what it has learnt.
    case stopping
    case done
    /// Ended by hand; the folder holds what it had learnt, where it had begun to.
    case stopped(isUsable: Bool)
    case failed(String)
  }

  public let spec: EmbedTraining
  var request: RequestID?
  public var phase = Phase.waiting
  /// What is being done before words are learnt from.
  public var note = ""
  public var now: TrainingProgress?
  /// Losses by the fraction that was done.
  var losses: [(fraction: Double, loss: Double)] = []
  /// For each epoch that has been judged, the scores of each file of pairs.
  public var scores: [[SimilarityScore]] = []
  /// For each epoch, the share of held-out texts that a classifier labels rightly.
  public var accuracies: [Double] = []
  public var report: EmbedReport?
  /// By the application's clock: when learning began, and how long it has waited since.
  var begun: Double?
  var pausedAt: Double?
  var waited = 0.0
  var endedAt: Double?

  public var folder: String { spec.folder }
  var mode: EmbedMode { spec.options.mode }

  var isActive: Bool {
    switch phase {
    case .waiting, .running, .paused, .stopping: true
    case .done, .stopped, .failed: false
    }
  }

  var isUsable: Bool {
    switch phase {
    case .done, .stopped(isUsable: true): true
    case .waiting, .running, .paused, .stopping, .stopped, .failed: false
    }
  }

  init(_ spec: EmbedTraining) { self.spec = spec }

  public static func == (left: WordTraining, right: WordTraining) -> Bool {
    left.spec == right.spec && left.request == right.request && left.phase == right.phase && left.now == right.now
  }

  /// Seconds of learning, without those that were waited.
  func elapsed(at clock: Double) -> Double {
    guard let begun else { return 0 }
    let pause = pausedAt.map { (endedAt ?? clock) - $0 } ?? 0
    return max(0, (endedAt ?? clock) - begun - waited - pause)
  }

  /// Seconds left; nil where nobody can tell yet.
  func remaining(at clock: Double) -> Double? {
    guard let fraction = now?.fraction, fraction >= 0.03, fraction < 1, isActive else { return nil }
    return elapsed(at: clock) * (1 - fraction) / fraction
  }

  private static let mostLosses = 400

  mutating func take(_ progress: TrainingProgress, at clock: Double) {
    if phase == .waiting { phase = .running }
    if begun == nil { begun = clock }
    now = progress
    if let accuracy = progress.accuracy { accuracies.append(accuracy) }
    guard let loss = progress.loss, loss.isFinite, progress.fraction > losses.last?.fraction ?? -1 else { return }
    losses.append((progress.fraction, loss))
    // Every second one is enough for a curve of twice the length.
    guard losses.count > Self.mostLosses else { return }
    losses = losses.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }
}

/// Takes what a training of word vectors says.
func receiveWordTraining(
  _ happening: JobHappening, _ folder: String, _ request: RequestID, _ state: inout WorkbenchState
) {
  guard var training = state.words[folder], training.request == request else { return }
  let name = fileName(folder)
  let clock = state.clock
  switch happening {
  case .started: if training.phase == .waiting { training.phase = .running }
  case .progress(let progress): if training.now == nil { training.note = progress.note }
  case .partial(.embedding(let progress)): training.take(progress, at: clock)
  case .partial(.embeddingScores(let scores)): training.scores.append(scores)
  case .partial: break
  case .done(.embedded(.trained(let report))):
    (training.phase, training.report, training.endedAt) = (.done, report, clock)
    let key = state.keyLabel("words.models")
    state.say("\(name): \(Number.grouped(report.vocabulary)) words have vectors. \(key) opens the word lab.", .success)
  case .failed(let text):
    (training.phase, training.endedAt) = (.failed(text), clock)
    state.say(text, .error)
  case .cancelled:
    let isUsable = state.fileExists(folder + "/eval.json") && training.now != nil
    (training.phase, training.endedAt) = (.stopped(isUsable: isUsable), clock)
    state.say(isUsable ? "Stopped: \(name) holds what was learnt by then." : "Stopped before anything was learnt.")
  case .done: break
  }
  state.words[folder] = training
}

/// Lets a training wait, or go on.
func pauseWords(_ folder: String, _ state: inout WorkbenchState) -> [Effect] {
  guard var training = state.words[folder] else { return [] }
  switch training.phase {
  case .running:
    training.phase = .paused
    training.pausedAt = state.clock
  case .paused:
    training.phase = .running
    training.waited += training.pausedAt.map { state.clock - $0 } ?? 0
    training.pausedAt = nil
  case .waiting, .stopping, .done, .stopped, .failed: return []
  }
  state.words[folder] = training
  return [state.ask(.lab(.pause(folder: folder, isPaused: training.phase == .paused)), for: .steering).1]
}

/// Ends a training; what it has learnt is kept.
func stopWords(_ folder: String, _ state: inout WorkbenchState) -> [Effect] {
  guard let training = state.words[folder], training.isActive, let request = training.request else { return [] }
  state.words[folder]?.phase = .stopping
  return [.cancel(request)]
}

/// The column of texts that a person most likely means: that under the cursor, or else the one with the longest texts in
/// the rows that are on screen.
func likelyTextColumn(_ state: WorkbenchState) -> String? {
  guard let view = state.table.current else { return nil }
  if let here = currentColumn(state), here.kind == .text { return here.name }
  let page = view.pages.min { $0.key < $1.key }?.value
  func length(_ name: String) -> Int {
    guard let page, let place = page.columns.firstIndex(where: { $0.column.name == name }) else { return 0 }
    return (0..<min(page.rowCount, 50)).reduce(0) { $0 + (page.text($1, place)?.count ?? 0) }
  }
  let texts = view.schema.filter { $0.kind == .text }.map(\.name)
  return texts.map { ($0, length($0)) }.max { $0.1 < $1.1 }?.0
}

/// Where models of the flow are looked for: beside it, in the working folder, and where trainings went.
func modelFolders(_ state: WorkbenchState) -> [String] {
  let stem = state.flowPath.map { ($0.hasSuffix(".flow") ? String($0.dropLast(5)) : $0) + ".models" }
  let home = state.automl.home ?? state.workingFolder + "/models"
  var folders = [stem, home, state.workingFolder].compactMap { $0 }
  for training in state.words.trainings {
    let parent = FilePaths.parent(of: training.folder)
    if !folders.contains(parent) { folders.append(parent) }
  }
  return folders
}
