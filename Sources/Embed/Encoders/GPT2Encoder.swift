// GPT-2, from a local folder (Radford et al. 2019). It was not trained to tell how alike texts are. Not for training.

import CTextKernels
import Foundation
import Jobs

/// A GPT-2 model: configuration, byte-level BPE and safetensors weights of a folder.
public final class GPT2Encoder: TextEncoder {
  private struct Block: Sendable {
    let firstNorm: LayerNorm
    let attention: DenseLayer
    let attentionOutput: DenseLayer
    let secondNorm: LayerNorm
    let intermediate: DenseLayer
    let output: DenseLayer
  }

  private let tokenizer: BytePairs
  private let words: [Float]
  private let positions: [Float]
  private let blocks: [Block]
  private let norm: LayerNorm
  private let hidden: Int
  private let heads: Int
  private let pieces: Int
  let limit: Int

  public var dimensions: Int { hidden }
  public var splitsTexts: Bool { true }

  public init(folder: String) throws {
    let config = try JSONFile(folder + "/config.json")
    hidden = try config.require("n_embd", 1...16384)
    heads = try config.require("n_head", 1...256)
    let count = try config.require("n_layer", 1...200)
    pieces = try config.require("vocab_size", 256...1 << 24)
    limit = try config.require(config["n_positions"].int == nil ? "n_ctx" : "n_positions", 1...1 << 20)
    let wide = config["n_inner"].int ?? 4 * hidden
    let epsilon = Float(config["layer_norm_epsilon"].double ?? 1e-5)
    let activation = config["activation_function"].text ?? "gelu_new"
    guard activation == "gelu_new" || activation == "gelu_pytorch_tanh", hidden % heads == 0 else {
      throw EmbedError.unsupported(
        path: config.path, what: "An architecture with \(activation) and \(heads) heads of \(hidden)",
        advice: "GPT-2 has gelu_new.")
    }
    tokenizer = try BytePairs(folder: folder)
    guard tokenizer.size <= pieces else {
      throw EmbedError.broken(
        path: config.path, place: "vocab_size", reason: "the tokenizer has \(tokenizer.size) pieces")
    }
    let tensors = try SafeTensors(folder: folder)
    let prefix = tensors.has("transformer.wte.weight") ? "transformer." : ""
    let hidden = hidden
    func floats(_ name: String, _ shape: [Int]) throws -> [Float] { try tensors.floats(prefix + name, shape: shape) }
    func dense(_ name: String, _ inputs: Int, _ outputs: Int) throws -> DenseLayer {
      try DenseLayer(
        floats(name + ".weight", [inputs, outputs]), bias: floats(name + ".bias", [outputs]), inputs: inputs,
        outputs: outputs, isTransposed: true)
    }
    func norm(_ name: String) throws -> LayerNorm {
      LayerNorm(
        scale: try floats(name + ".weight", [hidden]), shift: try floats(name + ".bias", [hidden]), epsilon: epsilon)
    }
    words = try floats("wte.weight", [pieces, hidden])
    positions = try floats("wpe.weight", [limit, hidden])
    self.norm = try norm("ln_f")
    blocks = try (0..<count).map { number in
      let name = "h.\(number)."
      return Block(
        firstNorm: try norm(name + "ln_1"), attention: try dense(name + "attn.c_attn", hidden, 3 * hidden),
        attentionOutput: try dense(name + "attn.c_proj", hidden, hidden), secondNorm: try norm(name + "ln_2"),
        intermediate: try dense(name + "mlp.c_fc", hidden, wide), output: try dense(name + "mlp.c_proj", wide, hidden))
    }
  }

  func tokens(of text: String) -> [Int32] { tokenizer.encode(text) }

  /// The vector of each token after the last normalisation: [tokens][dimensions], one row after the other.
  func states(of tokens: [Int32]) -> [Float] {
    let rows = tokens.count
    guard rows > 0 else { return [] }
    let wide = max(blocks.first?.intermediate.outputs ?? 0, 3 * hidden)
    let x = FloatBuffer(rows * hidden)
    let y = FloatBuffer(rows * hidden)
    let z = FloatBuffer(rows * wide)
    let scratch = FloatBuffer((hidden / heads + 1) * (rows + 16))
    for (position, token) in tokens.enumerated() {
      for column in 0..<hidden {
        x.pointer[position * hidden + column] =
          words[Int(token) * hidden + column] + positions[position * hidden + column]
      }
    }
    let level = TextKernelLevel.best.rawValue
    for block in blocks {
      y.pointer.update(from: x.pointer, count: rows * hidden)
      block.firstNorm.apply(y.pointer, rows: rows)
      block.attention.apply(y.pointer, rows: rows, to: z.pointer)
      assay_attend(
        level, z.pointer, Int32(rows), Int32(hidden), Int32(heads), 1, scratch.pointer, y.pointer)
      block.attentionOutput.apply(y.pointer, rows: rows, to: z.pointer)
      x.pointer.add(z.pointer, count: rows * hidden)
      y.pointer.update(from: x.pointer, count: rows * hidden)
      block.secondNorm.apply(y.pointer, rows: rows)
      block.intermediate.apply(y.pointer, rows: rows, to: z.pointer)
      assay_gelu(level, z.pointer, Int64(rows * block.intermediate.outputs), 1)
      block.output.apply(z.pointer, rows: rows, to: y.pointer)
      x.pointer.add(y.pointer, count: rows * hidden)
    }
    norm.apply(x.pointer, rows: rows)
    return Array(UnsafeBufferPointer(start: x.pointer, count: rows * hidden))
  }

  /// How strongly each piece is expected after a state.
  func logits(after state: ArraySlice<Float>) -> [Float] {
    let state = Array(state)
    return (0..<pieces).map { piece in
      var sum: Float = 0
      for column in 0..<hidden { sum += state[column] * words[piece * hidden + column] }
      return sum
    }
  }

  /// The mean of the vectors of a text's tokens, cut to what the model takes.
  public func vectors(of texts: [String], threads: Int, context: any JobContext) throws -> [[Float]] {
    let results = VectorResults(count: texts.count)
    try inParallel(texts.count, threads: threads) { [self] number in
      try context.checkCancelled()
      let tokens = Array(tokens(of: texts[number]).prefix(limit))
      var mean = [Float](repeating: 0, count: hidden)
      let states = states(of: tokens)
      for index in states.indices { mean[index % hidden] += states[index] / Float(tokens.count) }
      results.set([number], [mean])
    }
    return results.values
  }
}
