// A fitted recipe for one row at a time: its columns as a list of steps over flat tables, so that a row costs no allocation and
// no look into nested values. Texts are the exception.

/// Makes the numbers of a model from a row of a batch.
struct RowEncoder {
  private enum Kind {
    /// A number as it is.
    case number
    /// A number that `encodings[table]` scales, and whether it is missing where it tells that.
    case scaled
    /// `width` numbers of a level.
    case level
    /// One of `width` features.
    case oneHot
    /// What `texts[table]` makes of a text.
    case text
  }

  /// What makes numbers of a text.
  private enum Reading {
    case terms(TermProjection)
    case words(WordMeans, places: [String: Int32])
    case encoded(VectorDirections)
  }

  private struct Step {
    let kind: Kind
    /// Where the cell is among the row's numbers or codes.
    let source: Int
    /// Where its table begins: an entry for missing, one for each level, one for unknown ones.
    let table: Int
    /// Entries of the table.
    var entries = 0
    var width = 1
  }

  private var steps: [Step] = []
  private var tables: [Double] = []
  private var encodings: [NumberEncoding] = []
  private var texts: [(encodings: [NumberEncoding], reading: Reading, numbers: Int)] = []
  private let numberWidth: Int
  private let codeWidth: Int
  private let termWidth: Int

  /// - Parameter recipe: one that fits the schema of `reader`, as a bundle makes sure when it is read.
  init(_ recipe: FittedRecipe, _ reader: RowReader) {
    (numberWidth, codeWidth, termWidth) = (reader.numberWidth, reader.codeWidth, reader.termWidth)
    for (slot, column) in zip(reader.slots, recipe.columns) {
      switch (slot, column) {
      case (.number(let at), .numbers(let encodings)), (.calendar(_, let at), .numbers(let encodings)):
        for (offset, encoding) in encodings.enumerated() { add(encoding, at + offset) }
      case (.text(_, let at, _, let termsAt), .text(let encodings, let projection)):
        add(.terms(projection), encodings, at, termsAt)
      case (.text(_, let at, _, let termsAt), .words(let encodings, let means)):
        add(.words(means, places: means.places), encodings, at, termsAt)
      case (.text(_, let at, _, let termsAt), .encoded(let encodings, let directions)):
        add(.encoded(directions), encodings, at, termsAt)
      case (.levels(_, let at), .codes(let map)):
        add(.level, at, [[.nan] + map.map { $0 < 0 ? .nan : Double($0) }], width: 1)
      case (.levels(_, let at), .oneHot(let map, let width)):
        add(.oneHot, at, [Self.missingFirst(map.map { Double($0) })], width: width)
      case (.levels(_, let at), .means(let means)):
        add(.level, at, means.map(Self.missingFirst), width: means.count)
      case (.number, _), (.calendar, _), (.text, _), (.levels, _): break
      }
    }
  }

  private mutating func add(_ reading: Reading, _ encodings: [NumberEncoding], _ numbers: Int, _ source: Int) {
    steps.append(Step(kind: .text, source: source, table: texts.count))
    texts.append((encodings, reading, numbers))
  }

  private mutating func add(_ encoding: NumberEncoding, _ source: Int) {
    if encoding.isRaw {
      steps.append(Step(kind: .number, source: source, table: 0))
    } else {
      steps.append(Step(kind: .scaled, source: source, table: encodings.count))
      encodings.append(encoding)
    }
  }

  private mutating func add(_ kind: Kind, _ source: Int, _ values: [[Double]], width: Int) {
    steps.append(
      Step(kind: kind, source: source, table: tables.count, entries: values.first?.count ?? 0, width: width))
    tables += values.joined()
  }

  private static func missingFirst(_ values: [Double]) -> [Double] { [values[values.count - 1]] + values.dropLast() }

  /// - Parameters:
  ///   - memory: what was made of the texts of the last row.
  ///   - features: `[width]`, overwritten.
  /// - Throws: what an encoder throws.
  func encode(
    _ batch: RowBatch, row: Int, _ memory: RowTexts, into features: UnsafeMutablePointer<Double>
  ) throws {
    var next = features
    func put(_ value: Double) {
      next.pointee = value
      next += 1
    }
    func put(_ value: Double, _ encoding: NumberEncoding) {
      put(encoding.encode(value))
      if encoding.width == 2 { put(value.isNaN ? 1 : 0) }
    }
    let (numbers, codes) = (row * numberWidth, row * codeWidth)
    for step in steps {
      switch step.kind {
      case .number: put(batch.numbers[numbers + step.source])
      case .scaled: put(batch.numbers[numbers + step.source], encodings[step.table])
      case .level:
        var entry = step.table + Int(batch.codes[codes + step.source]) + 1
        for _ in 0..<step.width {
          put(tables[entry])
          entry += step.entries
        }
      case .oneHot:
        let feature = Int(tables[step.table + Int(batch.codes[codes + step.source]) + 1])
        for position in 0..<step.width { put(position == feature ? 1 : 0) }
      case .text:
        let text = texts[step.table]
        for (offset, encoding) in text.encodings.enumerated() {
          put(batch.numbers[numbers + text.numbers + offset], encoding)
        }
        let place = row * termWidth + step.source
        switch text.reading {
        case .terms(let projection):
          for direction in projection.project(batch.terms[place], rows: [0]) { put(direction[0]) }
        case .words(let means, let places):
          let words = memory.words(batch.texts[place], column: step.source)
          for number in means.mean(words.lazy.map { places[String($0)] ?? -1 }) { put(number) }
        case .encoded(let directions):
          let vector = try memory.vector(batch.texts[place], column: step.source)
          for number in directions.numbers(vector, from: 0) { put(Double(number)) }
        }
      }
    }
  }
}
