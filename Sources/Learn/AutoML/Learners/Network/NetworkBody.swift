// A network of dense layers that several members share: each scales the input by numbers of its own and has an output layer of
// its own, which makes one network a small ensemble (Gorishniy et al. 2024, arXiv:2410.24210, TabM-mini).

import CDenseKernels
import Foundation
import Numerics

/// The sizes of a network.
struct NetworkShape: Codable, Hashable, Sendable {
  let input: NetworkInput
  let hidden: [Int]
  let members: Int
  /// Numbers of each member for a row: logits of the classes, of two classes that of the second, or a number.
  let outputs: Int

  /// Where each part of the parameters begins: vectors of levels, scales of members, weights and biases of each layer, output
  /// weights `[members][last × outputs]` and biases.
  struct Layout {
    var scales = 0
    var weights: [Int] = []
    var biases: [Int] = []
    var outputWeights = 0
    var outputBiases = 0
    var count = 0
  }

  var layout: Layout {
    var layout = Layout()
    var next = input.vectorCount
    layout.scales = next
    next += members > 1 ? members * input.width : 0
    var width = input.width
    for size in hidden {
      layout.weights.append(next)
      next += width * size
      layout.biases.append(next)
      next += size
      width = size
    }
    layout.outputWeights = next
    next += members * width * outputs
    layout.outputBiases = next
    next += members * outputs
    layout.count = next
    return layout
  }

  var lastWidth: Int { hidden.last ?? input.width }

  /// Weights to begin with (He et al. 2015, doi:10.1109/ICCV.2015.123), scales of random sign.
  func initial(_ random: inout RandomSource) -> [Float] {
    let layout = layout
    var values = [Float](repeating: 0, count: layout.count)
    for index in 0..<layout.scales { values[index] = Float(random.nextNormal()) * 0.3 }
    if members > 1 {
      for index in layout.scales..<layout.scales + members * input.width {
        values[index] = random.nextUnit() < 0.5 ? -1 : 1
      }
    }
    var width = input.width
    for (layer, size) in hidden.enumerated() {
      let spread = Float((2 / Double(width)).squareRoot())
      for index in layout.weights[layer]..<layout.weights[layer] + width * size {
        values[index] = Float(random.nextNormal()) * spread
      }
      width = size
    }
    let spread = Float(0.5 / Double(width).squareRoot())
    for index in layout.outputWeights..<layout.outputBiases { values[index] = Float(random.nextNormal()) * spread }
    return values
  }
}

/// Memory to work on one batch in. Not shared between threads.
final class NetworkWorkspace {
  let shape: NetworkShape
  let layout: NetworkShape.Layout
  let batch: Int
  private let level = assay_dense_level()
  private let input: UnsafeMutablePointer<Float>
  /// The input of each layer, one more for the last: `[members × batch × width]`.
  private var layers: [UnsafeMutablePointer<Float>] = []
  private let outputs: UnsafeMutablePointer<Float>
  private let scratch: UnsafeMutablePointer<Float>
  private let still: UnsafeMutablePointer<UInt32>
  private let widest: Int
  private var gradients: [UnsafeMutablePointer<Float>] = []

  init(_ shape: NetworkShape, batch: Int) {
    self.shape = shape
    self.batch = batch
    layout = shape.layout
    let rows = batch * shape.members
    func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
      let pointer = UnsafeMutablePointer<Float>.allocate(capacity: max(count, 1))
      pointer.initialize(repeating: 0, count: max(count, 1))
      return pointer
    }
    let widths = [shape.input.width] + shape.hidden
    let widest = max(widths.max() ?? 1, shape.outputs)
    self.widest = widest
    input = floats(batch * shape.input.width)
    layers = widths.map { floats(rows * $0) }
    outputs = floats(rows * shape.outputs)
    gradients = [floats(rows * widest), floats(rows * widest)]
    still = .allocate(capacity: 16)
    still.initialize(repeating: 1, count: 16)
    let sides = [rows, widest]
    scratch = floats(
      sides.flatMap { m in sides.map { k in Int(assay_multiply_scratch(m, widest, k)) } }.max() ?? 1)
  }

  deinit {
    still.deallocate()
    for pointer in [input, outputs, scratch] + layers + gradients { pointer.deallocate() }
  }

  /// The logits of some rows, `[members × rows × outputs]`; valid until the next call.
  ///
  /// - Parameters:
  ///   - dropout: the share of hidden numbers that are left out, while learning.
  ///   - noise: sixteen generators that choose them.
  func forward(
    _ source: NetworkRows, _ rows: UnsafeBufferPointer<Int32>, _ parameters: UnsafePointer<Float>,
    dropout: Float = 0, noise: UnsafeMutablePointer<UInt32>? = nil
  ) -> UnsafeMutablePointer<Float> {
    let (count, members, width) = (rows.count, shape.members, shape.input.width)
    if members == 1 {
      shape.input.fill(layers[0], from: source, rows: rows, vectors: parameters)
    } else {
      shape.input.fill(input, from: source, rows: rows, vectors: parameters)
      for member in 0..<members {
        let scales = parameters + layout.scales + member * width
        for row in 0..<count {
          let (from, to) = (input + row * width, layers[0] + (member * count + row) * width)
          for column in 0..<width { to[column] = from[column] * scales[column] }
        }
      }
    }
    var inner = width
    let all = count * members
    for (layer, size) in shape.hidden.enumerated() {
      let target = layers[layer + 1]
      assay_multiply(
        level, all, size, inner, layers[layer], inner, 1, parameters + layout.weights[layer], size, 1, target, size, 0,
        scratch)
      let bias = parameters + layout.biases[layer]
      let factor = dropout > 0 ? 1 / (1 - dropout) : 1
      assay_activate(
        level, all, size, target, bias, noise == nil ? 0 : UInt32(Double(dropout) * 4_294_967_295), factor,
        noise ?? still)
      inner = size
    }
    let answers = shape.outputs
    for member in 0..<members {
      let target = outputs + member * count * answers
      assay_multiply(
        level, count, answers, inner, layers[shape.hidden.count] + member * count * inner, inner, 1,
        parameters + layout.outputWeights + member * inner * answers, answers, 1, target, answers, 0, scratch)
      let bias = parameters + layout.outputBiases + member * answers
      for row in 0..<count { for answer in 0..<answers { target[row * answers + answer] += bias[answer] } }
    }
    return outputs
  }

  /// The gradient of all parameters, from that of the logits, for the rows of the last `forward`.
  func backward(
    _ source: NetworkRows, _ rows: UnsafeBufferPointer<Int32>, _ parameters: UnsafePointer<Float>,
    logits: UnsafePointer<Float>, dropout: Float, into gradient: UnsafeMutablePointer<Float>
  ) {
    let (count, members, answers, inner) = (rows.count, shape.members, shape.outputs, shape.lastWidth)
    gradient.update(repeating: 0, count: layout.count)
    var (above, below) = (gradients[0], gradients[1])
    for member in 0..<members {
      let part = logits + member * count * answers
      let place = layout.outputWeights + member * inner * answers
      assay_multiply(
        level, inner, answers, count, layers[shape.hidden.count] + member * count * inner, 1, inner, part, answers, 1,
        gradient + place, answers, 0, scratch)
      let bias = gradient + layout.outputBiases + member * answers
      for row in 0..<count { for answer in 0..<answers { bias[answer] += part[row * answers + answer] } }
      assay_multiply(
        level, count, inner, answers, part, answers, 1, parameters + place, 1, answers, above + member * count * inner,
        inner, 0, scratch)
    }
    let all = count * members
    let factor = 1 / (1 - dropout)
    for layer in shape.hidden.indices.reversed() {
      let size = shape.hidden[layer]
      let width = layer > 0 ? shape.hidden[layer - 1] : shape.input.width
      let active = layers[layer + 1]
      let bias = gradient + layout.biases[layer]
      assay_deactivate(level, all, size, above, active, factor, bias)
      assay_multiply(
        level, width, size, all, layers[layer], 1, width, above, size, 1, gradient + layout.weights[layer], size, 0,
        scratch)
      if layer > 0 || members > 1 || layout.scales > 0 {
        assay_multiply(
          level, all, width, size, above, size, 1, parameters + layout.weights[layer], 1, size, below, width, 0, scratch
        )
        swap(&above, &below)
      }
    }
    guard members > 1 || layout.scales > 0 else { return }
    let width = shape.input.width
    if members > 1 {
      for member in 0..<members {
        let scales = gradient + layout.scales + member * width
        let kept = parameters + layout.scales + member * width
        for row in 0..<count {
          let (values, from) = (above + (member * count + row) * width, input + row * width)
          for column in 0..<width {
            scales[column] += values[column] * from[column]
            values[column] *= kept[column]
          }
        }
      }
      for member in 1..<members {
        for index in 0..<count * width { above[index] += above[member * count * width + index] }
      }
    }
    if layout.scales > 0 { shape.input.spread(above, from: source, rows: rows, to: gradient) }
  }
}
