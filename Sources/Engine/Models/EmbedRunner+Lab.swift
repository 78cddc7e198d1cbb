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

  /// Words that stand for no word of the text.
  private static let marks: Set<String> = ["</s>", "<unk>", "[PAD]"]

  func map(_ mapping: EmbedMapping) throws -> EmbeddingMap {
    try mapping.options.check()
    let words = try read(mapping.vectors)
    let wanted = Array(
      words.words.indices.lazy.filter { !Self.marks.contains(words.words[$0]) }.prefix(mapping.words))
    let highlighted = try Set(mapping.highlighted.map { try number($0, words) })
    // A word that is pointed out is on the map, however rare.
    let shown = wanted + highlighted.subtracting(wanted).sorted()
    let vectors = shown.map { words.unitVector($0) }
    let points =
      switch mapping.method {
      case .pca: try principalMap(vectors, context: context)
      case .tsne: try neighborMap(vectors, options: mapping.options, threads: threadCount, context: context)
      }
    let method =
      switch mapping.method {
      case .pca: "PCA-2"
      case .tsne: "t-SNE  perplexity \(Int(mapping.options.perplexity.rounded()))"
      }
    return EmbeddingMap(
      title: "Words", method: method,
      points: zip(shown, points).map { EmbeddingMap.Point(x: $1.x, y: $1.y, label: words.words[$0]) },
      highlighted: shown.indices.filter { highlighted.contains(shown[$0]) }, total: words.words.count,
      sampled: shown.count < words.words.count ? shown.count : nil)
  }

  private static let scoredAtOnce = 256

  func score(_ scoring: EmbedScoring) throws -> JobOutput {
    let model = try languageModel(scoring.model)
    var valid: [Bool] = []
    var scores: [TextScore] = []
    var batch: [String] = []
    func scoreBatch() throws {
      scores += try model.scores(of: batch, threads: threadCount, context: context)
      context.report(nil, "scored \(scores.count) texts")
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
