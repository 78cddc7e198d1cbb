// Nearest neighbours (Fix and Hodges 1951): the labels of the rows most alike, near ones counting more.

import Foundation
import Jobs
import Numerics

/// How neighbours are asked.
public struct NeighborSettings: Codable, Hashable, Sendable {
  /// Neighbours asked at most; the validation rows choose how many.
  public var neighbors: Int
  /// Rows that are remembered at most, drawn at random.
  public var rowLimit: Int

  public init(neighbors: Int = 48, rowLimit: Int = 20_000) {
    (self.neighbors, self.rowLimit) = (neighbors, rowLimit)
  }
}

struct NeighborLearner: Learner {
  let settings: NeighborSettings

  func fit(_ task: TrainingTask, context: any JobContext) throws -> any TrainedModel {
    var random = RandomSource(seed: task.seed).split("neighbors")
    let rows = random.sample(settings.rowLimit, of: task.features.matrix.rows)
    let memory = NeighborMemory(
      task.features.matrix.selecting(rows), labels: task.labels.selecting(rows),
      weights: task.weights.map { weights in rows.map { weights[$0] } })
    // The number is chosen on a thousand rows: more would only cost time.
    let some = random.sample(1_000, of: task.validation.matrix.rows)
    let judged = task.validationLabels.selecting(some)
    let near = try memory.nearest(
      task.validation.matrix.selecting(some), count: settings.neighbors, deadline: .none, context: context)
    let objective: Objective = task.labels.outputs == 1 ? .mse : .logLoss
    var best = (count: 1, gain: -Double.infinity)
    for count in [1, 2, 3, 5, 7, 10, 15, 22, 32, 48] where count <= settings.neighbors {
      let gain = objective.gain(objective.value(judged, memory.answers(near, using: count)))
      if gain > best.gain { best = (count, gain) }
    }
    return NeighborModel(memory: memory, neighbors: best.count)
  }
}

/// Rows that are remembered.
struct NeighborMemory: Sendable {
  /// The nearest rows of each row asked about, near to far: their numbers and squared distances.
  struct Near {
    let count: Int
    var rows: [Int32]
    var distances: [Float]
  }

  let width: Int
  /// Floats of a row, a multiple of 8.
  let stride: Int
  /// `[rows × stride]`, row after row.
  let values: [Float]
  let labels: Labels
  /// How much each row counts; nil where all count alike. Their mean is about 1.
  let weights: [Float]?
  /// What is answered where neighbours say nothing: the shares of the classes.
  private let prior: [Double]

  init(_ matrix: FeatureMatrix, labels: Labels, weights: [Float]? = nil) {
    self.init(
      width: matrix.features, values: Self.rows(matrix, stride: Self.stride(matrix.features)), labels: labels,
      weights: weights)
  }

  init(width: Int, values: [Float], labels: Labels, weights: [Float]?) {
    self.width = width
    stride = Self.stride(width)
    self.values = values
    self.labels = labels
    self.weights = weights
    switch labels {
    case .numbers: prior = []
    case .classes(let codes, let count):
      var counts = [Double](repeating: 1, count: count)
      for (row, code) in codes.enumerated() { counts[code] += weights.map { Double($0[row]) } ?? 1 }
      let total = counts.reduce(0, +)
      prior = counts.map { $0 / total }
    }
  }

  /// What a row that was found counts: the near ones more, and none nothing at all.
  private func vote(_ near: Near, _ index: Int) -> Double {
    let weight = weights.map { max(Double($0[Int(near.rows[index])]), 1e-9) } ?? 1
    return weight / (Double(near.distances[index]) + 1e-3)
  }

  private static func stride(_ width: Int) -> Int { max((width + 7) & ~7, 8) }

  private static func rows(_ matrix: FeatureMatrix, stride: Int) -> [Float] {
    var values = [Float](repeating: 0, count: matrix.rows * stride)
    for feature in 0..<matrix.features {
      for (row, value) in matrix.column(feature).enumerated() where !value.isNaN {
        values[row * stride + feature] = Float(value)
      }
    }
    return values
  }

  func nearest(
    _ matrix: FeatureMatrix, count: Int, deadline: Deadline, context: any JobContext
  ) throws -> Near {
    let known = labels.rows
    let count = min(count, known)
    let asked = Self.rows(matrix, stride: stride)
    var near = Near(
      count: count, rows: Array(repeating: 0, count: matrix.rows * count),
      distances: Array(repeating: .infinity, count: matrix.rows * count))
    guard count > 0 else { return near }
    for row in 0..<matrix.rows {
      if row & 63 == 0 { try context.checkCancelled() }
      asked.withUnsafeBufferPointer { asked in
        values.withUnsafeBufferPointer { values in
          near.distances.withUnsafeMutableBufferPointer { distances in
            near.rows.withUnsafeMutableBufferPointer { rows in
              guard let asked = asked.baseAddress, let values = values.baseAddress else { return }
              let first = row * count
              let last = first + count - 1
              for other in 0..<known {
                let distance = squaredDistance(asked + row * stride, values + other * stride, stride)
                guard distance < distances[last] else { continue }
                var place = last
                while place > first, distances[place - 1] > distance {
                  distances[place] = distances[place - 1]
                  rows[place] = rows[place - 1]
                  place -= 1
                }
                distances[place] = distance
                rows[place] = Int32(other)
              }
            }
          }
        }
      }
    }
    return near
  }

  /// What the nearest `using` of the rows found say, `[rows × outputs]`.
  func answers(_ near: Near, using: Int) -> [Double] {
    let count = min(using, near.count)
    let rows = near.count == 0 ? 0 : near.rows.count / near.count
    var result: [Double] = []
    result.reserveCapacity(rows * labels.outputs)
    for row in 0..<rows {
      let range = row * near.count..<row * near.count + count
      let weights = range.map { vote(near, $0) }
      let total = weights.reduce(0, +)
      switch labels {
      case .numbers(let numbers):
        result.append(zip(range, weights).reduce(0) { $0 + numbers[Int(near.rows[$1.0])] * $1.1 } / total)
      case .classes(let codes, _):
        // One more neighbour, which votes for every class by its share.
        var votes = prior.map { $0 * total / Double(count) }
        for (index, weight) in zip(range, weights) { votes[codes[Int(near.rows[index])]] += weight }
        let sum = votes.reduce(0, +)
        result += votes.map { $0 / sum }
      }
    }
    return result
  }
}

/// The remembered rows: a JSON head, and their numbers and labels as little-endian floats.
struct NeighborModel: TrainedModel {
  private struct Head: Codable {
    let neighbors: Int
    let rows: Int
    let width: Int
    /// Nil for numbers.
    let classes: Int?
    /// True where rows count by `weights.f32`.
    var isWeighted: Bool?
  }

  private let memory: NeighborMemory
  private let neighbors: Int

  init(memory: NeighborMemory, neighbors: Int) { (self.memory, self.neighbors) = (memory, neighbors) }

  init(_ files: [String: Data], width: Int, outputs: Int) throws {
    let head = try modelValue(Head.self, "neighbors.json", files)
    let values = floats(try modelFile("rows.f32", files))
    let labels = floats(try modelFile("labels.f32", files))
    let classes = head.classes ?? 1
    guard head.width == width, classes == outputs, head.rows > 0, labels.count == head.rows, head.neighbors > 0,
      values.count == head.rows * max((width + 7) & ~7, 8),
      head.classes == nil || labels.allSatisfy({ $0 >= 0 && $0 < Float(classes) && $0 == $0.rounded() })
    else { throw BundleError.damaged(file: "neighbors.json", reason: "does not fit its rows or the bundle") }
    let kept: Labels =
      head.classes == nil ? .numbers(labels.map { Double($0) }) : .classes(labels.map { Int($0) }, count: classes)
    let weights = try head.isWeighted == true ? floats(modelFile("weights.f32", files)) : nil
    guard weights?.count ?? head.rows == head.rows, weights?.allSatisfy({ $0 >= 0 && $0.isFinite }) ?? true else {
      throw BundleError.damaged(file: "weights.f32", reason: "does not fit its rows")
    }
    memory = NeighborMemory(width: width, values: values, labels: kept, weights: weights)
    neighbors = head.neighbors
  }

  func predict(_ features: EncodedFeatures) throws -> [Double] {
    let near = try memory.nearest(features.matrix, count: neighbors, deadline: .none, context: SilentContext())
    return memory.answers(near, using: neighbors)
  }

  func files() throws -> [String: Data] {
    var classes: Int?
    if case .classes(_, let count) = memory.labels { classes = count }
    let head = Head(
      neighbors: neighbors, rows: memory.labels.rows, width: memory.width, classes: classes,
      isWeighted: memory.weights == nil ? nil : true)
    var files = [
      "neighbors.json": try JSONEncoder.sorted.encode(head), "rows.f32": bytes(memory.values),
      "labels.f32": bytes(LightGBMLearner.floats(memory.labels)),
    ]
    if let weights = memory.weights { files["weights.f32"] = bytes(weights) }
    return files
  }
}

/// Numbers as little-endian 32-bit floats.
func bytes(_ values: [Float]) -> Data {
  var data = Data(capacity: values.count * 4)
  for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
  return data
}

/// Little-endian 32-bit floats; a rest that makes no number is left out.
func floats(_ data: Data) -> [Float] {
  data.withUnsafeBytes { raw in
    (0..<raw.count / 4).map {
      Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
    }
  }
}

/// What a file leaves out has its default.
extension NeighborSettings {
  private enum CodingKeys: String, CodingKey {
    case neighbors
    case rowLimit = "row_limit"
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    neighbors = try container.decodeIfPresent(Int.self, forKey: .neighbors) ?? neighbors
    rowLimit = try container.decodeIfPresent(Int.self, forKey: .rowLimit) ?? rowLimit
  }
}
