import CHnsw
import Foundation
import Jobs
import Testing

@testable import Embed

/// The vectors of a column in a file, exact search among them, and the index of hnswlib.
struct SearchTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-search-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  private func remove() { try? FileManager.default.removeItem(at: folder) }
  private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() }

  /// Vectors around 40 centres, as texts about a few matters have them.
  private static func clustered(_ count: Int, dimensions: Int, seed: UInt64) -> [[Float]] {
    var state = seed
    func draw() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
    let centres = (0..<40).map { _ in (0..<dimensions).map { _ in draw() } }
    return (0..<count).map { number in centres[number % 40].map { $0 + 0.7 * draw() } }
  }

  private func kept(_ vectors: [[Float]], _ name: String = "a.vectors", key: String = "key") throws -> KeptVectors {
    let keeper = try VectorKeeper(path(name), key: key, dimensions: vectors[0].count, limit: 1 << 30)
    for (number, vector) in vectors.enumerated() {
      _ = try keeper.learn(TextMark("text \(number)"), vector)
      keeper.add(TextMark("text \(number)"))
    }
    return try keeper.finish()
  }

  private func change(_ name: String, at offset: Int) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path(name)))
    bytes[offset] ^= 0x11
    try bytes.write(to: URL(fileURLWithPath: path(name)))
  }

  // MARK: Kept vectors

  @Test func rowsAreFoundByCosineAndEqualTextsInTheirOrder() throws {
    defer { remove() }
    let keeper = try VectorKeeper(path("a.vectors"), key: "k", dimensions: 3, limit: 1 << 20)
    let texts: [(String?, [Float])] = [
      ("left", [-2, 0, 0]), ("up", [0, 3, 0]), (nil, []), ("unknown", [0, 0, 0]), ("up", [0, 3, 0]),
      ("near", [1, 3, 0]),
    ]
    for (text, vector) in texts {
      if let text, keeper.known(TextMark(text)) == nil { _ = try keeper.learn(TextMark(text), vector) }
      keeper.add(text.map { TextMark($0) })
    }
    #expect(keeper.known(TextMark("unknown")) == VectorKeeper.Known.none)
    let vectors = try keeper.finish()
    #expect(vectors.rows == 6 && vectors.texts == 3 && vectors.without == 2)
    let hits = try vectors.nearest(to: [0, 5, 0], count: 3, threads: 2, context: SilentContext())
    #expect(hits.map(\.row) == [1, 4, 5])
    #expect(hits[0].similarity == 1 && abs(hits[2].similarity - 3 / 10.squareRoot()) < 1e-6)
    #expect(vectors.has("up", as: hits[0].text) && !vectors.has("near", as: hits[0].text))
    #expect(names == ["a.vectors"])
    // Only whose it is may read it.
    let mode = try FileManager.default.attributesOfItem(atPath: path("a.vectors"))[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func anExactSearchOverManyPartsIsThatOfOneAfterTheOther() throws {
    defer { remove() }
    let all = Self.clustered(40_000, dimensions: 5, seed: 5)
    let vectors = try kept(all)
    let query = all[777]
    let hits = try vectors.nearest(to: query, count: 30, threads: 3, context: SilentContext())
    let plain = all.indices.sorted { cosine(all[$0], query) > cosine(all[$1], query) }.prefix(30)
    #expect(hits.first?.row == 777 && Set(hits.map(\.row)).subtracting(plain).count <= 1)
    #expect(zip(hits, plain).allSatisfy { abs($0.similarity - cosine(all[$1], query)) < 1e-5 })
  }

  @Test func aKeeperThatDoesNotFinishLeavesNothing() throws {
    defer { remove() }
    do {
      let keeper = try VectorKeeper(path("a.vectors"), key: "k", dimensions: 2, limit: 1 << 20)
      _ = try keeper.learn(TextMark("a"), [1, 0])
      keeper.add(TextMark("a"))
      #expect(names.count == 1 && names[0].hasSuffix(".part"))
    }
    #expect(names.isEmpty)
  }

  @Test func aFileBeyondTheLimitIsRefused() throws {
    defer { remove() }
    #expect(throws: EmbedError.self) {
      let keeper = try VectorKeeper(path("a.vectors"), key: "k", dimensions: 2, limit: 5000)
      for number in 0..<100 { _ = try keeper.learn(TextMark("\(number)"), [1, 0]) }
      _ = try keeper.finish()
    }
    #expect(names.isEmpty)
  }

  @Test(arguments: [3, 9, 60, 4100, 4096 + 200 * 64 + 5, -3])
  func aDamagedFileIsRefused(_ offset: Int) throws {
    defer { remove() }
    let vectors = try kept(Self.clustered(200, dimensions: 5, seed: 1))
    let size = 4096 + 200 * (64 + 16 + 4)
    #expect(vectors.texts == 200)
    try change("a.vectors", at: offset < 0 ? size + offset : offset)
    #expect(throws: EmbedError.self) { try KeptVectors(contentsOf: path("a.vectors"), key: "key") }
  }

  @Test func aFileOfAnotherKeyOrCutShortIsRefused() throws {
    defer { remove() }
    _ = try kept(Self.clustered(20, dimensions: 5, seed: 1))
    _ = try KeptVectors(contentsOf: path("a.vectors"), key: "key")
    #expect(throws: EmbedError.self) { try KeptVectors(contentsOf: path("a.vectors"), key: "other") }
    for size in [0, 10, 4096, 5000] {
      truncate(path("a.vectors"), off_t(size))
      #expect(throws: EmbedError.self) { try KeptVectors(contentsOf: path("a.vectors"), key: "key") }
      _ = try kept(Self.clustered(20, dimensions: 5, seed: 1))
    }
  }

  // MARK: Index

  @Test func theIndexFindsWhatComparingAllFinds() throws {
    defer { remove() }
    let vectors = try kept(Self.clustered(6_000, dimensions: 48, seed: 7))
    let index = try VectorIndex(vectors, threads: 2, context: SilentContext())
    var shared = 0
    let queries = Self.clustered(80, dimensions: 48, seed: 7).suffix(40) + Self.clustered(40, dimensions: 48, seed: 8)
    for query in queries {
      let exact = try vectors.nearest(to: query, count: 10, threads: 1, context: SilentContext())
      let found = try index.nearest(to: query, count: 10)
      #expect(found.count == 10)
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
      for hit in found {
        if let same = exact.first(where: { $0.row == hit.row }) {
          shared += 1
          #expect(abs(same.similarity - hit.similarity) < 1e-5)
        }
      }
    }
    #expect(Double(shared) / Double(queries.count * 10) >= 0.95, "\(shared)")
  }

  @Test func anIndexIsReadAsItWasWritten() throws {
    defer { remove() }
    let vectors = try kept(Self.clustered(2_000, dimensions: 20, seed: 3))
    let index = try VectorIndex(vectors, threads: 2, context: SilentContext())
    try index.write(to: path("a.hnsw"))
    #expect(names == ["a.hnsw", "a.vectors"])
    let read = try VectorIndex(contentsOf: path("a.hnsw"), vectors)
    for query in Self.clustered(20, dimensions: 20, seed: 9) {
      #expect(try read.nearest(to: query, count: 25) == index.nearest(to: query, count: 25))
    }
  }

  @Test func anIndexOfOtherVectorsIsRefused() throws {
    defer { remove() }
    let vectors = try kept(Self.clustered(300, dimensions: 20, seed: 3))
    try VectorIndex(vectors, threads: 1, context: SilentContext()).write(to: path("a.hnsw"))
    let others = try kept(Self.clustered(300, dimensions: 20, seed: 4), "b.vectors")
    #expect(throws: EmbedError.self) { try VectorIndex(contentsOf: path("a.hnsw"), others) }
    #expect(throws: EmbedError.self) { try VectorIndex(contentsOf: path("a.vectors"), vectors) }
    #expect(throws: EmbedError.self) { try VectorIndex(contentsOf: path("none"), vectors) }
  }

  @Test func aDamagedIndexIsRefusedWhereverTheDamageIs() throws {
    defer { remove() }
    let vectors = try kept(Self.clustered(300, dimensions: 20, seed: 3))
    try VectorIndex(vectors, threads: 1, context: SilentContext()).write(to: path("a.hnsw"))
    let whole = try Data(contentsOf: URL(fileURLWithPath: path("a.hnsw")))
    for offset in Array(stride(from: 0, to: whole.count, by: 97)) + [whole.count - 1] {
      var damaged = whole
      damaged[offset] ^= 0x81
      try damaged.write(to: URL(fileURLWithPath: path("b.hnsw")))
      #expect(throws: EmbedError.self, "byte \(offset)") { try VectorIndex(contentsOf: path("b.hnsw"), vectors) }
    }
    for size in [0, 30, 64, whole.count / 2, whole.count - 1] {
      try whole.prefix(size).write(to: URL(fileURLWithPath: path("b.hnsw")))
      #expect(throws: EmbedError.self, "\(size) bytes") { try VectorIndex(contentsOf: path("b.hnsw"), vectors) }
    }
    try (whole + [0]).write(to: URL(fileURLWithPath: path("b.hnsw")))
    #expect(throws: EmbedError.self) { try VectorIndex(contentsOf: path("b.hnsw"), vectors) }
  }

  @Test func anIndexThatCannotBeWrittenLeavesNothing() throws {
    defer { remove() }
    let vectors = try kept(Self.clustered(50, dimensions: 4, seed: 3))
    let index = try VectorIndex(vectors, threads: 1, context: SilentContext())
    #expect(throws: EmbedError.self) { try index.write(to: path("nowhere/a.hnsw")) }
    try FileManager.default.createDirectory(atPath: path("a.hnsw/full"), withIntermediateDirectories: true)
    #expect(throws: EmbedError.self) { try index.write(to: path("a.hnsw")) }
    #expect(names == ["a.hnsw", "a.vectors"])
  }

  @Test func aBuildingThatIsCancelledStops() throws {
    defer { remove() }
    let vectors = try kept(Self.clustered(3_000, dimensions: 8, seed: 3))
    let context = ForegroundContext()
    context.cancel()
    #expect(throws: JobCancelled.self) { try VectorIndex(vectors, threads: 2, context: context) }
  }

  // MARK: The library's own interface

  private func rows(_ count: Int, dimensions: Int, _ body: (assay_hnsw_rows) throws -> Void) rethrows {
    let numbers = Self.clustered(max(1, count), dimensions: 16, seed: 2).flatMap { $0 }
    try numbers.withUnsafeBufferPointer { buffer in
      try body(
        assay_hnsw_rows(rows: buffer.baseAddress, count: Int64(count), dimensions: Int32(dimensions), width: 16))
    }
  }

  @Test func aVectorOfOtherDimensionsIsRefusedWithItsSize() throws {
    try rows(30, dimensions: 16) { rows in
      var error = [CChar](repeating: 1, count: Int(ASSAY_HNSW_ERROR))
      let index = try #require(assay_hnsw_create(rows, 8, 50, &error))
      defer { assay_hnsw_free(index) }
      #expect(error[0] == 0 && assay_hnsw_add(index, 0, 30, &error) == 0 && assay_hnsw_count(index) == 30)
      var numbers = [Int64](repeating: 0, count: 5)
      var products = [Float](repeating: 0, count: 5)
      let query = [Float](repeating: 1, count: 16)
      #expect(assay_hnsw_search(index, query, 15, 5, 20, &numbers, &products, &error) == -1)
      let told = String(decoding: error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      #expect(told == "the vector has 15 numbers, the rows have 16")
      #expect(assay_hnsw_search(index, query, 16, 5, 20, &numbers, &products, &error) == 5 && error[0] == 0)
      #expect(assay_hnsw_add(index, 20, 31, &error) == -1 && error[0] != 0)
    }
  }

  @Test func anEmptyIndexFindsNothingAndIsReadAgain() throws {
    defer { remove() }
    try rows(0, dimensions: 16) { rows in
      var error = [CChar](repeating: 0, count: Int(ASSAY_HNSW_ERROR))
      let index = try #require(assay_hnsw_create(rows, 8, 50, &error))
      defer { assay_hnsw_free(index) }
      var (number, product) = (Int64(0), Float(0))
      let query = [Float](repeating: 1, count: 16)
      #expect(assay_hnsw_search(index, query, 16, 1, 20, &number, &product, &error) == 0 && error[0] == 0)
      #expect(assay_hnsw_save(index, path("e.hnsw"), 5, &error) == 0)
      let read = try #require(assay_hnsw_load(path("e.hnsw"), rows, 5, &error))
      defer { assay_hnsw_free(read) }
      #expect(assay_hnsw_search(read, query, 16, 1, 20, &number, &product, &error) == 0)
      #expect(assay_hnsw_load(path("e.hnsw"), rows, 6, &error) == nil && error[0] != 0)
    }
  }

  @Test func whatNoIndexCanBeMadeOfIsSaid() {
    var error = [CChar](repeating: 0, count: Int(ASSAY_HNSW_ERROR))
    let none = assay_hnsw_rows(rows: nil, count: 4, dimensions: 4, width: 16)
    #expect(assay_hnsw_create(none, 8, 50, &error) == nil && error[0] != 0)
    rows(4, dimensions: 17) { #expect(assay_hnsw_create($0, 8, 50, &error) == nil) }
    rows(4, dimensions: 16) { #expect(assay_hnsw_create($0, 1, 50, &error) == nil) }
    let huge = assay_hnsw_rows(rows: UnsafePointer(bitPattern: 64), count: 1 << 40, dimensions: 4, width: 16)
    #expect(assay_hnsw_create(huge, 8, 50, &error) == nil)
  }
}
