// An approximate index over kept vectors, of the library hnswlib.

import CHnsw
import Foundation
import Jobs
import Synchronization

/// Hierarchical navigable small worlds over the texts of a column (Malkov, Yashunin 2018, doi:10.1109/TPAMI.2018.2889473).
/// The vectors stay in their file; the index is a graph of their numbers.
public final class VectorIndex: @unchecked Sendable {
  /// Neighbours of a text.
  static let links = 16
  /// Candidates while a text is added.
  static let construction = 100

  /// Candidates that a search goes through.
  public static func candidates(_ count: Int) -> Int { max(200, 2 * count) }

  public let vectors: KeptVectors
  private let index: OpaquePointer

  private init(_ vectors: KeptVectors, _ index: OpaquePointer) { (self.vectors, self.index) = (vectors, index) }

  deinit { assay_hnsw_free(index) }

  private static func rows(_ vectors: KeptVectors) -> assay_hnsw_rows {
    assay_hnsw_rows(
      rows: vectors.vectors, count: Int64(vectors.texts), dimensions: Int32(vectors.dimensions),
      width: Int32(vectors.width))
  }

  /// Runs `body` with room for the text of an error.
  private static func told<Result>(_ body: (UnsafeMutablePointer<CChar>) -> Result) -> (Result, String) {
    var error = [CChar](repeating: 0, count: Int(ASSAY_HNSW_ERROR))
    let result = body(&error)
    return (result, String(decoding: error.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  // MARK: Building

  private static let addedAtOnce = 256

  /// Adds every text. Its neighbours depend on what other threads add meanwhile: two indexes are alike, not the same.
  /// - Throws: `EmbedError.unreadable` where memory is short, and what `context` throws.
  public convenience init(_ vectors: KeptVectors, threads: Int, context: any JobContext) throws {
    let (made, reason) = Self.told {
      assay_hnsw_create(Self.rows(vectors), Int32(Self.links), Int32(Self.construction), $0)
    }
    guard let made else { throw EmbedError.unreadable(path: "the index", reason: reason) }
    self.init(vectors, made)
    try add(0..<min(1, vectors.texts))
    let done = Atomic<Int>(1)
    let parts = max(0, vectors.texts - 1 + Self.addedAtOnce - 1) / Self.addedAtOnce
    try inParallel(parts, threads: threads) { [self] part in
      try context.checkCancelled()
      let first = 1 + part * Self.addedAtOnce
      let range = first..<min(first + Self.addedAtOnce, vectors.texts)
      try add(range)
      let all = done.add(range.count, ordering: .relaxed).newValue
      context.report(Double(all) / Double(vectors.texts), "building the index, \(all) of \(vectors.texts) texts")
    }
  }

  private func add(_ range: Range<Int>) throws {
    let (result, reason) = Self.told {
      assay_hnsw_add(index, Int64(range.lowerBound), Int64(range.upperBound), $0)
    }
    guard result == 0 else { throw EmbedError.unreadable(path: "the index", reason: reason) }
  }

  // MARK: Files

  /// Reads an index of these vectors.
  /// - Throws: `EmbedError.broken` for a file that is damaged or of other vectors.
  public convenience init(contentsOf path: String, _ vectors: KeptVectors) throws {
    let (read, reason) = Self.told { assay_hnsw_load(path, Self.rows(vectors), vectors.sum, $0) }
    guard let read else { throw EmbedError.broken(path: path, place: "the index", reason: reason) }
    self.init(vectors, read)
  }

  /// Writes the index to a file that appears when it is whole.
  /// - Throws: `EmbedError.unwritable`.
  public func write(to path: String) throws {
    let process = ProcessInfo.processInfo.processIdentifier
    let part = "\(path).\(process)-\(String(UInt32.random(in: 0...UInt32.max), radix: 16)).part"
    let (result, reason) = Self.told { assay_hnsw_save(index, part, vectors.sum, $0) }
    guard result == 0 else {
      unlink(part)
      throw EmbedError.unwritable(path: path, reason: reason)
    }
    guard chmod(part, 0o600) == 0, rename(part, path) == 0 else {
      defer { unlink(part) }
      throw EmbedError.unwritable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  // MARK: Search

  /// Rows whose texts have large cosines, nearly always the largest.
  public func nearest(to vector: [Float], count: Int) throws -> [KeptVectors.Hit] {
    guard count > 0 else { return [] }
    // All candidates come, so that of equal ones the first rows win as they do where every text is compared.
    let candidates = Self.candidates(min(count, vectors.texts))
    let most = min(candidates, vectors.texts)
    var numbers = [Int64](repeating: 0, count: most)
    var products = [Float](repeating: 0, count: most)
    let query = vectors.unit(vector)
    let (found, reason) = Self.told { error in
      assay_hnsw_search(
        index, query, Int32(query.count), Int64(most), Int32(candidates), &numbers, &products, error)
    }
    guard found >= 0 else { throw EmbedError.unreadable(path: "the index", reason: reason) }
    return vectors.rows(of: (0..<Int(found)).map { (Int(numbers[$0]), products[$0]) }, count: count)
  }
}
