import Embed
import Flow
import Foundation
import Frame
import Jobs

/// Finds the texts of a column that are nearest in meaning to a text. The vectors of a column are made once and kept.
struct ColumnSearch {
  private let search: LabSearch
  private let nodes: NodeStore
  private let threads: Int
  private let context: any JobContext

  init(_ search: LabSearch, nodes: NodeStore, threads: Int, context: any JobContext) {
    (self.search, self.nodes, self.threads, self.context) = (search, nodes, threads, context)
  }

  private static let encodedAtOnce = 2048
  /// Changes with what an encoder makes of a text, so that older vectors are not used.
  private static let version = 1

  /// - Throws: `EmbedError` where nothing in the text is known, `EngineError` for a column that is not there.
  func run() throws -> LabFinds {
    let query = try vectors([search.text], context).first ?? []
    guard query.contains(where: { $0 != 0 }) else { throw EmbedError.unknownWord(search.text, nearest: nil) }
    let (key, isLasting) = try key()
    let store = isLasting ? nodes.lasting : nodes.passing
    return try nodes.reading(search.rows, context) { relation in
      guard let column = relation.schema.column(named: search.column) else {
        throw EngineError.noSuchColumn(search.column, relation.schema.map(\.name))
      }
      let texts = Texts(column.name, relation)
      if let store, let kept = store.vectors(key), relation.rows ?? kept.rows == kept.rows,
        let found = try answer(query, kept, store, key, texts, context, usedKept: true)
      {
        return found
      }
      return try pass(query, store, key, texts)
    }
  }

  private func vectors(_ texts: [String], _ context: any JobContext) throws -> [[Float]] {
    try nodes.texts.vectors(
      of: texts, by: search.model, splitting: search.splitting, threads: threads, context: context)
  }

  /// What vectors of the column are kept under, and whether another process would know them again: not where rows come
  /// from elsewhere than files, as nothing tells of a change there.
  private func key() throws -> (String, isLasting: Bool) {
    let sources = try search.rows.graph.path(to: search.rows.node).flatMap { id -> [String] in
      guard case .source(let source) = try search.rows.graph.step(id).operation else { return [] }
      return source.locations
    }
    let places = sources.map { URL(fileURLWithPath: ($0 as NSString).expandingTildeInPath).standardizedFileURL.path }
    let parts = [
      "\(Self.version)", TextModels.mark(of: search.model), search.splitting.rawValue, search.column,
      try Fingerprint.of(search.rows),
    ]
    let areFiles = sources.allSatisfy { location in
      let type = try? FileManager.default.attributesOfItem(atPath: location)[.type] as? FileAttributeType
      return type == .typeRegular
    }
    return ((parts + places).joined(separator: "\n"), areFiles)
  }

  /// The texts of the column as SQL.
  private struct Texts {
    let all: String
    private let numbered: String

    init(_ column: String, _ relation: NodeRelation) {
      let text = "CAST(\(SQL.identifier(column)) AS VARCHAR)"
      let rows = SQL.subquery(relation.sql)
      all = "SELECT \(text) FROM \(rows)"
      numbered = "SELECT row_number() OVER () - 1 AS place, \(text) AS text FROM \(rows)"
    }

    func some(_ rows: [Int]) -> String {
      let numbers = rows.map(String.init).joined(separator: ", ")
      return "SELECT place, text FROM (\(numbered)) AS numbered WHERE place IN (\(numbers))"
    }
  }

  // MARK: Kept vectors

  /// The answer from vectors that are kept; nil where the rows are not those that they were made of, as of a join whose
  /// rows come in another order now.
  private func answer(
    _ query: [Float], _ kept: KeptVectors, _ store: VectorStore, _ key: String, _ texts: Texts,
    _ context: any JobContext, usedKept: Bool
  ) throws -> LabFinds? {
    guard kept.dimensions == query.count else { return nil }
    let isExact =
      switch search.method {
      case .automatic: kept.texts <= LabSearch.exactTexts
      case .exact: true
      case .approximate: false
      }
    let hits =
      isExact
      ? try kept.nearest(to: query, count: search.count, threads: threads, context: context)
      : try store.index(key, kept, threads: threads, context).nearest(to: query, count: search.count)
    var found: [Int: String] = [:]
    if !hits.isEmpty {
      let table = try nodes.database.query(texts.some(hits.map(\.row)), context: context)
      for row in 0..<table.rowCount {
        guard let place = table.value(row, 0).number, case .text(let text) = table.value(row, 1) else { continue }
        found[Int(place)] = text
      }
    }
    var rows: [LabFinds.Row] = []
    for hit in hits {
      guard let text = found[hit.row], kept.has(text, as: hit.text) else { return nil }
      rows.append(LabFinds.Row(number: hit.row, similarity: hit.similarity, text: text))
    }
    return LabFinds(
      rows: rows, searched: kept.rows, without: kept.without,
      candidates: isExact ? nil : VectorIndex.candidates(min(search.count, kept.texts)), usedKept: usedKept)
  }

  // MARK: All rows

  /// Reads every text once. What is nearest is found on the way, so that there is an answer where nothing can be kept.
  private func pass(_ query: [Float], _ store: VectorStore?, _ key: String, _ texts: Texts) throws -> LabFinds {
    let counted = try nodes.database.query("SELECT count(*) FROM (\(texts.all)) AS texts", context: context)
    let total = max(1, counted.value(0, 0).number ?? 1)
    // An index takes about as long to build as texts take to be encoded.
    let mayIndex = store != nil && search.method != .exact
    let needsIndex = mayIndex && (search.method == .approximate || total > Double(LabSearch.exactTexts))
    let share = needsIndex ? 0.5 : 1
    var scan = ColumnScan(query, count: search.count, keeper: store?.keeper(key, dimensions: query.count))
    var batch: [String?] = []
    func take() throws {
      let low = share * min(1, Double(scan.searched) / total)
      let high = max(low, share * min(1, Double(scan.searched + batch.count) / total))
      let part = PartContext(of: context, low...high)
      try scan.take(batch) { try vectors($0, part) }
      context.report(high, "searched \(scan.searched) rows")
      batch.removeAll(keepingCapacity: true)
    }
    try nodes.database.stream(texts.all, context: context) { chunk in
      for row in 0..<chunk.rowCount {
        batch.append(chunk.columns[0].text(row))
        if batch.count == Self.encodedAtOnce { try take() }
      }
    }
    try take()
    let found = scan.found
    guard let store, let keeper = scan.keeper else { return found }
    // With all cosines there is an answer before there is an index.
    if needsIndex { context.emit(JobOutput.lab(.found(found))) }
    guard let kept = store.keep(keeper, key) else { return found }
    let rest = PartContext(of: context, share...1)
    return try answer(query, kept, store, key, texts, rest, usedKept: false) ?? found
  }
}

/// Goes over the texts of a column: keeps the nearest ones, and hands the vectors of new ones to whoever keeps them.
private struct ColumnScan {
  /// Nil where nothing is kept, or no more: the disk is full.
  private(set) var keeper: VectorKeeper?
  private(set) var searched = 0
  private let query: [Float]
  private let count: Int
  private var without = 0
  private var top: [LabFinds.Row] = []
  /// Of the texts that the keeper has met, by its numbers.
  private var cosines: [Double] = []

  init(_ query: [Float], count: Int, keeper: VectorKeeper?) {
    (self.query, self.count, self.keeper) = (query, count, keeper)
  }

  var found: LabFinds { LabFinds(rows: top, searched: searched, without: without) }

  /// - Parameter encode: makes vectors of different texts.
  mutating func take(_ texts: [String?], encode: ([String]) throws -> [[Float]]) throws {
    let marks = texts.map { $0.map { TextMark($0) } }
    let new = Set(zip(texts, marks).compactMap { text, mark in mark.flatMap { keeper?.known($0) } == nil ? text : nil })
    var fresh: [String: Double] = [:]
    let encoded = Array(new).sorted()
    for (text, vector) in zip(encoded, try encode(encoded)) {
      let alike = vector.contains { $0 != 0 } ? cosine(query, vector) : .nan
      fresh[text] = alike
      do {
        if try keeper?.learn(TextMark(text), vector) ?? false { cosines.append(alike) }
      } catch { keeper = nil }
    }
    for (text, mark) in zip(texts, marks) {
      defer { searched += 1 }
      keeper?.add(mark)
      guard let text, let mark, let alike = fresh[text] ?? known(mark), !alike.isNaN else {
        without += 1
        continue
      }
      offer(LabFinds.Row(number: searched, similarity: alike, text: text))
    }
  }

  private func known(_ mark: TextMark) -> Double? {
    guard case .vector(let number)? = keeper?.known(mark) else { return nil }
    return cosines[number]
  }

  private mutating func offer(_ row: LabFinds.Row) {
    if top.count >= count, let last = top.last, row.similarity <= last.similarity { return }
    top.insert(row, at: top.firstIndex { row.similarity > $0.similarity } ?? top.count)
    if top.count > count { top.removeLast() }
  }
}
