import Embed
import Flow
import Foundation
import Frame
import Jobs
import Numerics
import Plot

/// Answers the questions of the word lab.
struct LabRunner {
  let nodes: NodeStore
  let threads: Int?
  let context: any JobContext

  private var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func run(_ spec: LabSpec) throws -> LabAnswer {
    switch spec {
    case .models(let folders): return .models(Self.models(in: folders))
    case .ask(let model, let line, let count):
      guard let question = LabQuestion(line) else { return .words(LabWords(title: "", rows: [], trace: [])) }
      return .words(try answer(question, model, count))
    case .map(let model, let words): return .map(try map(model, words))
    case .search(let search): return .found(try find(search))
    case .pause(let folder, let isPaused): return .paused(nodes.texts.pause(folder, isPaused))
    }
  }

  // MARK: Lists

  private static func models(in folders: [String]) -> [TextModelInfo] {
    var seen: Set<String> = []
    let files = FileManager.default
    return folders.flatMap { folder -> [TextModelInfo] in
      let names = ((try? files.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      return ([""] + names).compactMap { name in
        let path = name.isEmpty ? folder : folder == "." ? name : folder + "/" + name
        return seen.insert(path).inserted ? info(path) : nil
      }
    }
  }

  /// Nil for what is no model of words or texts.
  static func info(_ path: String) -> TextModelInfo? {
    let files = FileManager.default
    func has(_ name: String) -> Bool { files.fileExists(atPath: path + "/" + name) }
    if let data = files.contents(atPath: path + "/eval.json"),
      let report = try? JSONDecoder().decode(EmbedReport.self, from: data)
    {
      let isClassifier = report.labels != nil
      var facts = [report.options.mode.rawValue, "\(report.options.vectorDim) numbers", "\(report.vocabulary) words"]
      if let labels = report.labels { facts.append("\(labels.count) labels") }
      if report.wasCancelled { facts.append("stopped early by hand") }
      return TextModelInfo(
        path: path, kind: isClassifier ? .classifier : .vectors, facts: facts.joined(separator: ", "))
    }
    let hasWeights = has("model.safetensors") || has("model.safetensors.index.json")
    // ELMo has options.json; a folder of sentence-transformers may have its weights one level down.
    if hasWeights && (has("config.json") || has("tokenizer.json") || has("options.json")) || has("modules.json") {
      let data = files.contents(atPath: path + "/config.json") ?? Data()
      let config = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
      let size = (config?["hidden_size"] ?? config?["n_embd"]) as? Int
      let kind = config?["model_type"] as? String ?? "encoder"
      return TextModelInfo(
        path: path, kind: .encoder, facts: kind + (size.map { ", \($0) numbers" } ?? "") + ", makes vectors of texts")
    }
    let ending = (path as NSString).pathExtension.lowercased()
    if ending == "vec" || ending == "ftz" { return TextModelInfo(path: path, kind: .vectors, facts: "a file") }
    return nil
  }

  // MARK: Words

  private func answer(_ question: LabQuestion, _ model: String, _ count: Int) throws -> LabWords {
    if case .alike(let left, let right) = question { return try alike(left, right, model) }
    let words = try nodes.texts.words(model)
    let subwords = try nodes.texts.encoder(model) as? FastTextModel
    switch question {
    case .nearest(let text): return try nearest(text, words, subwords, count)
    case .sum(let plus, let minus):
      var sum = [Float](repeating: 0, count: words.dimensions)
      var used: Set<Int> = []
      for (terms, sign) in [(plus, Float(1)), (minus, -1)] {
        for term in terms {
          let vector = try self.vector(term, words, subwords, &used)
          for column in sum.indices { sum[column] += sign * vector[column] }
        }
      }
      let found = words.nearest(to: sum, count: count, without: used)
      let title = "nearest to " + plus.joined(separator: " + ") + minus.map { " - " + $0 }.joined()
      return LabWords(title: title, rows: Self.rows(found), trace: [])
    case .odd(let items): return try odd(items, words, subwords)
    case .alike: return LabWords(title: "", rows: [], trace: [])
    }
  }

  private static func rows(_ found: [Neighbor]) -> [LabWords.Row] {
    found.map { LabWords.Row(word: $0.word, similarity: $0.similarity) }
  }

  /// The word's number: as written, or else in small letters.
  private func number(_ word: String, _ words: WordVectors) -> Int? {
    words.number(of: word) ?? words.number(of: word.lowercased())
  }

  /// Of length 1. A word of which only n-grams are known has the vector of these.
  private func vector(
    _ word: String, _ words: WordVectors, _ subwords: FastTextModel?, _ used: inout Set<Int>
  ) throws -> [Float] {
    if let number = number(word, words) {
      used.insert(number)
      return words.unitVector(number)
    }
    if let vector = subwords?.vector(of: word), vector.contains(where: { $0 != 0 }) {
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / length }
    }
    throw EmbedError.unknownWord(word, nearest: Nearest.name(to: word, among: Array(words.words.prefix(50_000))))
  }

  private func nearest(
    _ text: String, _ words: WordVectors, _ subwords: FastTextModel?, _ count: Int
  ) throws -> LabWords {
    let parts = text.split(separator: " ").map(String.init)
    var used: Set<Int> = []
    if parts.count > 1 {
      var sum = [Float](repeating: 0, count: words.dimensions)
      for part in parts {
        let vector = try self.vector(part, words, subwords, &used)
        for column in sum.indices { sum[column] += vector[column] }
      }
      let found = words.nearest(to: sum, count: count, without: used)
      return LabWords(title: "nearest to \(text)", rows: Self.rows(found), note: "the mean of its words", trace: [])
    }
    let trace = (subwords?.trace(of: text) ?? []).map { LabWords.Row(word: $0.ngram, similarity: $0.length) }
    let vector = try self.vector(text, words, subwords, &used)
    let note: String? =
      used.isEmpty
      ? "never seen in training: its vector is the mean of its character n-grams"
      : used.first.map { words.words[$0] }.flatMap { $0 == text ? nil : "\"\($0)\", as \"\(text)\" has no vector" }
    let found = words.nearest(to: vector, count: count, without: used)
    return LabWords(title: "nearest to \(text)", rows: Self.rows(found), note: note, trace: trace)
  }

  /// The word whose mean cosine with the others is the least.
  private func odd(_ items: [String], _ words: WordVectors, _ subwords: FastTextModel?) throws -> LabWords {
    var used: Set<Int> = []
    let vectors = try items.map { try vector($0, words, subwords, &used) }
    let means = vectors.indices.map { place -> Double in
      let others = vectors.indices.filter { $0 != place }.map { cosine(vectors[place], vectors[$0]) }
      return others.reduce(0, +) / Double(others.count)
    }
    let order = items.indices.sorted { (means[$0], $0) < (means[$1], $1) }
    let rows = order.enumerated().map { rank, place in
      LabWords.Row(word: items[place], similarity: means[place], isMarked: rank == 0)
    }
    return LabWords(title: "odd one out: mean cosine with the others", rows: rows, trace: [])
  }

  private func alike(_ left: String, _ right: String, _ model: String) throws -> LabWords {
    let vectors = try nodes.texts.vectors(
      of: [left, right], by: model, splitting: .words, threads: threadCount, context: context)
    for (text, vector) in zip([left, right], vectors) where vector.allSatisfy({ $0 == 0 }) {
      throw EmbedError.unknownWord(text, nearest: nil)
    }
    let row = LabWords.Row(word: "\(left) | \(right)", similarity: cosine(vectors[0], vectors[1]))
    return LabWords(title: "cosine of two texts", rows: [row], trace: [])
  }

  // MARK: Map

  private static let clusters = 7

  private func map(_ model: String, _ wanted: Int) throws -> LabMap {
    let words = try nodes.texts.words(model)
    context.report(nil, "laying out words")
    // Ends of lines and the like have no meaning to show.
    let shown = words.words.indices.filter { !["</s>", "<unk>"].contains(words.words[$0]) }.prefix(wanted)
    let vectors = shown.map { words.unitVector($0) }
    let found = try PrincipalDirections(vectors, count: 2, check: context.checkCancelled)
    let (groups, centers) = try Self.grouped(vectors, Self.clusters, check: context.checkCancelled)
    let names = centers.indices.map { cluster -> String in
      // The most frequent of the words that stand for the group best.
      let members = groups.indices.filter { groups[$0] == cluster }.map {
        ($0, Self.product(vectors[$0], centers[cluster]))
      }
      return members.sorted { $0.1 > $1.1 }.prefix(5).map(\.0).min().map { words.words[shown[$0]] } ?? ""
    }
    let points = vectors.enumerated().map { place, vector -> EmbeddingMap.Point in
      let spot = found.project(vector)
      return EmbeddingMap.Point(
        x: spot.first ?? 0, y: spot.count > 1 ? spot[1] : 0, label: words.words[shown[place]],
        cluster: centers.count > 1 ? groups[place] : nil)
    }
    let shares = found.variances.map { "\(Int((100 * $0 / max(found.total, .leastNormalMagnitude)).rounded()))%" }
    let map = EmbeddingMap(
      title: "Words", method: "PCA-2  var " + shares.joined(separator: " + "), points: points,
      clusters: centers.count > 1 ? names : [], total: words.words.count,
      sampled: shown.count < words.words.count ? shown.count : nil)
    return LabMap(map: map, total: words.words.count)
  }

  private static func product(_ left: [Float], _ right: [Float]) -> Float {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var sum: Float = 0
        for column in 0..<min(left.count, right.count) { sum += left[column] * right[column] }
        return sum
      }
    }
  }

  /// Spherical k-means from words that lie far apart.
  private static func grouped(
    _ vectors: [[Float]], _ count: Int, check: () throws -> Void
  ) rethrows -> (groups: [Int], centers: [[Float]]) {
    guard vectors.count >= count * 4, let first = vectors.first else {
      return ([Int](repeating: 0, count: vectors.count), [])
    }
    var centers = [first]
    var nearest = vectors.map { product($0, first) }
    while centers.count < count {
      let next = nearest.indices.min { (nearest[$0], $0) < (nearest[$1], $1) } ?? 0
      centers.append(vectors[next])
      for place in vectors.indices { nearest[place] = max(nearest[place], product(vectors[place], vectors[next])) }
    }
    var groups = [Int](repeating: 0, count: vectors.count)
    for _ in 0..<12 {
      try check()
      var sums = centers.map { [Float](repeating: 0, count: $0.count) }
      var isSettled = true
      for (place, vector) in vectors.enumerated() {
        let products = centers.map { product(vector, $0) }
        let best = products.indices.max { products[$0] < products[$1] } ?? 0
        isSettled = isSettled && groups[place] == best
        groups[place] = best
        for column in vector.indices { sums[best][column] += vector[column] }
      }
      if isSettled { break }
      centers = zip(sums, centers).map { sum, center in
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? sum.map { $0 / length } : center
      }
    }
    return (groups, centers)
  }

  // MARK: Search

  private static let searchedAtOnce = 2048

  private func find(_ search: LabSearch) throws -> LabFinds {
    func vectors(_ texts: [String], _ context: any JobContext) throws -> [[Float]] {
      try nodes.texts.vectors(
        of: texts, by: search.model, splitting: search.splitting, threads: threadCount, context: context)
    }
    let query = try vectors([search.text], context).first ?? []
    guard query.contains(where: { $0 != 0 }) else { throw EmbedError.unknownWord(search.text, nearest: nil) }
    return try nodes.reading(search.rows, context) { relation in
      guard let column = relation.schema.column(named: search.column) else {
        throw EngineError.noSuchColumn(search.column, relation.schema.map(\.name))
      }
      let counted = try nodes.database.query("SELECT count(*) FROM \(SQL.subquery(relation.sql))", context: context)
      let total = max(1, counted.value(0, 0).number ?? 1)
      var (top, batch, numbers) = ([LabFinds.Row](), [String](), [Int]())
      var (searched, without) = (0, 0)
      func compare() throws {
        let low = min(1, Double(numbers.first ?? 0) / total)
        let part = PartContext(of: context, low...min(1, max(low, Double(searched) / total)))
        for ((text, number), vector) in zip(zip(batch, numbers), try vectors(batch, part)) {
          guard vector.contains(where: { $0 != 0 }) else {
            without += 1
            continue
          }
          let alike = cosine(query, vector)
          if top.count >= search.count, let last = top.last, alike <= last.similarity { continue }
          let place = top.firstIndex { alike > $0.similarity } ?? top.count
          top.insert(LabFinds.Row(number: number, similarity: alike, text: text), at: place)
          if top.count > search.count { top.removeLast() }
        }
        context.report(min(1, Double(searched) / total), "searched \(searched) rows")
        (batch, numbers) = ([], [])
      }
      let name = SQL.identifier(column.name)
      let sql = "SELECT CAST(\(name) AS VARCHAR) FROM \(SQL.subquery(relation.sql))"
      try nodes.database.stream(sql, context: context) { chunk in
        for row in 0..<chunk.rowCount {
          defer { searched += 1 }
          guard let text = chunk.columns[0].text(row) else {
            without += 1
            continue
          }
          batch.append(text)
          numbers.append(searched)
          if batch.count == Self.searchedAtOnce { try compare() }
        }
      }
      try compare()
      return LabFinds(rows: top, searched: searched, without: without)
    }
  }
}
