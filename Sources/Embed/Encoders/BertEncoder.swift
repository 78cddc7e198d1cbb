// BERT and what is built like it, from a local folder (Devlin et al. 2019; Reimers, Gurevych 2019). Not for training.

import CTextKernels
import Foundation
import Jobs

/// A BERT or sentence-transformers model: configuration, tokenizer and safetensors weights of a folder.
public final class BertEncoder: TextEncoder {
  private struct Layer: Sendable {
    let attention: DenseLayer
    let attentionOutput: DenseLayer
    let attentionNorm: LayerNorm
    let intermediate: DenseLayer
    let output: DenseLayer
    let outputNorm: LayerNorm
  }

  /// How the vectors of tokens become one of a text.
  enum Pooling: String, Sendable, CaseIterable {
    case first = "pooling_mode_cls_token"
    case maximum = "pooling_mode_max_tokens"
    case mean = "pooling_mode_mean_tokens"
    case meanOfRoot = "pooling_mode_mean_sqrt_len_tokens"
    case weightedMean = "pooling_mode_weightedmean_tokens"
    case last = "pooling_mode_lasttoken"
  }

  /// Tokens that are handled together.
  private static let batchTokens = 512

  private let tokenizer: WordPiece
  private let words: [Float]
  private let positions: [Float]
  private let firstType: [Float]
  private let norm: LayerNorm
  private let layers: [Layer]
  private let hidden: Int
  private let heads: Int
  private let isTanh: Bool
  private let pooling: [Pooling]
  private let normalizes: Bool
  let limit: Int

  public var dimensions: Int { hidden * pooling.count }
  public var splitsTexts: Bool { true }

  public init(folder: String) throws {
    let config = try JSONFile(folder + "/config.json")
    hidden = try config.require("hidden_size", 1...16384)
    heads = try config.require("num_attention_heads", 1...256)
    let count = try config.require("num_hidden_layers", 1...200)
    let wide = try config.require("intermediate_size", 1...65536)
    let longest = try config.require("max_position_embeddings", 4...1 << 20)
    let size = try config.require("vocab_size", 4...1 << 24)
    let types = config["type_vocab_size"].int ?? 2
    let epsilon = Float(config["layer_norm_eps"].double ?? 1e-12)
    let activation = config["hidden_act"].text ?? "gelu"
    guard ["gelu", "gelu_new", "gelu_pytorch_tanh"].contains(activation), hidden % heads == 0,
      (config["position_embedding_type"].text ?? "absolute") == "absolute"
    else {
      throw EmbedError.unsupported(
        path: config.path, what: "An architecture with \(activation) and \(heads) heads of \(hidden)",
        advice: "Models like BERT with gelu and absolute positions can be read.")
    }
    isTanh = activation != "gelu"
    tokenizer = try WordPiece(folder: folder)
    guard tokenizer.size <= size else {
      throw EmbedError.broken(
        path: config.path, place: "vocab_size", reason: "the tokenizer has \(tokenizer.size) pieces")
    }

    let tensors = try SafeTensors(folder: folder)
    let prefix = tensors.has("bert.embeddings.word_embeddings.weight") ? "bert." : ""
    let hidden = hidden
    func floats(_ name: String, _ shape: [Int]) throws -> [Float] { try tensors.floats(prefix + name, shape: shape) }
    func dense(_ name: String, _ inputs: Int, _ outputs: Int) throws -> DenseLayer {
      try DenseLayer(
        floats(name + ".weight", [outputs, inputs]), bias: floats(name + ".bias", [outputs]), inputs: inputs,
        outputs: outputs)
    }
    func norm(_ name: String) throws -> LayerNorm {
      let isOld = tensors.has(prefix + name + ".gamma")
      return LayerNorm(
        scale: try floats(name + (isOld ? ".gamma" : ".weight"), [hidden]),
        shift: try floats(name + (isOld ? ".beta" : ".bias"), [hidden]), epsilon: epsilon)
    }
    words = try floats("embeddings.word_embeddings.weight", [size, hidden])
    positions = try floats("embeddings.position_embeddings.weight", [longest, hidden])
    firstType = Array(try floats("embeddings.token_type_embeddings.weight", [types, hidden]).prefix(hidden))
    self.norm = try norm("embeddings.LayerNorm")
    layers = try (0..<count).map { number in
      let name = "encoder.layer.\(number)."
      var weights: [Float] = []
      var bias: [Float] = []
      for part in ["query", "key", "value"] {
        weights += try floats(name + "attention.self.\(part).weight", [hidden, hidden])
        bias += try floats(name + "attention.self.\(part).bias", [hidden])
      }
      return Layer(
        attention: try DenseLayer(weights, bias: bias, inputs: hidden, outputs: 3 * hidden),
        attentionOutput: try dense(name + "attention.output.dense", hidden, hidden),
        attentionNorm: try norm(name + "attention.output.LayerNorm"),
        intermediate: try dense(name + "intermediate.dense", hidden, wide),
        output: try dense(name + "output.dense", wide, hidden), outputNorm: try norm(name + "output.LayerNorm"))
    }
    (pooling, normalizes) = try Self.modules(folder)
    let wanted = try JSONFile.optional(folder + "/sentence_bert_config.json")?["max_seq_length"].int
    limit = max(3, min(longest, wanted ?? longest))
  }

  /// What comes after the transformer; without a list of modules the mean.
  private static func modules(_ folder: String) throws -> ([Pooling], Bool) {
    guard let file = try JSONFile.optional(folder + "/modules.json"), let modules = file.value as? [[String: Any]]
    else {
      return ([.mean], false)
    }
    var pooling: [Pooling] = []
    var normalizes = false
    for module in modules {
      let kind = (module["type"] as? String ?? "").split(separator: ".").last.map(String.init) ?? ""
      switch kind {
      case "Transformer": break
      case "Normalize": normalizes = true
      case "Pooling":
        let config = try JSONFile(folder + "/" + (module["path"] as? String ?? "1_Pooling") + "/config.json")
        pooling = Pooling.allCases.filter { config[$0.rawValue].bool == true }
      default:
        throw EmbedError.unsupported(
          path: file.path, what: "A module of the kind \(kind)",
          advice: "Transformer, Pooling and Normalize can be read.")
      }
    }
    return (pooling.isEmpty ? [.mean] : pooling, normalizes)
  }

  // MARK: Encoding

  /// Numbers of a text's pieces, cut to what the model takes.
  func tokens(of text: String, limit: Int? = nil) -> [Int32] { tokenizer.encode(text, limit: limit ?? self.limit) }

  public func vectors(of texts: [String], threads: Int, context: any JobContext) throws -> [[Float]] {
    guard !texts.isEmpty else { return [] }
    let tokens = try encodedTexts(texts, threads: threads) { [self] in tokenizer.encode($0, limit: limit) }
    let batches = batchesByLength(tokens.map(\.count), limit: Self.batchTokens)
    let results = VectorResults(count: texts.count)
    try inParallel(batches.count, threads: threads) { [self] number in
      try context.checkCancelled()
      results.set(batches[number], try encode(batches[number].map { tokens[$0] }))
    }
    return results.values
  }

  private func encode(_ texts: [[Int32]]) throws -> [[Float]] {
    let rows = texts.map(\.count).reduce(0, +)
    let longest = texts.map(\.count).max() ?? 0
    let wide = max(layers.first?.intermediate.outputs ?? 0, 3 * hidden)
    let x = FloatBuffer(rows * hidden)
    let y = FloatBuffer(rows * hidden)
    let z = FloatBuffer(rows * wide)
    let scratch = FloatBuffer((hidden / heads + 1) * (longest + 16))
    var row = 0
    for text in texts {
      for (position, token) in text.enumerated() {
        let target = x.pointer + row * hidden
        for column in 0..<hidden {
          target[column] =
            words[Int(token) * hidden + column] + firstType[column] + positions[position * hidden + column]
        }
        row += 1
      }
    }
    norm.apply(x.pointer, rows: rows)
    let level = TextKernelLevel.best.rawValue
    for layer in layers {
      layer.attention.apply(x.pointer, rows: rows, to: z.pointer)
      var first = 0
      for text in texts {
        assay_attend(
          level, z.pointer + first * 3 * hidden, Int32(text.count), Int32(hidden), Int32(heads), 0, scratch.pointer,
          y.pointer + first * hidden)
        first += text.count
      }
      layer.attentionOutput.apply(y.pointer, rows: rows, to: z.pointer)
      x.pointer.add(z.pointer, count: rows * hidden)
      layer.attentionNorm.apply(x.pointer, rows: rows)
      layer.intermediate.apply(x.pointer, rows: rows, to: z.pointer)
      assay_gelu(level, z.pointer, Int64(rows * layer.intermediate.outputs), isTanh ? 1 : 0)
      layer.output.apply(z.pointer, rows: rows, to: y.pointer)
      x.pointer.add(y.pointer, count: rows * hidden)
      layer.outputNorm.apply(x.pointer, rows: rows)
    }
    var first = 0
    return texts.map { text in
      defer { first += text.count }
      return pooled(x.pointer + first * hidden, text.count)
    }
  }

  private func pooled(_ rows: UnsafePointer<Float>, _ count: Int) -> [Float] {
    var result: [Float] = []
    for kind in pooling {
      var vector = [Float](repeating: kind == .maximum ? -.infinity : 0, count: hidden)
      for row in 0..<count {
        for column in 0..<hidden {
          let value = rows[row * hidden + column]
          switch kind {
          case .first: if row == 0 { vector[column] = value }
          case .last: if row == count - 1 { vector[column] = value }
          case .maximum: vector[column] = max(vector[column], value)
          case .mean: vector[column] += value / Float(count)
          case .meanOfRoot: vector[column] += value / Float(count).squareRoot()
          case .weightedMean: vector[column] += value * Float(row + 1) / Float(count * (count + 1) / 2)
          }
        }
      }
      result += vector
    }
    guard normalizes else { return result }
    let length = max(result.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-12)
    return result.map { $0 / length }
  }
}
