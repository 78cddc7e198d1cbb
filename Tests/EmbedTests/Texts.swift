import Foundation
import Jobs

@testable import Embed

/// A folder of its own for one test.
struct Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-embed-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    return path(name)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}

/// Sentences in which fruits stand beside fruits and metals beside metals.
func twoTopics(lines: Int = 400) -> String {
  let topics = [
    ["apple", "pear", "plum", "cherry", "sweet", "ripe", "juice"],
    ["iron", "copper", "zinc", "steel", "heavy", "rust", "ore"],
  ]
  var state: UInt64 = 7
  func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
  return (0..<lines).map { line in
    (0..<12).map { _ in topics[line % 2][next(7)] }.joined(separator: " ") + "\n"
  }.joined()
}

/// The same sentences, each with its topic as a label.
func labelled(lines: Int = 200) -> String {
  twoTopics(lines: lines).split(separator: "\n").enumerated()
    .map { "__label__\($0.offset % 2 == 0 ? "fruit" : "metal") \($0.element)\n" }.joined()
}

func corpus(_ text: String, splitting: WordSplitting = .whitespace) throws -> Corpus {
  let corpus = try Corpus()
  for line in text.split(separator: "\n") { try corpus.add(line: line, splitting: splitting) }
  return corpus
}

/// Small options that train fast.
func options(_ mode: EmbedMode, _ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
  var options = TrainingOptions(mode: mode)
  options.vectorDim = 20
  options.minCount = 1
  options.samplingThreshold = 0
  options.epochs = 8
  options.buckets = 5000
  change(&options)
  return options
}

/// Asks for an end after some looks.
final class Impatient: JobContext, @unchecked Sendable {
  private var left: Int
  private(set) var progress: [TrainingProgress] = []
  init(after looks: Int) { left = looks }
  func checkCancelled() throws {
    left -= 1
    if left < 0 { throw JobCancelled() }
  }
  func report(_ fraction: Double?, _ note: String) {}
  func emit(_ partial: any Sendable) {
    if let partial = partial as? TrainingProgress { progress.append(partial) }
  }
  func onCancel(_ action: @escaping @Sendable () -> Void) {}
}
