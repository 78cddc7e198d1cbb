// Neural networks for tables: dense layers over quantile places and levels, trained by Adam with a cosine of the learning rate,
// kept at the pass that predicts the validation rows best.

import CDenseKernels
import Foundation
import Jobs
import Numerics

/// How a network is trained.
public struct NetworkSettings: Codable, Hashable, Sendable {
  /// Numbers of each hidden layer.
  public var hidden: [Int]
  /// Networks that share the hidden layers.
  public var members: Int
  /// Bins of a number at most.
  public var bins: Int
  public var dropout: Double
  public var rate: Double
  /// What is taken off each weight in a step, as a share of the learning rate.
  public var decay: Double
  /// Passes over the rows at most.
  public var passes: Int
  /// Rows of a step.
  public var batch: Int

  public init(
    hidden: [Int] = [256, 256], members: Int = 1, bins: Int = 24, dropout: Double = 0.1, rate: Double = 0.002,
    decay: Double = 0.02, passes: Int = 40, batch: Int = 256
  ) {
    (self.hidden, self.members, self.bins, self.dropout) = (hidden, members, bins, dropout)
    (self.rate, self.decay, self.passes, self.batch) = (rate, decay, passes, batch)
  }

  var text: String {
    "layers of \(hidden.map(String.init).joined(separator: " and "))"
      + (members > 1 ? ", \(members) members" : "") + ", \(bins) bins, dropout \(dropout), rate \(rate), decay \(decay)"
  }
}

struct NetworkLearner: Learner {
  let settings: NetworkSettings

  /// Rows between two looks at the validation rows, at most.
  private static let passLimit = 65_536

  func fit(_ task: TrainingTask, context: any JobContext) throws -> any TrainedModel {
    try context.checkCancelled()
    let outputs = task.labels.outputs
    let input = NetworkInput(task.features, bins: settings.bins)
    let shape = NetworkShape(
      input: input, hidden: settings.hidden, members: max(settings.members, 1), outputs: outputs == 2 ? 1 : outputs)
    var random = RandomSource(seed: task.seed).split("network")
    var training = NetworkTraining(
      shape, parameters: shape.initial(&random), rows: input.places(task.features.matrix), labels: task.labels,
      weights: task.weights, isAbsolute: task.objective == .mae, batch: settings.batch)
    var noise = (0..<16).map { _ in UInt32(truncatingIfNeeded: random.next()) | 1 }
    let judged = input.places(task.validation.matrix)
    let objective: Objective = outputs > 1 ? .logLoss : task.objective == .mae ? .mae : .rmse
    var best = (gain: -Double.infinity, parameters: training.parameters, pass: 0)
    var rows = (0..<Int32(training.rows.rows)).map { $0 }
    var next = rows.count
    var (pass, position) = (0, 0.0)
    let start = DispatchTime.now().uptimeNanoseconds
    var planned = max(settings.passes, 1)
    let passRows = min(rows.count, Self.passLimit)
    while pass < planned {
      var done = 0
      while done < passRows {
        try context.checkCancelled()
        if next >= rows.count {
          rows = random.shuffled(rows)
          next = 0
        }
        let end = min(next + settings.batch, rows.count)
        // The last rows of a pass join the next when they are few: a step of two rows is mostly noise.
        if end - next < settings.batch / 4, rows.count > settings.batch {
          next = rows.count
          continue
        }
        let at = min(1, position + Double(done) / Double(passRows) / Double(planned))
        training.step(
          Array(rows[next..<end]), rate: settings.rate * Self.share(at), decay: settings.decay,
          dropout: Float(settings.dropout), &noise)
        done += end - next
        next = end
        if task.deadline.hasPassed { break }
      }
      pass += 1
      position = max(position, Double(pass) / Double(planned))
      let answers = NetworkModel.answers(shape, training.parameters, judged, outputs: outputs)
      let value = objective.value(task.validationLabels, answers)
      context.emit(LearningStep(step: pass, steps: planned, score: value ?? .nan, name: objective.rawValue))
      if objective.gain(value) > best.gain { best = (objective.gain(value), training.parameters, pass) }
      let used = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      // A cosine that is cut off has not come to rest: rather fewer passes.
      planned = min(settings.passes, pass + Int(min(task.deadline.left / (used / Double(pass)) * 0.95, 1e6)))
      if pass - best.pass > max(8, settings.passes / 4) { break }
    }
    return NetworkModel(shape: shape, parameters: best.parameters, outputs: outputs)
  }

  /// The learning rate in the course of training, as a share of its height: a short rise, then half a cosine.
  static func share(_ position: Double) -> Double {
    position < 0.05 ? 0.1 + 18 * position : 0.02 + 0.49 * (1 + cos(.pi * (position - 0.05) / 0.95))
  }
}

/// The parameters of a network while they are learnt.
struct NetworkTraining {
  let shape: NetworkShape
  let rows: NetworkRows
  private(set) var parameters: [Float]
  private let labels: Labels
  private let weights: [Float]?
  private let isAbsolute: Bool
  private var gradient: [Float]
  private var first: [Float]
  private var second: [Float]
  private var steps = 0
  private let workspace: NetworkWorkspace
  private let level = assay_dense_level()

  init(
    _ shape: NetworkShape, parameters: [Float], rows: NetworkRows, labels: Labels, weights: [Float]?,
    isAbsolute: Bool, batch: Int
  ) {
    (self.shape, self.parameters, self.rows, self.labels) = (shape, parameters, rows, labels)
    (self.weights, self.isAbsolute) = (weights, isAbsolute)
    gradient = Array(repeating: 0, count: parameters.count)
    first = gradient
    second = gradient
    workspace = NetworkWorkspace(shape, batch: batch)
  }

  /// One step of Adam on some rows.
  mutating func step(_ chosen: [Int32], rate: Double, decay: Double, dropout: Float, _ noise: inout [UInt32]) {
    steps += 1
    chosen.withUnsafeBufferPointer { chosen in
      let logits = workspace.forward(rows, chosen, parameters, dropout: dropout, noise: &noise)
      differentiate(logits, chosen)
      workspace.backward(rows, chosen, parameters, logits: logits, dropout: dropout, into: &gradient)
    }
    let (beta1, beta2) = (0.9, 0.99)
    let corrected =
      rate * (1 - pow(beta2, Double(steps))).squareRoot() / (1 - pow(beta1, Double(steps)))
    let layout = workspace.layout
    // Scales and biases are not drawn to 0.
    var parts: [(Range<Int>, Bool)] = [(0..<layout.scales, false)]
    parts.append((layout.scales..<(layout.weights.first ?? layout.outputWeights), false))
    for layer in layout.weights.indices {
      parts.append((layout.weights[layer]..<layout.biases[layer], true))
      let end = layer + 1 < layout.weights.count ? layout.weights[layer + 1] : layout.outputWeights
      parts.append((layout.biases[layer]..<end, false))
    }
    parts.append((layout.outputWeights..<layout.outputBiases, true))
    parts.append((layout.outputBiases..<layout.count, false))
    let level = level
    parameters.withUnsafeMutableBufferPointer { parameters in
      first.withUnsafeMutableBufferPointer { first in
        second.withUnsafeMutableBufferPointer { second in
          gradient.withUnsafeBufferPointer { gradient in
            guard let p = parameters.baseAddress, let f = first.baseAddress, let s = second.baseAddress,
              let g = gradient.baseAddress
            else { return }
            for (range, decays) in parts where !range.isEmpty {
              let at = range.lowerBound
              assay_adam(
                level, range.count, p + at, g + at, f + at, s + at, Float(beta1), Float(beta2), Float(corrected), 1e-8,
                decays ? Float(1 - rate * decay) : 1)
            }
          }
        }
      }
    }
  }

  /// Turns logits into the gradient of the mean loss over rows and members.
  private func differentiate(_ logits: UnsafeMutablePointer<Float>, _ chosen: UnsafeBufferPointer<Int32>) {
    let (count, outputs) = (chosen.count, shape.outputs)
    let share = 1 / Float(count)
    for member in 0..<shape.members {
      for (index, row) in chosen.enumerated() {
        let place = logits + (member * count + index) * outputs
        let factor = share * (weights?[Int(row)] ?? 1)
        switch labels {
        case .numbers(let numbers):
          let difference = place[0] - Float(numbers[Int(row)])
          place[0] = factor * (isAbsolute ? min(max(difference * 4, -1), 1) : difference)
        case .classes(let codes, _) where outputs == 1:
          place[0] = factor * (1 / (1 + exp(-place[0])) - Float(codes[Int(row)]))
        case .classes(let codes, _):
          Self.softmax(place, outputs)
          place[codes[Int(row)]] -= 1
          for output in 0..<outputs { place[output] *= factor }
        }
      }
    }
  }

  static func softmax(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
    var largest = values[0]
    for index in 1..<count { largest = max(largest, values[index]) }
    var sum: Float = 0
    for index in 0..<count {
      values[index] = exp(values[index] - largest)
      sum += values[index]
    }
    for index in 0..<count { values[index] /= sum }
  }
}

/// A trained network: its shape as JSON, its parameters as little-endian floats.
struct NetworkModel: TrainedModel {
  private static let head = "network.json"
  private static let body = "parameters.f32"
  private let shape: NetworkShape
  private let parameters: [Float]
  private let outputs: Int

  init(shape: NetworkShape, parameters: [Float], outputs: Int) {
    (self.shape, self.parameters, self.outputs) = (shape, parameters, outputs)
  }

  init(_ files: [String: Data], width: Int, outputs: Int) throws {
    shape = try modelValue(NetworkShape.self, Self.head, files)
    guard shape.isSound, shape.input.features.count == width, shape.outputs == (outputs == 2 ? 1 : outputs) else {
      throw BundleError.damaged(file: Self.head, reason: "has other features or classes than the bundle")
    }
    parameters = floats(try modelFile(Self.body, files))
    guard parameters.count == shape.layout.count, parameters.allSatisfy(\.isFinite) else {
      throw BundleError.damaged(file: Self.body, reason: "does not fit the network")
    }
    self.outputs = outputs
  }

  func predict(_ features: EncodedFeatures) -> [Double] {
    Self.answers(shape, parameters, shape.input.places(features.matrix), outputs: outputs)
  }

  /// Memory to answer about one row at a time.
  func rowWorkspace() -> NetworkWorkspace { NetworkWorkspace(shape, batch: 1) }

  /// What it says about one row.
  func predict(_ features: FeatureMatrix, in workspace: NetworkWorkspace) -> [Double] {
    Self.answers(shape, parameters, shape.input.places(features), outputs: outputs, workspace: workspace)
  }

  /// The mean of the members' probabilities or numbers, `[rows × outputs]`.
  static func answers(
    _ shape: NetworkShape, _ parameters: [Float], _ rows: NetworkRows, outputs: Int, workspace: NetworkWorkspace? = nil
  ) -> [Double] {
    let batch = workspace?.batch ?? min(256, max(rows.rows, 1))
    let workspace = workspace ?? NetworkWorkspace(shape, batch: batch)
    var result = [Double](repeating: 0, count: rows.rows * outputs)
    let share = 1 / Double(shape.members)
    for start in stride(from: 0, to: rows.rows, by: batch) {
      let chosen = (Int32(start)..<Int32(min(start + batch, rows.rows))).map { $0 }
      chosen.withUnsafeBufferPointer { chosen in
        let logits = workspace.forward(rows, chosen, parameters)
        for member in 0..<shape.members {
          for index in chosen.indices {
            let place = logits + (member * chosen.count + index) * shape.outputs
            let target = (start + index) * outputs
            if outputs == 1 {
              result[target] += share * Double(place[0])
            } else if shape.outputs == 1 {
              let probability = 1 / (1 + exp(-Double(place[0])))
              result[target] += share * (1 - probability)
              result[target + 1] += share * probability
            } else {
              NetworkTraining.softmax(place, outputs)
              for output in 0..<outputs { result[target + output] += share * Double(place[output]) }
            }
          }
        }
      }
    }
    if outputs > 2 {
      // Floats that sum to nearly 1.
      for start in stride(from: 0, to: result.count, by: outputs) {
        let sum = result[start..<start + outputs].reduce(0, +)
        if sum > 0 { for index in start..<start + outputs { result[index] /= sum } }
      }
    }
    return result
  }

  func files() throws -> [String: Data] {
    [Self.head: try JSONEncoder.sorted.encode(shape), Self.body: bytes(parameters)]
  }
}

extension NetworkShape {
  /// False for sizes that no training writes.
  var isSound: Bool {
    let sizes = hidden + [members, outputs]
    let features = input.features.allSatisfy { feature in
      switch feature {
      case .number(let edges): edges.count < 4_096 && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
      case .levels(let count): (0..<100_000).contains(count)
      case .vectors(let count, let width): (0..<100_000).contains(count) && (1..<1_024).contains(width)
      }
    }
    return features && hidden.count < 16 && sizes.allSatisfy { (1..<100_000).contains($0) }
  }
}

/// What a file leaves out has its default.
extension NetworkSettings {
  private enum CodingKeys: String, CodingKey {
    case hidden
    case members
    case bins
    case dropout
    case rate
    case decay
    case passes
    case batch
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    hidden = try container.decodeIfPresent([Int].self, forKey: .hidden) ?? hidden
    members = try container.decodeIfPresent(Int.self, forKey: .members) ?? members
    bins = try container.decodeIfPresent(Int.self, forKey: .bins) ?? bins
    dropout = try container.decodeIfPresent(Double.self, forKey: .dropout) ?? dropout
    rate = try container.decodeIfPresent(Double.self, forKey: .rate) ?? rate
    decay = try container.decodeIfPresent(Double.self, forKey: .decay) ?? decay
    passes = try container.decodeIfPresent(Int.self, forKey: .passes) ?? passes
    batch = try container.decodeIfPresent(Int.self, forKey: .batch) ?? batch
  }
}
