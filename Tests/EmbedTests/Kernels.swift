import CTextKernels

@testable import Embed

func products(
  _ x: [Float], _ rows: Int, _ inputs: Int, _ weights: [Float], _ bias: [Float], _ outputs: Int,
  _ level: TextKernelLevel
) -> [Float] {
  let packed = FloatBuffer(Int(assay_packed_size(level.rawValue, Int32(inputs), Int32(outputs))))
  assay_pack(level.rawValue, weights, Int32(inputs), Int32(outputs), 0, packed.pointer)
  var y = [Float](repeating: 0, count: rows * outputs)
  assay_dense(level.rawValue, x, Int32(rows), Int32(inputs), packed.pointer, bias, Int32(outputs), &y)
  return y
}

func units(_ x: [Float], _ level: TextKernelLevel, byTanh: Bool) -> [Float] {
  var y = x
  assay_gelu(level.rawValue, &y, Int64(x.count), byTanh ? 1 : 0)
  return y
}
