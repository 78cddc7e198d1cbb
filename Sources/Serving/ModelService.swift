// What a request means and what it is answered with, without a network.

import Foundation
import Learn
import Synchronization

/// How a body is read, and how its answer is written: what the head of a request says.
struct Manner: Sendable {
  let format: BodyFormat
  let header: CSVRows.Header
  let answer: BodyFormat
  let fields: [AnswerField]
}

/// A request's rows, and how their answer is written.
struct Invocation: Sendable {
  let rows: RowBatch
  let manner: Manner
}

/// The body of an answer and what it is written in.
struct Answer: Sendable {
  let body: [UInt8]
  let format: BodyFormat
  let rows: Int
}

/// A bundle that answers requests. Any number of threads may ask.
final class ModelService: Sendable {
  let bundle: ModelBundle
  let columns: ColumnNames
  let fields: [AnswerField]
  private let writer: AnswerWriter
  /// Scorers at rest, for work beside the event loops.
  private let scorers = Mutex<[RowPredictor]>([])

  /// - Throws: `ServingError.noClasses`.
  init(_ bundle: ModelBundle, fields: [AnswerField]) throws {
    self.bundle = bundle
    self.fields = fields.isEmpty ? [.predictedLabel] : fields
    columns = ColumnNames(bundle.manifest)
    writer = AnswerWriter(classes: bundle.manifest.classes)
    if let field = self.fields.first(where: { !has($0) }) { throw ServingError.noClasses(field) }
  }

  private func has(_ field: AnswerField) -> Bool {
    field == .predictedLabel || bundle.manifest.problem.isClassification
  }

  func makeScorer() throws -> RowPredictor { try RowPredictor(bundle, reader: columns.reader) }

  // MARK: Reading

  /// Reads a body.
  ///
  /// - Parameter query: what follows the question mark of the path: `fields=predicted_label,probability`.
  /// - Throws: `Refusal`.
  func read(
    _ body: UnsafeBufferPointer<UInt8>, contentType: String, accept: String, query: Substring
  ) throws -> Invocation {
    let manner = try manner(contentType: contentType, accept: accept, query: query)
    var rows = RowBatch()
    try read(body, manner, into: &rows)
    return Invocation(rows: rows, manner: manner)
  }

  /// - Throws: `Refusal`.
  func manner(contentType: String, accept: String, query: Substring) throws -> Manner {
    let type = MediaType(contentType)
    guard let format = BodyFormat(mediaType: type.name) else {
      let given =
        contentType.isEmpty ? "the request names no content type" : "\(type.name.prefix(80)) is not understood"
      throw Refusal(.unsupported, "\(given); there are \(BodyFormat.all)")
    }
    return Manner(
      format: format, header: format == .csv ? try Self.header(type) : .unknown,
      answer: try MediaType.accepted(accept, preferred: format), fields: try chosenFields(query))
  }

  /// Adds the rows of a body to a batch that has none.
  ///
  /// - Throws: `Refusal`.
  func read(_ body: UnsafeBufferPointer<UInt8>, _ manner: Manner, into rows: inout RowBatch) throws {
    guard Self.isUTF8(body) else { throw Refusal(.badRequest, "the body is not UTF-8") }
    switch manner.format {
    case .csv: try CSVRows.read(body, header: manner.header, columns: columns, into: &rows)
    case .json: try JSONRows.read(body, columns: columns, into: &rows)
    case .jsonLines: try JSONRows.readLines(body, columns: columns, into: &rows)
    }
    guard rows.count > 0 else { throw Refusal(.badRequest, "the body holds no rows") }
  }

  private static func header(_ type: MediaType) throws -> CSVRows.Header {
    switch type.parameters["header"] {
    case nil: .unknown
    case "present", "true": .present
    case "absent", "false": .absent
    case let other?: throw Refusal(.badRequest, "header=\(other.prefix(40)) is neither present nor absent")
    }
  }

  private func chosenFields(_ query: Substring) throws -> [AnswerField] {
    guard let part = query.split(separator: "&").first(where: { $0.hasPrefix("fields=") }) else { return fields }
    let text = String(part.dropFirst(7)).replacingOccurrences(of: "%2C", with: ",", options: .caseInsensitive)
    do {
      let chosen = try AnswerField.list(text)
      if let field = chosen.first(where: { !has($0) }) { throw ServingError.noClasses(field) }
      guard !chosen.isEmpty else { return fields }
      return chosen
    } catch let error as ServingError {
      throw Refusal(.badRequest, error.description)
    }
  }

  private static func isUTF8(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
    var all: UInt8 = 0
    for byte in body { all |= byte }
    return all < 128 || String(validating: body, as: UTF8.self) != nil
  }

  // MARK: Answering

  /// Scores rows on the calling thread.
  ///
  /// - Throws: `Refusal` once `isLate`, `LearnError`.
  func answer(_ invocation: Invocation, _ scorer: RowPredictor, isLate: () -> Bool = { false }) throws -> Answer {
    var body: [UInt8] = []
    body.reserveCapacity(invocation.rows.count * 24 * invocation.manner.fields.count + 32)
    try write(invocation.rows, invocation.manner, scorer, to: &body, isLate: isLate)
    return Answer(body: body, format: invocation.manner.answer, rows: invocation.rows.count)
  }

  /// Scores rows on the calling thread, and writes the body of the answer.
  ///
  /// - Throws: `Refusal` once `isLate`, `LearnError`; then a part of the body has been written.
  func write(
    _ rows: RowBatch, _ manner: Manner, _ scorer: RowPredictor, to body: inout [UInt8], isLate: () -> Bool = { false }
  ) throws {
    writer.begin(manner.answer, to: &body)
    for row in 0..<rows.count {
      if row & 63 == 63, isLate() {
        throw Refusal(.unavailable, "the answer takes too long: send fewer than \(rows.count) rows at once")
      }
      let label = try scorer.decide(rows, row: row)
      writer.append(
        scorer.values, label, isFirst: row == 0, fields: manner.fields, format: manner.answer, to: &body)
    }
    writer.end(manner.answer, to: &body)
  }

  /// Gives a scorer for some work, and takes it back.
  func withScorer<Result>(_ body: (RowPredictor) throws -> Result) throws -> Result {
    let scorer = try scorers.withLock { $0.popLast() } ?? makeScorer()
    defer { scorers.withLock { $0.append(scorer) } }
    return try body(scorer)
  }

  /// Seconds that a row takes, measured on a row in which everything is missing.
  func secondsPerRow(_ scorer: RowPredictor) throws -> Double {
    var rows = RowBatch()
    columns.reader.begin(&rows)
    var best = Double.infinity
    for _ in 0..<5 {
      let start = DispatchTime.now().uptimeNanoseconds
      _ = try scorer.score(rows, row: 0)
      best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
    }
    return best
  }
}
