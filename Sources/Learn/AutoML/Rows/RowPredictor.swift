// A bundle asked about one row at a time, for a server: what every row needs is made once.

import Foundation

/// What a model says of a row.
public struct RowAnswer: Hashable, Sendable {
  /// The number, or the probability of each class.
  public let values: [Double]
  /// The predicted class by its place; nil for numbers.
  public let label: Int?
}

/// A bundle for one row at a time; the values are those of `ModelBundle.predict`, to the last bit. An encoder of texts rounds
/// otherwise alone than in company, by less than 1e-4.
///
/// One thread at a time may use it. Predictors of the same bundle share what nothing changes.
public final class RowPredictor: @unchecked Sendable {
  /// The numbers that a recipe makes of the row at hand. Folds whose recipes learnt the same share one.
  private struct Encoder {
    let recipe: FittedRecipe
    let steps: RowEncoder
    let features: UnsafeMutablePointer<Double>
  }

  private struct Expert {
    let weight: Double
    let encoder: Int
    let model: any RowModel
    let label: LabelScale
    /// Of its candidate, and where the candidate's answers are among those that others see; nil where nobody does.
    let share: Double
    let place: Int?
  }

  private let outputs: Int
  private let power: Double
  private let threshold: Double
  private let encoders: [Encoder]
  private let experts: [Expert]
  private let stack: RowStack?
  private let texts: RowTexts
  private let answers: UnsafeMutablePointer<Double>
  private let sums: UnsafeMutablePointer<Double>

  /// - Parameter reader: one of the bundle's schema.
  public init(_ bundle: ModelBundle, reader: RowReader) throws {
    let manifest = bundle.manifest
    outputs = manifest.problem.isClassification ? manifest.classes.count : 1
    power = outputs == 1 ? 1 : 1 / manifest.temperature
    threshold = manifest.threshold
    var places: [FittedRecipe: Int] = [:]
    var encoders: [Encoder] = []
    let stack = RowStack(bundle.experts, outputs: outputs)
    experts = try bundle.experts.map { expert in
      let width = expert.recipe.width
      let model = try expert.model.rowModel(width: width, categorical: expert.recipe.categorical)
      let place = places[expert.recipe] ?? encoders.count
      if place == encoders.count {
        places[expert.recipe] = place
        encoders.append(
          Encoder(
            recipe: expert.recipe, steps: RowEncoder(expert.recipe, reader),
            features: .allocate(capacity: max(width, 1))))
      }
      return Expert(
        weight: expert.weight, encoder: place, model: model, label: expert.label, share: expert.share,
        place: stack?.place(of: expert.candidate))
    }
    self.stack = stack
    self.encoders = encoders
    texts = RowTexts(bundle.encoder)
    answers = .allocate(capacity: outputs)
    sums = .allocate(capacity: outputs)
    sums.initialize(repeating: 0, count: outputs)
  }

  deinit {
    for encoder in encoders { encoder.features.deallocate() }
    answers.deallocate()
    sums.deallocate()
  }

  /// What the bundle said of the row that was decided last: the number, or the probability of each class. Overwritten by the
  /// next row.
  public var values: UnsafeBufferPointer<Double> { UnsafeBufferPointer(start: sums, count: outputs) }

  /// Asks the bundle about a row of a batch; `values` holds what it says.
  ///
  /// - Returns: the predicted class by its place; nil for numbers.
  public func decide(_ batch: RowBatch, row: Int) throws -> Int? {
    for encoder in encoders { try encoder.steps.encode(batch, row: row, texts, into: encoder.features) }
    for position in 0..<outputs { sums[position] = 0 }
    stack?.begin()
    for expert in experts {
      let encoder = encoders[expert.encoder]
      if let seen = encoder.recipe.stack { stack?.fill(seen, encoder.features + encoder.recipe.columnWidth) }
      try expert.model.predict(encoder.features, answers)
      for position in 0..<outputs {
        let value = expert.label.unscaled(answers[position])
        sums[position] += expert.weight * value
        if let place = expert.place { stack?.add(expert.share * value, at: place + position) }
      }
    }
    if outputs == 1 { return nil }
    temper()
    if outputs == 2 { return sums[1] >= threshold ? 1 : 0 }
    var best = 0
    for position in 1..<outputs where sums[position] > sums[best] { best = position }
    return best
  }

  /// Probabilities to the power 1/T, as `GreedyEnsemble.tempered` takes them.
  private func temper() {
    guard power != 1 else { return }
    var sum = 0.0
    for position in 0..<outputs {
      sums[position] = pow(max(sums[position], 1e-15), power)
      sum += sums[position]
    }
    for position in 0..<outputs { sums[position] /= sum }
  }

  /// What the bundle says of a row of a batch.
  public func score(_ batch: RowBatch, row: Int) throws -> RowAnswer {
    let label = try decide(batch, row: row)
    return RowAnswer(values: Array(values), label: label)
  }
}
