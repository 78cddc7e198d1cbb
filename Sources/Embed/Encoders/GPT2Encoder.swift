// GPT-2, from a local folder (Radford et al. 2019). It was not trained to tell how alike texts are. Not for training.

import CTextKernels
import Foundation
import Jobs
import Synchronization

/// A GPT-2 model: configuration, byte-level BPE and safetensors weights of a folder.
public final class GPT2Encoder: TextEncoder {
  struct Block: Sendable {
    let firstNorm: LayerNorm
    let attention: DenseLayer
    let attentionOutput: DenseLayer
    let secondNorm: LayerNorm
    let intermediate: DenseLayer
    let output: DenseLayer
  }

  let tokenizer: BytePairs
  /// [pieces][hidden]: what a piece is on its way in, and what a state is compared with on its way out.
  let words: RowMatrix
  private let positions: [Float]
  private let blocks: [Block]
  private let norm: LayerNorm
  private let hidden: Int
  private let heads: Int
  let pieces: Int
  let limit: Int
  /// The words packed for many states at once, once they are asked for.
  private let packedWords = Mutex<DenseLayer?>(nil)

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
    let table = try floats("wte.weight", [pieces, hidden])
    let words = try RowMatrix(rows: pieces, dimensions: hidden)
    table.withUnsafeBufferPointer { table in
      guard let base = table.baseAddress else { return }
      for piece in 0..<words.rows { words.row(piece).update(from: base + piece * hidden, count: hidden) }
    }
    self.words = words
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
  func states(of tokens: [Int32]) -> [Float] { states(of: tokens, after: nil) }

  /// - Parameter cache: what stands before the tokens; gets them too.
  func states(of tokens: [Int32], after cache: KeyValueCache?) -> [Float] {
    let rows = tokens.count
    guard rows > 0 else { return [] }
    let first = cache?.count ?? 0
    precondition(first + rows <= limit, "the model has no positions for so many tokens")
    let wide = max(blocks.first?.intermediate.outputs ?? 0, 3 * hidden)
    let x = FloatBuffer(rows * hidden)
    let y = FloatBuffer(rows * hidden)
    let z = FloatBuffer(rows * wide)
    let scratch = FloatBuffer((hidden / heads + 1) * (rows + 16))
    for (row, token) in tokens.enumerated() {
      let word = words.row(Int(token))
      for column in 0..<hidden {
        x.pointer[row * hidden + column] = word[column] + positions[(first + row) * hidden + column]
      }
    }
    let level = TextKernelLevel.best.rawValue
    for (number, block) in blocks.enumerated() {
      y.pointer.update(from: x.pointer, count: rows * hidden)
      block.firstNorm.apply(y.pointer, rows: rows)
      block.attention.apply(y.pointer, rows: rows, to: z.pointer)
      cache?.add(z.pointer, rows: rows, block: number)
      if let cache, first > 0 {
        for row in 0..<rows {
          cache.attend(
            z.pointer + row * 3 * hidden, seen: first + row + 1, block: number, heads: heads,
            to: y.pointer + row * hidden)
        }
      } else {
        assay_attend(
          level, z.pointer, Int32(rows), Int32(hidden), Int32(heads), 1, scratch.pointer, y.pointer)
      }
      block.attentionOutput.apply(y.pointer, rows: rows, to: z.pointer)
      x.pointer.add(z.pointer, count: rows * hidden)
      y.pointer.update(from: x.pointer, count: rows * hidden)
      block.secondNorm.apply(y.pointer, rows: rows)
      block.intermediate.apply(y.pointer, rows: rows, to: z.pointer)
      assay_gelu(level, z.pointer, Int64(rows * block.intermediate.outputs), 1)
      block.output.apply(z.pointer, rows: rows, to: y.pointer)
      x.pointer.add(y.pointer, count: rows * hidden)
    }
    cache?.count += rows
    norm.apply(x.pointer, rows: rows)
    return Array(UnsafeBufferPointer(start: x.pointer, count: rows * hidden))
  }

  func makeCache(capacity: Int) -> KeyValueCache {
    KeyValueCache(blocks: blocks.count, width: hidden, capacity: min(capacity, limit))
  }

  /// How strongly each piece is expected after a state.
  func logits(after state: ArraySlice<Float>) -> [Float] {
    let query = AlignedVector(Array(state), width: words.width)
    return [Float](unsafeUninitializedCapacity: pieces) { buffer, count in
      if let base = buffer.baseAddress {
        assay_dots(
          TextKernelLevel.best.rawValue, words.pointer, Int32(words.width), Int64(pieces), query.pointer, base)
      }
      count = pieces
    }
  }

  /// The same for many states: [rows][pieces].
  func logits(after states: UnsafePointer<Float>, rows: Int, to logits: UnsafeMutablePointer<Float>) throws {
    let layer = try packedWords.withLock { held in
      if let held { return held }
      var table = [Float](repeating: 0, count: pieces * hidden)
      table.withUnsafeMutableBufferPointer { table in
        guard let base = table.baseAddress else { return }
        for piece in 0..<pieces { (base + piece * hidden).update(from: words.row(piece), count: hidden) }
      }
      let layer = try DenseLayer(table, bias: [], inputs: hidden, outputs: pieces)
      held = layer
      return layer
    }
    layer.apply(states, rows: rows, to: logits)
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
