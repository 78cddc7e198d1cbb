import Foundation
import Jobs
import Testing

@testable import Frame

@Suite struct LineIndexTests {
  let folder: Folder
  let database: Database

  init() throws {
    folder = try Folder()
    database = try Database()
  }

  private func index(_ text: String) throws -> (OpenedSource, LineIndex) {
    let opened = try database.open(Source(location: folder.file("a.csv", text)))
    return (opened, try #require(try LineIndex(opened, in: database)))
  }

  @Test func countIsExactOnlyAfterTheWholeFile() throws {
    let text = "a,b\n" + (0..<10_000).map { "\($0),x\($0)\n" }.joined()
    let (_, index) = try index(text)
    #expect(index.count == .atLeast(0))
    #expect(lines(try index.tail(2)) == ["9998|x9998", "9999|x9999"])
    try index.build()
    #expect(index.count == .exact(10_000))
    #expect(index.estimate == .exact(10_000))
    #expect(lines(try index.window(5000..<5003)) == ["5000|x5000", "5001|x5001", "5002|x5002"])
    #expect(lines(try index.window(9999..<20_000)) == ["9999|x9999"])
    #expect(try index.window(20_000..<20_010).rowCount == 0)
    #expect(lines(try index.tail(1)) == ["9999|x9999"])
  }

  @Test(arguments: 0..<40) func rowsEqualDuckDBsForAnyText(_ seed: Int) throws {
    var random = Random(state: UInt64(seed))
    let newline = ["\n", "\r\n", "\r"][random.below(3)]
    let columns = 1 + random.below(4)
    let pieces = [
      "x", "12", "\"q\"", "\"a,b\"", "\"a\(newline)b\"", "\"say \"\"hi\"\"\"", " \"sp,aced\" ", "5\" pipe", "", "\"\"",
      "naïve 🐥", " ", "tail\"\"", "\"\(newline)\(newline)\"",
    ]
    var text = (0..<columns).map { "name\($0)" }.joined(separator: ",") + newline
    let rows = 1 + random.below(900)
    for row in 0..<rows {
      text += (0..<columns).map { _ in pieces[random.below(pieces.count)] }.joined(separator: ",")
      if row + 1 < rows || random.below(2) == 0 { text += newline }
      if columns > 1 && random.below(10) == 0 { text += newline }
    }
    let path = try folder.file("a.csv", text)
    let opened = try database.open(Source(location: path, options: ReadOptions(delimiter: ",", hasHeader: true)))
    let index = try #require(try LineIndex(opened, in: database))
    let whole = lines(try database.query(opened.sql))
    try index.build()
    #expect(index.count == .exact(whole.count))
    #expect(lines(try index.window(0..<whole.count)) == whole)
    for _ in 0..<5 {
      let first = random.below(whole.count)
      let last = first + random.below(whole.count - first + 1)
      #expect(lines(try index.window(first..<last)) == Array(whole[first..<last]))
    }
    if case .delimited(let layout) = opened.layout {
      let survey = try FieldSurvey.run(opened.file, layout, context: nil)
      #expect(survey.rowCount == whole.count)
      #expect(survey.badRow == nil)
    }
    let fresh = try #require(try LineIndex(opened, in: database))
    #expect(lines(try fresh.tail(3)) == Array(whole.suffix(3)))
  }

  @Test func recordsAcrossChunksAreCounted() throws {
    // Pieces of every size, so that quotes and ends of lines fall on the border of a chunk.
    let text = Array("a,b\n1,\"x\ny\"\n2,\"\"\"q\"\"\"\n3,\"\"\n\n4,z".utf8)
    for size in 1...text.count {
      var counter = RecordCounter(
        dialect: Dialect(), newline: 0x0A, hasCarriageReturns: false, countsBlankLines: false, stride: 1, from: 4)
      var history = Array(repeating: UInt8(0), count: RecordCounter.lookBack)
      var offset = 4
      while offset < text.count {
        let chunk = Array(text[offset..<min(offset + size, text.count)])
        (history + chunk).withUnsafeBytes { counter.scan($0, at: offset) }
        history = Array((history + chunk).suffix(RecordCounter.lookBack))
        offset += chunk.count
      }
      counter.finish(at: text.count)
      #expect(counter.count == 4)
      #expect(counter.starts == [4, 12, 22, 28])
    }
  }

  @Test func aWindowWidensAColumnThatDoesNotFit() throws {
    let text = "a,b\n" + String(repeating: "1,2\n", count: 100_000) + "x,3.5\n"
    let (_, index) = try index(text)
    #expect(index.schema.map(\.kind) == [.integer, .integer])
    #expect(lines(try index.tail(1)) == ["x|3.5"])
    #expect(index.schema.map(\.kind) == [.text, .real])
  }

  @Test func aFileThatShrinksGivesAnError() throws {
    let text = "a,b\n" + String(repeating: "1,2\n", count: 1_000_000)
    let path = try folder.file("a.csv", text)
    let opened = try database.open(Source(location: path))
    let index = try #require(try LineIndex(opened, in: database))
    try index.build()
    truncate(path, 1000)
    let expected = "the file changed on disk while it was open. Open it again."
    for read in [
      { try index.window(900_000..<900_010) }, { try index.tail(5) },
      { try database.load(opened, into: "t").rowCount > 0 ? try database.query("SELECT 1") : DataTable(columns: []) },
    ] {
      do {
        _ = try read()
        Issue.record("no error")
      } catch let error as FrameError {
        #expect(error.problem == .changedWhileOpen)
        #expect(error.description.hasSuffix(expected))
      }
    }
    #expect(throws: FrameError.self) { try LineIndex(opened, in: database)?.build() }
  }

  @Test func cancelStopsTheCount() throws {
    struct Cancelled: JobContext {
      func checkCancelled() throws { throw JobCancelled() }
      func report(_ fraction: Double?, _ note: String) {}
      func emit(_ partial: any Sendable) {}
      func onCancel(_ action: @escaping @Sendable () -> Void) {}
    }
    let (_, index) = try index("a,b\n1,2\n")
    #expect(throws: JobCancelled.self) { try index.build(Cancelled()) }
    try index.build()
    #expect(index.count == .exact(1))
  }
}

/// A small generator for tests, the same numbers for the same state.
struct Random {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
