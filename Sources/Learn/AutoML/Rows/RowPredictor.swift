// A bundle asked about one row at a time, for a server: what every row needs is made once.

import Foundation

/// What a model says of a row.
public struct RowAnswer: Hashable, Sendable {
  /// The number, or the probability of each class.
  public let values: [Double]
  /// The predicted class by its place; nil for numbers.
  public let label: Int?
}

/// A bundle for one row at a time; the values are those of `ModelBundle.predict`, to the last bit.
///
/// One thread at a time may use it. Predictors of the same bundle share what nothing changes.
public final class RowPredictor: @unchecked Sendable {
  /// The numbers that a recipe makes of the row at hand. Folds whose recipes learnt the same share one.
  private struct Encoder {
    let recipe: FittedRecipe
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

  private let reader: RowReader
  private let outputs: Int
  private let temperature: Double
  private let threshold: Double
  private let encoders: [Encoder]
  private let experts: [Expert]
  private let stack: RowStack?
  private let answers: UnsafeMutablePointer<Double>

  /// - Parameter reader: one of the bundle's schema.
  public init(_ bundle: ModelBundle, reader: RowReader) throws {
    let manifest = bundle.manifest
    self.reader = reader
    outputs = manifest.problem.isClassification ? manifest.classes.count : 1
    (temperature, threshold) = (manifest.temperature, manifest.threshold)
    var places: [FittedRecipe: Int] = [:]
    var encoders: [Encoder] = []
    let stack = RowStack(bundle.experts, outputs: outputs)
    experts = try bundle.experts.map { expert in
      let width = expert.recipe.width
      let model = try expert.model.rowModel(width: width, categorical: expert.recipe.categorical)
      let place = places[expert.recipe] ?? encoders.count
      if place == encoders.count {
        places[expert.recipe] = place
        encoders.append(Encoder(recipe: expert.recipe, features: .allocate(capacity: max(width, 1))))
      }
      return Expert(
        weight: expert.weight, encoder: place, model: model, label: expert.label, share: expert.share,
        place: stack?.place(of: expert.candidate))
    }
    self.stack = stack
    self.encoders = encoders
    answers = .allocate(capacity: outputs)
  }

  deinit {
    for encoder in encoders { encoder.features.deallocate() }
    answers.deallocate()
  }

  /// What the bundle says of a row of a batch.
  public func score(_ batch: RowBatch, row: Int) throws -> RowAnswer {
    for encoder in encoders { encode(batch, row, encoder) }
    stack?.begin()
    var result = [Double](repeating: 0, count: outputs)
    for expert in experts {
      let encoder = encoders[expert.encoder]
      if let seen = encoder.recipe.stack { stack?.fill(seen, encoder.features + encoder.recipe.columnWidth) }
      try expert.model.predict(encoder.features, answers)
      for position in 0..<outputs {
        let value = expert.label.unscaled(answers[position])
        result[position] += expert.weight * value
        if let place = expert.place { stack?.add(expert.share * value, at: place + position) }
      }
    }
    let values = GreedyEnsemble.tempered(result, temperature, classes: outputs)
    let label = outputs == 1 ? nil : decisions(values, classes: outputs, threshold: threshold).first
    return RowAnswer(values: values, label: label)
  }

  private func encode(_ batch: RowBatch, _ row: Int, _ encoder: Encoder) {
    var next = encoder.features
    func put(_ value: Double) {
      next.pointee = value
      next += 1
    }
    let numbers = row * reader.numberWidth
    func put(_ encodings: [NumberEncoding], at: Int) {
      for (offset, encoding) in encodings.enumerated() {
        let value = batch.numbers[numbers + at + offset]
        put(encoding.encode(value))
        if encoding.width == 2 { put(value.isNaN ? 1 : 0) }
      }
    }
    for (slot, column) in zip(reader.slots, encoder.recipe.columns) {
      switch (slot, column) {
      case (.number(let at), .numbers(let encodings)), (.calendar(_, let at), .numbers(let encodings)):
        put(encodings, at: at)
      case (.text(_, let at, _, let termsAt), .text(let encodings, let projection)):
        put(encodings, at: at)
        let counts = batch.terms[row * reader.termWidth + termsAt]
        for direction in projection.project(counts, rows: [0]) { put(direction[0]) }
      case (.levels(_, _, let at), .codes(let map)):
        let code = place(batch, row, at, missing: -1)
        put(code < 0 || map[code] < 0 ? .nan : Double(map[code]))
      case (.levels(_, let count, let at), .oneHot(let map, let width)):
        let feature = Int(map[place(batch, row, at, missing: count + 1)])
        for position in 0..<width { put(position == feature ? 1 : 0) }
      case (.levels(_, let count, let at), .means(let means)):
        let level = place(batch, row, at, missing: count + 1)
        for mean in means { put(mean[level]) }
      // A bundle is checked when it is loaded.
      case (.number, _), (.calendar, _), (.text, _), (.levels, _): break
      }
    }
  }

  private func place(_ batch: RowBatch, _ row: Int, _ at: Int, missing: Int) -> Int {
    let code = Int(batch.codes[row * reader.codeWidth + at])
    return code < 0 ? missing : code
  }
}
