// What candidates of level 1 say of the row at hand, for those of level 2.

/// Answers that others see. One thread at a time may use it.
final class RowStack {
  private let outputs: Int
  private let places: [Int: Int]
  /// `[candidates × outputs]`
  private let sums: UnsafeMutablePointer<Double>

  /// Nil where no candidate sees another.
  init?(_ experts: [ModelBundle.Expert], outputs: Int) {
    let wanted = Set(experts.flatMap { $0.recipe.stack?.base ?? [] }).sorted()
    guard !wanted.isEmpty else { return nil }
    self.outputs = outputs
    places = Dictionary(uniqueKeysWithValues: wanted.enumerated().map { ($1, $0) })
    sums = .allocate(capacity: wanted.count * outputs)
    begin()
  }

  deinit { sums.deallocate() }

  /// Forgets the row before.
  func begin() {
    for position in 0..<places.count * outputs { sums[position] = 0 }
  }

  /// Where a candidate's answers begin; nil for one that nobody sees.
  func place(of candidate: Int) -> Int? { places[candidate].map { $0 * outputs } }

  /// Adds a share of what a candidate says.
  func add(_ value: Double, at place: Int) { sums[place] += value }

  /// Puts what a recipe makes of the answers after the numbers of the columns.
  ///
  /// - Parameter features: `[encodings]`, overwritten.
  func fill(_ stack: FittedStack, _ features: UnsafeMutablePointer<Double>) {
    let width = StackFeatures.width(outputs)
    for (position, encoding) in stack.encodings.enumerated() {
      let (candidate, feature) = (stack.base[position / width], position % width)
      guard let place = places[candidate] else { continue }
      let answer = sums[place * outputs + StackFeatures.place(feature, outputs)]
      features[position] = encoding.encode(StackFeatures.feature(answer, outputs))
    }
  }
}
