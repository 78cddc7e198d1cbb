import CDenseKernels
import Foundation
import Jobs
import Numerics
import Testing

@testable import Learn

@Suite struct NetworkTests {
  @Test(arguments: [(1, 1, 1), (13, 37, 5), (4, 8, 3), (25, 33, 40), (6, 16, 256)], [0, 1])
  func aProductOfMatricesIsRightForEveryInstructionSet(_ size: (Int, Int, Int), _ adds: Int) {
    let (m, n, k) = size
    var random = RandomSource(seed: 3)
    let a = (0..<m * k).map { _ in Float(random.nextNormal()) }
    let b = (0..<k * n).map { _ in Float(random.nextNormal()) }
    for level in 0...Int(assay_dense_level()) {
      for transposed in [false, true] {
        var c = [Float](repeating: Float(adds), count: m * n)
        var scratch = [Float](repeating: 0, count: assay_multiply_scratch(m, n, k))
        assay_multiply(
          Int32(level), m, n, k, a, transposed ? 1 : k, transposed ? m : 1, b, transposed ? 1 : n,
          transposed ? k : 1, &c, n, Int32(adds), &scratch)
        for i in 0..<m {
          for j in 0..<n {
            var sum = Double(adds)
            for step in 0..<k {
              let left = transposed ? a[step * m + i] : a[i * k + step]
              let right = transposed ? b[j * k + step] : b[step * n + j]
              sum += Double(left) * Double(right)
            }
            #expect(abs(Double(c[i * n + j]) - sum) < 1e-4)
          }
        }
      }
    }
  }

  @Test(arguments: [1, 3]) func gradientsAreThoseOfTheLoss(_ members: Int) {
    var random = RandomSource(seed: 8)
    let rows = 6
    let values =
      (0..<rows).map { _ in random.nextNormal() } + (0..<rows).map { Double($0 % 3) }
      + (0..<rows).map { Double($0 * 5 % 16) }
    let features = EncodedFeatures(
      matrix: FeatureMatrix(rows: rows, features: 3, values: values), categorical: [1, 2])
    let input = NetworkInput(features, bins: 3)
    #expect(input.vectorCount > 0)
    let shape = NetworkShape(input: input, hidden: [7, 5], members: members, outputs: 2)
    let parameters = shape.initial(&random)
    let source = input.places(features.matrix)
    let workspace = NetworkWorkspace(shape, batch: rows)
    let chosen = (0..<Int32(rows)).map { $0 }
    // The loss Σ logit² / 2, whose gradient by a logit is the logit.
    func loss(_ parameters: [Float]) -> Double {
      chosen.withUnsafeBufferPointer { chosen in
        let logits = workspace.forward(source, chosen, parameters)
        return (0..<rows * members * 2).reduce(0.0) { $0 + Double(logits[$1] * logits[$1]) / 2 }
      }
    }
    var gradient = [Float](repeating: 0, count: parameters.count)
    chosen.withUnsafeBufferPointer { chosen in
      let logits = workspace.forward(source, chosen, parameters)
      workspace.backward(source, chosen, parameters, logits: logits, dropout: 0, into: &gradient)
    }
    let scale = Double(gradient.map(abs).max() ?? 1)
    for index in stride(from: 0, to: parameters.count, by: 3) {
      let step: Float = 2e-3
      var (up, down) = (parameters, parameters)
      up[index] += step
      down[index] -= step
      let slope = (loss(up) - loss(down)) / Double(2 * step)
      #expect(abs(slope - Double(gradient[index])) < 0.02 * scale, "parameter \(index)")
    }
  }

  @Test func aNumberBecomesItsPlaceAmongQuantiles() {
    let features = EncodedFeatures(
      matrix: FeatureMatrix(rows: 5, features: 1, values: [0, 1, 2, 3, 4]), categorical: [])
    let input = NetworkInput(features, bins: 2)
    #expect(input.features == [.number(edges: [0, 2, 4])])
    let asked = FeatureMatrix(rows: 5, features: 1, values: [-9, 1, 3, 99, .nan])
    let places = input.places(asked)
    #expect(places.places == [[0, 0.5, 1.5, 2, 0]])
    #expect(places.numbers == [[-9, 1, 3, 99, 0]])
    var buffer = [Float](repeating: 9, count: 5 * input.width)
    let rows = (0..<Int32(5)).map { $0 }
    rows.withUnsafeBufferPointer { input.fill(&buffer, from: places, rows: $0, vectors: [0]) }
    #expect(buffer == [-9, 0, 0, 1, 0.5, 0, 3, 1, 0.5, 99, 1, 1, 0, 0, 0])
  }

  @Test func aNetworkOfWrongSizeIsRefused() throws {
    let features = EncodedFeatures(matrix: FeatureMatrix(rows: 2, features: 1, values: [0, 1]), categorical: [])
    let shape = NetworkShape(input: NetworkInput(features, bins: 2), hidden: [3], members: 1, outputs: 1)
    let model = NetworkModel(
      shape: shape, parameters: [Float](repeating: 0, count: shape.layout.count), outputs: 1)
    var files = try model.files()
    _ = try NetworkModel(files, width: 1, outputs: 1)
    #expect(throws: BundleError.self) { _ = try NetworkModel(files, width: 2, outputs: 1) }
    #expect(throws: BundleError.self) { _ = try NetworkModel(files, width: 1, outputs: 3) }
    files["parameters.f32"] = Data(count: 8)
    #expect(throws: BundleError.self) { _ = try NetworkModel(files, width: 1, outputs: 1) }
  }
}
