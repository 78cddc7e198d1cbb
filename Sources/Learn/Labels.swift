// What is to be learnt for each row.

/// The labels of rows: class numbers or numbers.
public enum Labels: Sendable, Equatable {
  /// Class numbers in 0 ..< `count`.
  case classes([Int], count: Int)
  case numbers([Double])

  /// How many rows have a label.
  public var rows: Int {
    switch self {
    case .classes(let codes, _): codes.count
    case .numbers(let numbers): numbers.count
    }
  }

  /// Numbers that a model says about a row: a probability for each class, or one number.
  public var outputs: Int {
    if case .classes(_, let count) = self { return count }
    return 1
  }

  /// The labels of some rows.
  public func selecting(_ chosen: some Collection<Int>) -> Labels {
    switch self {
    case .classes(let codes, let count): .classes(chosen.map { codes[$0] }, count: count)
    case .numbers(let numbers): .numbers(chosen.map { numbers[$0] })
    }
  }

  /// These labels and, after them, those of other rows; of another kind they stay out.
  func appending(_ other: Labels) -> Labels {
    switch (self, other) {
    case (.classes(let codes, let count), .classes(let more, _)): .classes(codes + more, count: count)
    case (.numbers(let numbers), .numbers(let more)): .numbers(numbers + more)
    case (.classes, .numbers), (.numbers, .classes): self
    }
  }
}
