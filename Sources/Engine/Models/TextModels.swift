import Embed
import Foundation
import Frame
import Jobs
import Synchronization

/// Word vectors and encoders that were opened last, and the vectors that encoders made of texts: a text is encoded once,
/// whatever asks for it.
final class TextModels: Sendable {
  private struct Opened {
    var key: String
    var encoder: any TextEncoder
    /// What an encoder has made, text by text; of word vectors nothing, as a mean costs little.
    var made: [String: [Float]] = [:]
    var words: WordVectors?
  }

  private struct State {
    /// The one that was used last stands first.
    var opened: [Opened] = []
  }

  private static let most = 4
  /// Numbers of texts' vectors that are kept, over all models.
  private static let mostNumbers = 48_000_000

  private let state = Mutex(State())
  /// One model is opened at a time: two that ask for the same wait for one reading.
  private let opening = NSRecursiveLock()

  // MARK: Trainings

  private let pauses = Mutex<[String: TrainingPause]>([:])

  /// Gives `body` what lets the training that writes a folder wait.
  func training<Result>(_ folder: String, _ body: (TrainingPause) throws -> Result) rethrows -> Result {
    let pause = TrainingPause()
    pauses.withLock { $0[folder] = pause }
    defer { pauses.withLock { if $0[folder] === pause { $0[folder] = nil } } }
    return try body(pause)
  }

  /// - Returns: whether a training writes the folder.
  func pause(_ folder: String, _ isPaused: Bool) -> Bool {
    guard let pause = pauses.withLock({ $0[folder] }) else { return false }
    pause.set(isPaused)
    return true
  }

  // MARK: Files

  /// Changes with the files of a model.
  static func version(of path: String) -> String {
    let path = (path as NSString).expandingTildeInPath
    let file = (try? modelFile(of: path)) ?? path
    return [file, file + "/model.safetensors"].map(Fingerprint.version).joined(separator: " ")
  }

  /// The same as long as a model is: its place, and the size and time of change of each of its files.
  static func mark(of path: String) -> String {
    let path = (path as NSString).expandingTildeInPath
    let file = (try? modelFile(of: path)) ?? path
    let place = URL(fileURLWithPath: file).standardizedFileURL.resolvingSymlinksInPath().path
    let files = FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String }.sorted() ?? []
    return ([""] + files).map { "\(place)/\($0) \(Fingerprint.version(of: $0.isEmpty ? place : "\(place)/\($0)"))" }
      .joined(separator: "\n")
  }

  private static func key(_ path: String) throws -> String {
    let file = try modelFile(of: path)
    return file + " " + version(of: file)
  }

  // MARK: Models

  /// - Throws: `EmbedError` where there is nothing that makes vectors.
  func encoder(_ path: String) throws -> any TextEncoder {
    let key = try Self.key(path)
    return try opening.withLock {
      if let found = use(key) { return found.encoder }
      let encoder = try openEncoder(modelFile(of: path))
      keep(Opened(key: key, encoder: encoder, words: encoder as? WordVectors))
      return encoder
    }
  }

  /// The words of a file and their vectors.
  /// - Throws: `EmbedError.notThisModel` for an encoder, which has none.
  func words(_ path: String) throws -> WordVectors {
    let key = try Self.key(path)
    let file = try modelFile(of: path)
    if let words = use(key)?.words { return words }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
      throw EmbedError.notThisModel(path: path, what: "an encoder makes vectors of texts and holds none of words")
    }
    return try opening.withLock {
      if let words = use(key)?.words { return words }
      let encoder = try encoder(path)
      let words = try encoder as? WordVectors ?? VectorFile.read(file)
      state.withLock { state in
        if let place = state.opened.firstIndex(where: { $0.key == key }) { state.opened[place].words = words }
      }
      return words
    }
  }

  private func use(_ key: String) -> Opened? {
    state.withLock { state in
      guard let place = state.opened.firstIndex(where: { $0.key == key }) else { return nil }
      let found = state.opened.remove(at: place)
      state.opened.insert(found, at: 0)
      return found
    }
  }

  private func keep(_ opened: Opened) {
    state.withLock { state in
      state.opened.removeAll { $0.key == opened.key }
      state.opened.insert(opened, at: 0)
      if state.opened.count > Self.most { state.opened.removeLast() }
    }
  }

  // MARK: Texts

  /// [texts][dimensions]; zeros for a text in which nothing is known.
  /// - Parameter splitting: before words are looked up; an encoder splits texts itself.
  func vectors(
    of texts: [String], by path: String, splitting: WordSplitting, threads: Int, context: any JobContext
  ) throws -> [[Float]] {
    let encoder = try encoder(path)
    guard encoder.splitsTexts else {
      return try encoder.vectors(of: texts.map { splitText($0, splitting) }, threads: threads, context: context)
    }
    let key = try Self.key(path)
    let known: [String: [Float]] = use(key)?.made ?? [:]
    let missing = Array(Set(texts.filter { known[$0] == nil })).sorted()
    // Small enough for a cancellation to lose little.
    let size = 256
    var made: [String: [Float]] = [:]
    for start in stride(from: 0, to: missing.count, by: size) {
      let part = Array(missing[start..<min(start + size, missing.count)])
      let low = Double(start) / Double(missing.count)
      context.report(low, "encoding texts, \(start.grouped) of \(missing.count.grouped)")
      let vectors = try encoder.vectors(of: part, threads: threads, context: QuietContext(context))
      let new = Dictionary(zip(part, vectors), uniquingKeysWith: { first, _ in first })
      made.merge(new) { first, _ in first }
      remember(new, key)
    }
    return texts.map { made[$0] ?? known[$0] ?? [Float](repeating: 0, count: encoder.dimensions) }
  }

  private func remember(_ vectors: [String: [Float]], _ key: String) {
    state.withLock { state in
      guard let place = state.opened.firstIndex(where: { $0.key == key }) else { return }
      let kept = state.opened.reduce(0) { $0 + $1.made.count * $1.encoder.dimensions }
      guard kept + vectors.count * state.opened[place].encoder.dimensions <= Self.mostNumbers else { return }
      state.opened[place].made.merge(vectors) { first, _ in first }
    }
  }
}

/// Lets a training wait: its threads ask now and then whether they may go on.
final class TrainingPause: Sendable {
  private struct State {
    var since: UInt64?
    var spent: UInt64 = 0
  }

  private let state = Mutex(State())

  func set(_ isPaused: Bool) {
    let now = DispatchTime.now().uptimeNanoseconds
    state.withLock { state in
      if let since = state.since { state.spent += now - since }
      state.since = isPaused ? now : nil
    }
  }

  private var isPaused: Bool { state.withLock { $0.since != nil } }

  /// Seconds that were waited.
  var seconds: Double {
    let now = DispatchTime.now().uptimeNanoseconds
    return state.withLock { Double($0.spent + ($0.since.map { now - $0 } ?? 0)) / 1e9 }
  }

  /// Returns when the training may go on.
  /// - Throws: what `check` throws, such as for a training that is cancelled.
  func wait(_ check: () throws -> Void) throws {
    try check()
    while isPaused {
      Thread.sleep(forTimeInterval: 0.02)
      try check()
    }
  }
}
