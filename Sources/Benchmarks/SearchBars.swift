// What a search by meaning costs among 200,000 vectors: comparing every one, and by the index, which may miss some. The
// vectors of a column are generated around centres, or, where ASSAY_TEXTS names a folder with corpus/, those of the lines of
// novels: means of word vectors that are trained first.

import Embed
import Foundation
import Jobs
import ProgramDriver

extension Settings {
  func searchBars() throws -> [Bar] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var found = [try searchBar("search_200k_384_clustered", Self.clustered(200_000, dimensions: 384))]
    guard let texts = ProcessInfo.processInfo.environment["ASSAY_TEXTS"] else { return found }
    let model = folder.path + "/search-words"
    let corpus = try unpacked("novels-4m", texts)
    let run = try Program.run(
      assay,
      ["embed", "train", corpus, "--mode", "batch_skipgram", "-o", model, "--vector-dim", "100", "--epochs", "1"],
      timeout: .seconds(600))
    guard run.status.isSuccess else { throw ProgramError("assay: \(run.errorText.suffix(400))") }
    found.append(try searchBar("search_lines_of_novels_100", lines(of: unpacked("novels-16m", texts), by: model)))
    return found
  }

  /// Vectors by number.
  private struct Vectors {
    let dimensions: Int
    let count: Int
    let numbers: [Float]
    /// Of texts that are not among them.
    let queries: [[Float]]

    subscript(_ number: Int) -> [Float] { Array(numbers[number * dimensions..<(number + 1) * dimensions]) }
  }

  private static let queries = 200

  private static func clustered(_ count: Int, dimensions: Int) -> Vectors {
    var state: UInt64 = 7
    // The sum of four draws is nearly normal.
    func draw() -> Float {
      var sum: Float = 0
      for _ in 0..<4 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        sum += Float(state >> 40) / Float(1 << 23) - 1
      }
      return sum
    }
    let centres = (0..<2000 * dimensions).map { _ in draw() }
    func one() -> [Float] {
      let centre = Int(state >> 33) % 2000 * dimensions
      return (0..<dimensions).map { centres[centre + $0] + draw() }
    }
    var numbers: [Float] = []
    numbers.reserveCapacity(count * dimensions)
    for _ in 0..<count { numbers += one() }
    return Vectors(dimensions: dimensions, count: count, numbers: numbers, queries: (0..<queries).map { _ in one() })
  }

  private func lines(of corpus: String, by model: String) throws -> Vectors {
    let encoder = try openEncoder(modelFile(of: model))
    let text = try String(contentsOfFile: corpus, encoding: .utf8)
    // A line is long: parts of twelve words are like sentences.
    var parts: Set<String> = []
    var order: [String] = []
    var words: [Substring] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      words.append(word)
      guard words.count == 12 else { continue }
      let part = words.joined(separator: " ")
      words.removeAll(keepingCapacity: true)
      if parts.insert(part).inserted { order.append(part) }
      if order.count == 200_000 + Self.queries { break }
    }
    let made = try encoder.vectors(of: order, threads: 2, context: SilentContext()).filter { $0.contains { $0 != 0 } }
    let count = made.count - Self.queries
    return Vectors(
      dimensions: encoder.dimensions, count: count, numbers: made.prefix(count).flatMap { $0 },
      queries: Array(made.suffix(Self.queries)))
  }

  private func searchBar(_ name: String, _ given: Vectors) throws -> Bar {
    var bar = Bar(name: name, target: "of the 10 nearest the index finds 95 % or more, sooner than comparing all")
    let path = folder.path + "/search.vectors"
    defer { for path in [path, path + ".hnsw"] { try? FileManager.default.removeItem(atPath: path) } }
    func seconds<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
      let (wall, used) = (DispatchTime.now().uptimeNanoseconds, clock())
      let result = try body()
      bar.measured[name + "_wall_seconds"] = Double(DispatchTime.now().uptimeNanoseconds - wall) / 1e9
      bar.measured[name + "_cpu_seconds"] = Double(clock() - used) / Double(CLOCKS_PER_SEC)
      return result
    }
    log("\(name): \(given.count) vectors of \(given.dimensions) numbers")
    let vectors = try seconds("keep") {
      let keeper = try VectorKeeper(path, key: name, dimensions: given.dimensions, limit: 1 << 40)
      for number in 0..<given.count {
        let mark = TextMark("\(number)")
        _ = try keeper.learn(mark, given[number])
        keeper.add(mark)
      }
      return try keeper.finish()
    }
    _ = try seconds("open") { try KeptVectors(contentsOf: path, key: name) }
    let index = try seconds("build") { try VectorIndex(vectors, threads: 2, context: SilentContext()) }
    try seconds("write_index") { try index.write(to: path + ".hnsw") }
    _ = try seconds("open_index") { try VectorIndex(contentsOf: path + ".hnsw", vectors) }
    for count in [10, 100] {
      var times: [String: [Double]] = [:]
      func timed(_ name: String, _ body: () throws -> [KeptVectors.Hit]) rethrows -> Set<Int> {
        let start = DispatchTime.now().uptimeNanoseconds
        let rows = Set(try body().map(\.row))
        times[name, default: []].append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6)
        return rows
      }
      var shared = 0
      for query in given.queries {
        let exact = try timed("exact") {
          try vectors.nearest(to: query, count: count, threads: 2, context: SilentContext())
        }
        shared += exact.intersection(try timed("hnsw") { try index.nearest(to: query, count: count) }).count
      }
      for (name, figures) in times {
        bar.measured["\(name)_\(count)_milliseconds"] = figures.median
        bar.measured["\(name)_\(count)_least_milliseconds"] = figures.min()
      }
      bar.measured["recall_at_\(count)"] = Double(shared) / Double(count * given.queries.count)
    }
    for (name, path) in [("vectors", path), ("index", path + ".hnsw")] {
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
      bar.measured[name + "_megabytes"] = (size?.doubleValue ?? .nan) / 1e6
    }
    let figures = bar.measured
    bar.isMet =
      (figures["recall_at_10"] ?? 0) >= 0.95
      && (figures["hnsw_10_milliseconds"] ?? .infinity) < (figures["exact_10_milliseconds"] ?? 0)
    return bar
  }
}
