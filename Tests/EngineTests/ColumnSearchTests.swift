import Embed
import Flow
import Foundation
import Frame
import Jobs
import Synchronization
import Testing

@testable import Engine

/// Search by meaning: what is kept of a column, when it is used, and when it is made again.
struct ColumnSearchTests {
  private final class Bench: @unchecked Sendable {
    let folder: URL
    var engine: Engine
    let notes = Mutex<[String]>([])
    let partials = Mutex<[LabFinds]>([])

    init(keepsTables: Bool = false, limit: Int? = nil) throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-find-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      engine = Self.engine(folder, keepsTables, limit)
    }

    static func engine(_ folder: URL, _ keepsTables: Bool, _ limit: Int?) -> Engine {
      var configuration = Engine.Configuration(
        locations: Locations(environment: ["HOME": folder.path]), threads: 2, keepsTables: keepsTables)
      configuration.vectorLimit = limit
      return Engine(configuration: configuration)
    }

    deinit {
      engine.close()
      try? FileManager.default.removeItem(at: folder)
    }

    func file(_ name: String, _ text: String) throws -> String {
      let path = folder.appendingPathComponent(name).path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return path
    }

    var kept: String { folder.path + "/.cache/assay/vectors" }
    func files(_ ending: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: kept)) ?? []).filter { $0.hasSuffix(ending) }.sorted()
    }

    func find(
      _ text: String, _ table: String, model: String, column: String = "text", count: Int = 3,
      method: LabSearch.Method = .automatic, context: ForegroundContext? = nil
    ) throws -> LabFinds {
      notes.withLock { $0 = [] }
      let rows = NodeRequest(source: Source(location: table))
      let search = LabSearch(model: model, rows: rows, column: column, text: text, count: count, method: method)
      let listening = ForegroundContext(
        progress: { [self] _, note in notes.withLock { $0.append(note) } },
        partial: { [self] partial in
          guard case .lab(.found(let found))? = partial as? JobOutput else { return }
          partials.withLock { $0.append(found) }
        })
      guard case .lab(.found(let found)) = try engine.run(.lab(.search(search)), context: context ?? listening) else {
        throw EngineError.notReady
      }
      return found
    }

    /// Whether the rows were gone over.
    var wentOver: Bool { notes.withLock { $0.contains { $0.hasPrefix("searched") } } }
  }

  /// What a context cancels: itself, which is there only later.
  private final class Box: Sendable {
    let context = Mutex<ForegroundContext?>(nil)
  }

  private static let vectors = "4 2\nred 1 0\nblue 0 2\nleft -1 0\nsky 0.1 1\n"
  private static let texts = "n,text\n1,\"Red, blue!\"\n2,red\n3,\n4,purple\n5,sky left\n6,red\n"

  @Test func theSecondSearchOfAColumnEncodesNothing() throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    let table = try bench.file("t.csv", Self.texts)
    let first = try bench.find("red", table, model: model)
    #expect(first.rows.map(\.number) == [1, 5, 0] && first.rows.map(\.text) == ["red", "red", "Red, blue!"])
    #expect(first.searched == 6 && first.without == 2 && first.method == "exact" && !first.usedKept)
    #expect(bench.wentOver)
    let second = try bench.find("left", table, model: model)
    #expect(second.usedKept && second.rows.first?.number == 4 && second.without == 2)
    #expect(!bench.wentOver)
    // Another process finds them too, and the same figures.
    bench.engine.close()
    bench.engine = Bench.engine(bench.folder, true, nil)
    let third = try bench.find("red", table, model: model)
    #expect(third.usedKept && third.rows == first.rows && !bench.wentOver)
  }

  @Test func changedRowsAnotherColumnAndAnotherModelAreEncodedAnew() throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    let table = try bench.file("t.csv", "text,more\nred,blue\nsky,left\n")
    #expect(try bench.find("red", table, model: model).rows.map(\.number) == [0, 1])
    #expect(try bench.find("red", table, model: model).usedKept)
    let column = try bench.find("blue", table, model: model, column: "more")
    #expect(!column.usedKept && column.rows.first?.text == "blue")
    _ = try bench.file("t.csv", "text,more\nsky,blue\nsky,left\nred,sky\n")
    let changed = try bench.find("red", table, model: model)
    #expect(!changed.usedKept && changed.rows.first?.number == 2 && changed.searched == 3)
    _ = try bench.file("tiny.txt", "2 2\nred 1 0\nsky 1 0.01\n")
    let other = try bench.find("red", table, model: model)
    #expect(!other.usedKept && (other.rows.last?.similarity ?? 0) > 0.99)
  }

  /// A join may hand on its rows in another order than before, though they are the same.
  @Test func rowsInAnotherOrderAreSeen() throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    let table = try bench.file("t.csv", "text\nred\nsky\n")
    let date = Date(timeIntervalSince1970: 1_700_000_000)
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: table)
    #expect(try bench.find("red", table, model: model).rows.first?.number == 0)
    _ = try bench.file("t.csv", "text\nsky\nred\n")
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: table)
    let turned = try bench.find("red", table, model: model)
    #expect(turned.rows.map(\.number) == [1, 0] && turned.rows.first?.text == "red" && !turned.usedKept)
    #expect(try bench.find("red", table, model: model).usedKept)
  }

  @Test(arguments: [8, 4_100, -2]) func aDamagedFileIsMadeAgain(_ offset: Int) throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    let table = try bench.file("t.csv", Self.texts)
    let first = try bench.find("red", table, model: model)
    let path = bench.kept + "/" + (try #require(bench.files(".vectors").first))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[offset < 0 ? bytes.count + offset : offset] ^= 0x55
    try bytes.write(to: URL(fileURLWithPath: path))
    bench.engine.close()
    bench.engine = Bench.engine(bench.folder, false, nil)
    let again = try bench.find("red", table, model: model)
    #expect(again.rows == first.rows && !again.usedKept)
    #expect(try bench.find("red", table, model: model).usedKept)
  }

  @Test func withoutAPlaceToKeepVectorsTheSearchWorks() throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    let table = try bench.file("t.csv", Self.texts)
    try FileManager.default.createDirectory(
      atPath: bench.folder.path + "/.cache/assay", withIntermediateDirectories: true)
    _ = try bench.file(".cache/assay/vectors", "a file where the folder should be")
    for method in LabSearch.Method.allCases {
      let found = try bench.find("red", table, model: model, method: method)
      #expect(found.rows.map(\.number) == [1, 5, 0] && found.method == "exact" && !found.usedKept)
    }
    // The same where the disk takes less than there is.
    let small = try Bench(limit: 4_200)
    for _ in 0..<2 {
      let found = try small.find("red", table, model: model)
      #expect(found.rows.map(\.number) == [1, 5, 0] && !found.usedKept && small.files("").isEmpty)
    }
  }

  @Test func theOldestVectorsGoWhenThereAreTooMany() throws {
    // One file has 4096 bytes and some.
    let bench = try Bench(limit: 10_000)
    let model = try bench.file("tiny.txt", Self.vectors)
    let tables = try (0..<3).map { try bench.file("t\($0).csv", "text\nred\n" + String(repeating: "sky\n", count: $0)) }
    for table in tables.prefix(2) { _ = try bench.find("red", table, model: model) }
    let before = bench.files(".vectors")
    #expect(before.count == 2)
    for (age, name) in before.enumerated() {
      let date = Date(timeIntervalSinceNow: -1000 * Double(age + 1))
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: bench.kept + "/" + name)
    }
    _ = try bench.find("red", tables[2], model: model)
    let after = bench.files(".vectors")
    #expect(after.count == 2 && after.contains(before[0]) && !after.contains(before[1]))
  }

  @Test func anIndexIsBuiltKeptAndSaysThatItIsOne() throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    let words = ["red", "blue", "left", "sky"]
    let lines = (0..<900).map { row in (0..<5).map { words[(row >> (2 * $0)) % 4] }.joined(separator: " ") }
    let table = try bench.file("t.csv", "text\n" + lines.joined(separator: "\n") + "\n")
    let exact = try bench.find("red sky", table, model: model, count: 10, method: .exact)
    #expect(exact.method == "exact" && exact.candidates == nil && bench.files(".hnsw").isEmpty)
    let found = try bench.find("red sky", table, model: model, count: 10, method: .approximate)
    #expect(found.method == "approximate: HNSW, 200 candidates" && found.candidates == 200 && found.usedKept)
    #expect(zip(found.rows, exact.rows).allSatisfy { abs($0.similarity - $1.similarity) < 1e-6 })
    #expect(found.rows.count == 10 && bench.files(".hnsw").count == 1)
    #expect(bench.notes.withLock { $0.contains { $0.hasPrefix("building the index") } })
    bench.engine.close()
    bench.engine = Bench.engine(bench.folder, false, nil)
    let again = try bench.find("red sky", table, model: model, count: 10, method: .approximate)
    #expect(again.rows == found.rows && !bench.notes.withLock { $0.contains { $0.hasPrefix("building") } })
    // A damaged index is built again.
    let path = bench.kept + "/" + (try #require(bench.files(".hnsw").first))
    try Data("no index".utf8).write(to: URL(fileURLWithPath: path))
    bench.engine.close()
    bench.engine = Bench.engine(bench.folder, false, nil)
    let rebuilt = try bench.find("red sky", table, model: model, count: 10, method: .approximate)
    #expect(rebuilt.rows.map(\.similarity) == exact.rows.map(\.similarity))
    #expect(bench.notes.withLock { $0.contains { $0.hasPrefix("building") } })
  }

  @Test func theExactAnswerComesBeforeTheIndexIsBuilt() throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    let table = try bench.file("t.csv", Self.texts)
    let found = try bench.find("red", table, model: model, method: .approximate)
    let early = try #require(bench.partials.withLock { $0.first })
    #expect(early.method == "exact" && early.rows.map(\.number) == [1, 5, 0])
    #expect(found.candidates == 200 && found.rows.map(\.number) == [1, 5, 0] && !found.usedKept)
  }

  @Test func aSearchThatIsCancelledLeavesNothingHalfWritten() throws {
    let bench = try Bench()
    let model = try bench.file("tiny.txt", Self.vectors)
    let lines = (0..<9_000).map { "red \($0) sky" }.joined(separator: "\n")
    let table = try bench.file("t.csv", "text\n" + lines + "\n")
    let box = Box()
    let context = ForegroundContext(progress: { _, note in
      if note == "searched 2048 rows" { box.context.withLock { $0?.cancel() } }
    })
    box.context.withLock { $0 = context }
    #expect(throws: JobCancelled.self) { try bench.find("red", table, model: model, context: context) }
    #expect(bench.files("").isEmpty)
    // While the index is built, the vectors are there already.
    let late = ForegroundContext(progress: { _, note in
      if note.hasPrefix("building the index") { box.context.withLock { $0?.cancel() } }
    })
    box.context.withLock { $0 = late }
    #expect(throws: JobCancelled.self) {
      try bench.find("red", table, model: model, method: .approximate, context: late)
    }
    #expect(bench.files(".vectors").count == 1 && bench.files(".hnsw").isEmpty && bench.files(".part").isEmpty)
    #expect(try bench.find("red", table, model: model).usedKept)
    box.context.withLock { $0 = nil }
  }

  @Test func rowsOfWhichNothingTellsAChangeAreKeptForTheSessionAlone() throws {
    let bench = try Bench(keepsTables: true)
    let model = try bench.file("tiny.txt", Self.vectors)
    // A link stays the same while what it leads to changes.
    let table = bench.folder.path + "/link.csv"
    let target = try bench.file("t1.csv", Self.texts)
    try FileManager.default.createSymbolicLink(atPath: table, withDestinationPath: target)
    #expect(try !bench.find("red", table, model: model).usedKept)
    #expect(try bench.find("red", table, model: model).usedKept)
    #expect(bench.files("").isEmpty)
    bench.engine.close()
    bench.engine = Bench.engine(bench.folder, false, nil)
    for _ in 0..<2 { #expect(try !bench.find("red", table, model: model).usedKept) }
  }
}
