// Embeddings without a transformer: a vector for each piece, and their mean (model2vec; sentence-transformers'
// StaticEmbedding).

import Foundation
import Jobs

/// A table of vectors for the pieces of a tokenizer, from a folder.
public final class StaticEncoder: TextEncoder {
  /// Texts that a thread takes at a time.
  private static let batchTexts = 256

  private let tokenizer: WordPiece
  /// [rows][dimensions]
  private let rows: [Float]
  /// The row of each piece; empty where it is the piece's number.
  private let mapping: [Int]
  /// What each piece counts; empty where all count the same.
  private let weights: [Float]
  private let normalizes: Bool
  /// model2vec leaves unknown pieces out; sentence-transformers does not.
  private let skipsUnknown: Bool
  private let limit: Int
  public let dimensions: Int
  public var splitsTexts: Bool { true }

  /// - Parameters:
  ///   - folder: holds `tokenizer.json` and `model.safetensors`.
  ///   - normalizes: true where a module after this one makes vectors' lengths 1.
  public init(folder: String, normalizes: Bool = false) throws {
    let config = try JSONFile.optional(folder + "/config.json")
    let tensors = try SafeTensors(folder: folder)
    guard let name = ["embeddings", "embedding.weight"].first(where: tensors.has), let shape = tensors.shape(name),
      shape.count == 2, shape[0] > 0, shape[1] > 0
    else {
      throw EmbedError.broken(
        path: tensors.path, place: "embeddings", reason: "a table of vectors for the tokenizer's pieces was expected")
    }
    tokenizer = try WordPiece(folder: folder, hasEnds: false)
    rows = try tensors.floats(name, shape: shape)
    dimensions = shape[1]
    mapping = tensors.has("mapping") ? try tensors.integers("mapping") : []
    weights =
      try tensors.shape("weights").map { shape in
        guard shape.count == 1 else { throw tensors.broken("weights", "a number for each piece was expected") }
        return try tensors.floats("weights", shape: shape)
      } ?? []
    let isModel2Vec = name == "embeddings"
    skipsUnknown = isModel2Vec
    self.normalizes = normalizes || (isModel2Vec && config?["normalize"].bool ?? false)
    limit = isModel2Vec ? config?["seq_length"].int.map { $0 > 0 ? min($0, 512) : 512 } ?? 512 : .max
    let pieces = tokenizer.size
    guard mapping.isEmpty ? pieces <= shape[0] : pieces <= mapping.count, weights.isEmpty || pieces <= weights.count,
      mapping.allSatisfy({ (0..<shape[0]).contains($0) })
    else { throw tensors.broken(name, "\(shape[0]) vectors for the tokenizer's \(pieces) pieces do not fit") }
  }

  public func vectors(of texts: [String], threads: Int, context: any JobContext) throws -> [[Float]] {
    let results = VectorResults(count: texts.count)
    let count = (texts.count + Self.batchTexts - 1) / Self.batchTexts
    try inParallel(count, threads: threads) { [self] number in
      try context.checkCancelled()
      let places = Array(number * Self.batchTexts..<min((number + 1) * Self.batchTexts, texts.count))
      results.set(places, places.map { vector(of: texts[$0]) })
    }
    return results.values
  }

  private func vector(of text: String) -> [Float] {
    var sum = [Float](repeating: 0, count: dimensions)
    var count: Float = 0
    for piece in tokenizer.pieces(of: text) {
      if skipsUnknown, piece == tokenizer.unknown { continue }
      guard count < Float(limit) else { break }
      let row = mapping.isEmpty ? Int(piece) : mapping[Int(piece)]
      let weight = weights.isEmpty ? 1 : weights[Int(piece)]
      for column in 0..<dimensions { sum[column] += weight * rows[row * dimensions + column] }
      count += 1
    }
    guard count > 0 else { return sum }
    for column in sum.indices { sum[column] /= count }
    guard normalizes else { return sum }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? sum.map { $0 / length } : sum
  }
}
