import Foundation
import Synchronization
import Testing

@testable import Frame

/// Streams of Arrow, as a cluster sends them one after the other. The records are pyarrow's.
private final class Streams: ArrowSource {
  private let waiting: Mutex<[[UInt8]]>
  private let failure: FrameError?

  init(_ streams: [[UInt8]], then failure: FrameError? = nil) {
    waiting = Mutex(streams)
    self.failure = failure
  }

  func next() throws -> [UInt8]? {
    let next = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    if next == nil, let failure { throw failure }
    return next
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): what fails once fails again.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

private func record(_ name: String) throws -> [UInt8] {
  let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Records")
  return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
}

private func read(_ streams: [[UInt8]], _ query: (String) -> String) throws -> [String] {
  let database = try Database()
  return try database.withArrow(Streams(streams)) { lines(try database.query(query(#require($0)))) }
}

@Suite struct ArrowTests {
  @Test func everyTypeKeepsItsValuesAndItsMissingOnes() throws {
    let rows = try read([record("types.arrows")]) { "SELECT COLUMNS(*)::VARCHAR FROM (\($0))" }
    #expect(rows.count == 3)
    #expect(
      rows[0]
        == "true|-128|-32768|-2147483648|-9223372036854775808|1.5|1e+300|naïve 🦆|\\x00\\xFF|12345678901234567890.12"
        + "|1969-12-31|2024-02-29 12:30:00.123456+00|2024-02-29 12:30:00|24:00:02|·|[1, NULL, 3]|{'a': 1, 'b': x}"
        + "|{k=1.0}|[{'a': [1, 2]}]")
    #expect(rows[1] == Array(repeating: "·", count: 19).joined(separator: "|"))
    #expect(
      rows[2]
        == "false|127|32767|2147483647|9223372036854775807|nan|-inf|||-0.01|2024-02-29|1960-01-01 00:00:00+00"
        + "|0001-01-01 00:00:00|-00:00:00.000001|·|[]|{'a': NULL, 'b': NULL}|{}|[{'a': NULL}]")
  }

  @Test func manyRowsOfSeveralStreamsComeWholeAndInOrder() throws {
    let many = try record("many.arrows")
    let rows = try read([many, many]) {
      """
      SELECT count(*), count("text"), bool_and("row".a = n), bool_and(len(list) = n % 3), sum(list_sum(list)),
        list(n) = range(5000) || range(5000) FROM (\($0))
      """
    }
    #expect(rows == ["10000|8570|true|true|3332|true"])
  }

  /// What a query leaves out is left out of what came, not of what is taken for it.
  @Test func oneColumnOfManyIsThatColumn() throws {
    let whole = try record("types.arrows")
    let names = try read([whole]) { "SELECT column_name FROM (DESCRIBE \($0))" }
    #expect(names.count == 19)
    for name in names {
      let column = SQL.identifier(name)
      let alone = try read([whole]) { "SELECT \(column)::VARCHAR FROM (\($0))" }
      let among = try read([whole]) { "SELECT \(column) FROM (SELECT COLUMNS(*)::VARCHAR FROM (\($0)))" }
      #expect(alone == among, "\(name)")
    }
  }

  @Test func aFilterKeepsOnlyTheRowsThatPass() throws {
    let many = try record("many.arrows")
    #expect(try read([many]) { "SELECT count(*), min(n), max(n) FROM (\($0)) WHERE n > 17" } == ["4982|18|4999"])
    let text = try read([many]) { "SELECT n, text FROM (\($0)) WHERE \"row\".a = 99 AND text IS NOT NULL" }
    #expect(text == ["99|row 99 of many"])
  }

  @Test func aStreamWithoutRowsHasItsColumns() throws {
    let rows = try read([record("empty.arrows")]) { "SELECT column_name FROM (DESCRIBE \($0))" }
    #expect(rows == ["n", "text", "list", "row"])
  }

  @Test func nothingAtAllIsNoRelation() throws {
    let database = try Database()
    #expect(try database.withArrow(Streams([])) { $0 == nil })
  }

  @Test func whatIsCompressedOrADictionaryIsRefusedByName() throws {
    #expect(throws: FrameError.arrow("it is compressed; set spark.sql.execution.arrow.compression.codec to none")) {
      try read([record("compressed.arrows")]) { $0 }
    }
    #expect(throws: FrameError.arrow("column level is a dictionary, which is not supported")) {
      try read([record("dictionary.arrows")]) { $0 }
    }
  }

  @Test func aSourceThatFailsMidwayFailsTheQueryInItsOwnWords() throws {
    let database = try Database()
    let lost = FrameError(.interrupted, what: "the cluster went away")
    let source = Streams([try record("many.arrows")], then: lost)
    #expect(throws: lost) { try database.withArrow(source) { try database.query(#require($0)) } }
  }

  @Test func streamsOfOtherColumnsAreNotMixed() throws {
    #expect(throws: FrameError.arrow("its columns change along the way")) {
      try read([record("empty.arrows"), record("types.arrows")]) { $0 }
    }
  }

  /// Whatever a damaged stream says of lengths and offsets, nothing outside of it is read: it fails, or gives other rows.
  @Test func damageNeverCrashes() throws {
    let whole = try record("types.arrows")
    var random = SplitMix(state: 20_261_126)
    var refused = 0
    let database = try Database()
    func count(_ stream: [UInt8]) throws -> DataTable {
      try database.withArrow(Streams([stream])) { sql in
        // Damage may leave no columns: that is refused too.
        guard let sql else { throw CocoaError(.fileReadCorruptFile) }
        return try database.query("SELECT count(COLUMNS(*)) FROM (\(sql))")
      }
    }
    for length in stride(from: 0, to: whole.count, by: 97) {
      if (try? count(Array(whole[..<length]))) == nil { refused += 1 }
    }
    #expect(refused > 10)
    for _ in 0..<200 {
      var damaged = whole
      // The metadata comes first; text may be anything.
      damaged[Int.random(in: 0..<2_600, using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = try? count(damaged)
    }
  }

  /// A list read as a map, a row as a list, a time in another unit: what DuckDB would trust is refused or reads well.
  @Test func aTypeThatIsAnotherIsRefusedOrReadAsThat() throws {
    let whole = try record("types.arrows")
    let schema = 8 + Int(whole[4]) + Int(whole[5]) << 8
    let database = try Database()
    var (refused, tried) = (0, 0)
    for place in 8..<schema where [9, 12, 13, 16, 17].contains(whole[place]) {
      for tag in UInt8(1)...21 where tag != whole[place] {
        var other = whole
        other[place] = tag
        tried += 1
        do {
          _ = try database.withArrow(Streams([other])) { sql in
            try database.query("SELECT count(COLUMNS(*)) FROM (\(sql ?? "SELECT 1 AS a"))")
          }
        } catch { refused += 1 }
      }
    }
    #expect(tried > 500)
    #expect(refused > tried / 4)
  }

  @Test func aSecondSchemaInOneStreamHasToBeTheSame() throws {
    let one = try record("types.arrows")
    let withoutEnd = Array(one.dropLast(8))
    #expect(try read([withoutEnd + one]) { "SELECT count(*) FROM (\($0))" } == ["6"])
    #expect(throws: FrameError.arrow("its columns change along the way")) {
      try read([withoutEnd + record("empty.arrows") + one]) { $0 }
    }
  }
}
