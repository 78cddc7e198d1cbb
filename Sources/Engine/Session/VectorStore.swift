import Embed
import Foundation
import Jobs
import Synchronization

/// A folder with the vectors of columns that were searched by meaning, and indexes over them. What was not used for longest
/// goes when there is too much; what is damaged is removed and made again.
final class VectorStore: Sendable {
  private struct Opened {
    var key: String
    var vectors: KeptVectors
    var index: VectorIndex?
  }

  private static let mostOpen = 3

  let folder: String
  private let givenLimit: Int?
  /// The one that was used last stands first.
  private let opened = Mutex<[Opened]>([])

  /// - Parameter limit: bytes of all files; nil means what `limit` says.
  init(_ folder: String, limit: Int?) { (self.folder, givenLimit) = (folder, limit) }

  /// Bytes that all files may have: at most 16 GiB, and a quarter of what is free with what they have already.
  var limit: Int {
    if let givenLimit { return givenLimit }
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
    return min(16 << 30, (free + files().reduce(0) { $0 + $1.size }) / 4)
  }

  private func path(_ key: String) -> String { "\(folder)/\(Fingerprint.digest(key)).vectors" }
  private func indexPath(_ key: String) -> String { "\(folder)/\(Fingerprint.digest(key)).hnsw" }

  // MARK: Vectors

  /// The vectors that were kept under a key; nil where there are none, or only damaged ones.
  func vectors(_ key: String) -> KeptVectors? {
    if let found = use(key) {
      touch(key)
      return found.vectors
    }
    let path = path(key)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let vectors = try? KeptVectors(contentsOf: path, key: key) else {
      try? FileManager.default.removeItem(atPath: path)
      return nil
    }
    touch(key)
    open(key, vectors)
    return vectors
  }

  /// Begins to keep vectors; nil where the disk takes none.
  func keeper(_ key: String, dimensions: Int) -> VectorKeeper? {
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    sweep()
    return try? VectorKeeper(path(key), key: key, dimensions: dimensions, limit: limit)
  }

  /// Gives the vectors their name, and makes room for them; nil where the disk is full.
  func keep(_ keeper: VectorKeeper, _ key: String) -> KeptVectors? {
    guard let vectors = try? keeper.finish() else { return nil }
    open(key, vectors)
    trim(but: key)
    return vectors
  }

  // MARK: Indexes

  /// The index over vectors that are kept: from its file, or built now and written where the disk takes it.
  func index(_ key: String, _ vectors: KeptVectors, threads: Int, _ context: any JobContext) throws -> VectorIndex {
    if let index = use(key)?.index, index.vectors === vectors { return index }
    let path = indexPath(key)
    let index: VectorIndex
    if let read = try? VectorIndex(contentsOf: path, vectors) {
      index = read
    } else {
      index = try VectorIndex(vectors, threads: threads, context: context)
      if (try? index.write(to: path)) != nil { trim(but: key) }
    }
    open(key, vectors, index)
    return index
  }

  private func use(_ key: String) -> Opened? {
    opened.withLock { opened in
      guard let place = opened.firstIndex(where: { $0.key == key }) else { return nil }
      let found = opened.remove(at: place)
      opened.insert(found, at: 0)
      return found
    }
  }

  private func open(_ key: String, _ vectors: KeptVectors, _ index: VectorIndex? = nil) {
    opened.withLock { opened in
      opened.removeAll { $0.key == key }
      opened.insert(Opened(key: key, vectors: vectors, index: index), at: 0)
      if opened.count > Self.mostOpen { opened.removeLast() }
    }
  }

  // MARK: Files

  private func files() -> [(path: String, size: Int, used: Date)] {
    let files = FileManager.default
    return ((try? files.contentsOfDirectory(atPath: folder)) ?? []).compactMap { name in
      let path = "\(folder)/\(name)"
      guard let attributes = try? files.attributesOfItem(atPath: path) else { return nil }
      return (
        path, (attributes[.size] as? NSNumber)?.intValue ?? 0, attributes[.modificationDate] as? Date ?? .distantPast
      )
    }
  }

  /// Notes that files were used now.
  private func touch(_ key: String) {
    for path in [path(key), indexPath(key)] {
      try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
    }
  }

  /// Removes what was not used for longest until the rest is small enough.
  private func trim(but key: String) {
    let mine = [path(key), indexPath(key)]
    let most = limit
    var files = files().filter { !$0.path.hasSuffix(".part") }.sorted { $0.used < $1.used }
    var size = files.reduce(0) { $0 + $1.size }
    files.removeAll { mine.contains($0.path) }
    for file in files where size > most {
      try? FileManager.default.removeItem(atPath: file.path)
      size -= file.size
    }
  }

  /// Removes what processes left half-written that are gone.
  private func sweep() {
    for file in files() where file.path.hasSuffix(".part") {
      let parts = (file.path as NSString).lastPathComponent.split(separator: ".")
      let process = parts.dropLast().last?.split(separator: "-").first.flatMap { Int32($0) }
      guard let process, !Autosave.isAlive(process) else { continue }
      try? FileManager.default.removeItem(atPath: file.path)
    }
  }
}
