// Parts of transformers (Vaswani et al. 2017).

import CTextKernels
import Foundation

/// Weights and a bias, packed for the kernels.
final class DenseLayer: @unchecked Sendable {
  let inputs: Int
  let outputs: Int
  private let packed: MappedRegion
  private let bias: [Float]

  /// - Parameters:
  ///   - weights: [outputs][inputs]; [inputs][outputs] where they are transposed.
  ///   - bias: [outputs], or empty.
  init(_ weights: [Float], bias: [Float], inputs: Int, outputs: Int, isTransposed: Bool = false) throws {
    (self.inputs, self.outputs, self.bias) = (inputs, outputs, bias)
    let level = TextKernelLevel.best.rawValue
    packed = try MappedRegion(bytes: Int(assay_packed_size(level, Int32(inputs), Int32(outputs))) * 4)
    assay_pack(
      level, weights, Int32(inputs), Int32(outputs), isTransposed ? 1 : 0,
      packed.pointer.assumingMemoryBound(to: Float.self))
  }

  /// y [rows][outputs] from x [rows][inputs].
  func apply(_ x: UnsafePointer<Float>, rows: Int, to y: UnsafeMutablePointer<Float>) {
    let weights = packed.pointer.assumingMemoryBound(to: Float.self)
    bias.withUnsafeBufferPointer { bias in
      assay_dense(
        TextKernelLevel.best.rawValue, x, Int32(rows), Int32(inputs), weights,
        bias.isEmpty ? nil : bias.baseAddress, Int32(outputs), y)
    }
  }
}

/// Layer normalisation (Ba, Kiros, Hinton 2016).
struct LayerNorm: Sendable {
  let scale: [Float]
  let shift: [Float]
  let epsilon: Float

  func apply(_ x: UnsafeMutablePointer<Float>, rows: Int) {
    assay_normalize(TextKernelLevel.best.rawValue, x, Int32(rows), Int32(scale.count), scale, shift, epsilon)
  }
}

/// Floats on a boundary of 64 bytes.
final class FloatBuffer {
  let pointer: UnsafeMutablePointer<Float>

  init(_ count: Int) {
    pointer = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}

extension UnsafeMutablePointer<Float> {
  /// Adds numbers to these.
  func add(_ other: UnsafePointer<Float>, count: Int) {
    for index in 0..<count { self[index] += other[index] }
  }
}
