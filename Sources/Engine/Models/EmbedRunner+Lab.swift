import Embed
import Foundation
import Frame
import Jobs
import Plot

/// What is asked of words in groups, and of language models.
extension EmbedRunner {
  func languageModel(_ path: String) throws -> GPT2Encoder {
    context.report(nil, "reading the model")
    guard let model = try openEncoder(path) as? GPT2Encoder else {
      throw EmbedError.notThisModel(
        path: path, what: "it gives vectors and foresees no words; give the folder of a GPT-2")
    }
    return model
  }

  private static let scoredAtOnce = 256

  func score(_ scoring: EmbedScoring) throws -> JobOutput {
    let model = try languageModel(scoring.model)
    var valid: [Bool] = []
    var scores: [TextScore] = []
    var batch: [String] = []
    func scoreBatch() throws {
      scores += try model.scores(of: batch, threads: threadCount, context: context)
      context.report(nil, "scored \(scores.count.grouped) texts")
      batch.removeAll()
    }
    try texts(scoring.input) { text, _ in
      valid.append(text != nil)
      batch.append(text ?? "")
      if batch.count == Self.scoredAtOnce { try scoreBatch() }
    }
    try scoreBatch()
    let hasMissing = valid.contains(false)
    // A text without a piece has no perplexity.
    let known = zip(valid, scores).map { $0 && $1.perplexity != nil }
    let table = DataTable(
      columns: [
        TypedColumn(
          column: Column(name: "pieces", type: "BIGINT"), data: .integers(scores.map { Int64($0.pieces) }),
          valid: hasMissing ? valid : nil),
        TypedColumn(
          column: Column(name: "log_likelihood", type: "DOUBLE"), data: .reals(scores.map(\.logLikelihood)),
          valid: hasMissing ? valid : nil),
        TypedColumn(
          column: Column(name: "perplexity", type: "DOUBLE"), data: .reals(scores.map { $0.perplexity ?? 0 }),
          valid: known.contains(false) ? known : nil),
      ], rowCount: scores.count)
    return try finished(table, scoring.path, scoring.format, beside: nil)
  }
}
