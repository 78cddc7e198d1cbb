// How cells become the numbers of a model: what to do is a recipe, what was learnt on the rows of a fold a fitted recipe.

import Frame
import Jobs
import Numerics

/// Numbers for a model, and which of them are codes.
struct EncodedFeatures: Sendable {
  let matrix: FeatureMatrix
  /// Features whose values are codes without an order.
  let categorical: [Int]
}

/// What is done to the cells of each kind of column.
public struct Recipe: Codable, Hashable, Sendable {
  public enum Categories: String, Codable, Sendable {
    /// A number for each level, by falling frequency.
    case codes
    /// A feature for each level.
    case oneHot
    /// The mean label of the level's rows, drawn towards that of all rows.
    case target
  }

  public var categories: Categories
  /// True fills missing numbers with the median, scales robustly and adds a feature that says "missing"; false leaves numbers
  /// as they are.
  public var isScaled: Bool
  public var texts = TextTreatment.terms

  /// For trees that know categories.
  public static let codes = Recipe(categories: .codes, isScaled: false)
  /// For trees.
  public static let means = Recipe(categories: .target, isScaled: false)
  /// For everything that adds and multiplies.
  public static let scaled = Recipe(categories: .oneHot, isScaled: true)

  /// For networks, which learn what each level means.
  public static let levels = Recipe(categories: .codes, isScaled: true)

  /// A sentence for the reader.
  public var text: String {
    let categories =
      switch self.categories {
      case .codes: "categories as codes"
      case .oneHot: "a feature for each level of a category"
      case .target: "categories as the mean label of their level, learnt on other rows"
      }
    return categories + (isScaled ? "; numbers filled with the median, scaled and clipped" : "; numbers as they are")
      + "; dates as year, month, day and weekday; texts as figures and \(texts.text)"
  }

  /// The same with another way to read texts.
  func reading(_ texts: TextTreatment) -> Recipe {
    var recipe = self
    recipe.texts = texts
    return recipe
  }

  private enum CodingKeys: String, CodingKey { case categories, isScaled, texts }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      categories: try container.decode(Categories.self, forKey: .categories),
      isScaled: try container.decode(Bool.self, forKey: .isScaled),
      texts: try container.decodeIfPresent(TextTreatment.self, forKey: .texts) ?? .terms)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(categories, forKey: .categories)
    try container.encode(isScaled, forKey: .isScaled)
    // What knows of terms alone reads recipes of terms alone.
    if texts != .terms { try container.encode(texts, forKey: .texts) }
  }

  init(categories: Categories, isScaled: Bool, texts: TextTreatment = .terms) {
    (self.categories, self.isScaled, self.texts) = (categories, isScaled, texts)
  }
}

/// A recipe, and what it learnt from the rows of one fold.
struct FittedRecipe: Codable, Hashable, Sendable {
  enum FittedColumn: Codable, Hashable, Sendable {
    case numbers([NumberEncoding])
    /// For each level, for unknown ones at the end, its code; -1 for none.
    case codes([Int32])
    /// For each level, for unknown ones and missing ones at the end, its feature; -1 for none.
    case oneHot([Int32], width: Int)
    /// `[outputs][levels + 2]`: for each level, for unknown ones and missing ones, the mean label.
    case means([[Double]])
    case text([NumberEncoding], TermProjection)
    case words([NumberEncoding], WordMeans)
    case encoded([NumberEncoding], VectorDirections)
  }

  let recipe: Recipe
  let columns: [FittedColumn]
  /// What is done to the predictions of other candidates; nil where the model sees none.
  var stack: FittedStack?

  /// Levels that get a code, or a feature, of their own.
  private static let codeLimit = 254
  private static let oneHotLimit = 60
  /// Rows of the overall mean that each level's mean is mixed with.
  private static let meanWeight = 10.0
  private static let innerFolds = 5
  /// Rows of a level from which on its mean hardly knows a single label. Means over other rows would differ from fold to fold,
  /// and levels with nearly the same mean be taken for one another.
  private static let tellingRows = 150.0

  /// Learns from some rows, and gives their features, in which the mean of a level never knows the row's own label.
  ///
  /// - Parameter labels: those of `rows`, in their order.
  static func fit(
    _ recipe: Recipe, _ table: PreparedTable, rows: [Int], labels: Labels, seed: UInt64, context: any JobContext
  ) throws -> (fitted: FittedRecipe, features: EncodedFeatures) {
    let columns = try table.columns.map { cells in
      try context.checkCancelled()
      return try fit(recipe, cells, rows: rows, labels: labels, seed: seed, context: context)
    }
    let fitted = FittedRecipe(recipe: recipe, columns: columns)
    var values: [[Double]] = []
    for (cells, column) in zip(table.columns, columns) {
      try context.checkCancelled()
      if case .codes(let codes, let levels) = cells, case .means = column {
        values += outOfFoldMeans(codes, levels: levels, rows: rows, labels: labels, seed: seed)
      } else {
        values += features(cells, column, rows)
      }
    }
    return (fitted, fitted.encoded(values, rows: rows.count))
  }

  /// The features of some rows of a table that was prepared by the same schema.
  func transform(_ table: PreparedTable, rows: [Int]) -> EncodedFeatures {
    encoded(zip(table.columns, columns).flatMap { Self.features($0, $1, rows) }, rows: rows.count)
  }

  private func encoded(_ values: [[Double]], rows: Int) -> EncodedFeatures {
    let matrix = FeatureMatrix(rows: rows, features: values.count, values: Array(values.joined()))
    return EncodedFeatures(matrix: matrix, categorical: categorical)
  }

  /// Features whose values are codes without an order.
  var categorical: [Int] {
    var categorical: [Int] = []
    var position = 0
    for column in columns {
      if case .codes = column { categorical.append(position) }
      position += Self.width(column)
    }
    return categorical
  }

  static func width(_ column: FittedColumn) -> Int {
    switch column {
    case .numbers(let encodings): encodings.reduce(0) { $0 + $1.width }
    case .codes: 1
    case .oneHot(_, let width): width
    case .means(let means): means.count
    case .text(let encodings, let projection): encodings.reduce(0) { $0 + $1.width } + projection.width
    case .words(let encodings, let means): encodings.reduce(0) { $0 + $1.width } + means.width
    case .encoded(let encodings, let directions): encodings.reduce(0) { $0 + $1.width } + directions.width
    }
  }

  // MARK: Learning

  private static func fit(
    _ recipe: Recipe, _ cells: PreparedTable.Cells, rows: [Int], labels: Labels, seed: UInt64, context: any JobContext
  ) throws -> FittedColumn {
    func numbers(_ features: [[Double]]) -> [NumberEncoding] {
      features.map { recipe.isScaled ? NumberEncoding($0, rows: rows) : .asItIs }
    }
    switch cells {
    case .numbers(let features): return .numbers(numbers(features))
    case .text(let features, let texts):
      switch recipe.texts {
      case .terms:
        let terms = Int(texts.counts.terms.max() ?? -1) + 1
        return .text(numbers(features), TermProjection(texts.counts, terms: terms, rows: rows, seed: seed))
      case .vectors:
        return .words(numbers(features), try WordMeans(texts, rows: rows, seed: seed, context: context))
      case .encoder:
        let directions = VectorDirections(
          texts.vectors, dimensions: texts.dimensions, rows: rows, isWhole: recipe.isScaled, seed: seed)
        return .encoded(numbers(features), directions)
      }
    case .codes(let codes, let levels):
      switch recipe.categories {
      case .codes: return .codes(frequentCodes(codes, levels, rows))
      case .oneHot: return oneHot(codes, levels, rows)
      case .target:
        // A mean for each of very many classes would be more features than rows can carry.
        guard labels.outputs <= 6 else { return .codes(frequentCodes(codes, levels, rows)) }
        return .means(means(codes, levels: levels, rows: rows, labels: labels))
      }
    }
  }

  private static func frequentCodes(_ codes: [Int32], _ levels: Int, _ rows: [Int]) -> [Int32] {
    let order = byFrequency(codes, levels, rows, minimum: levels > 100 ? 3 : 1)
    var result = [Int32](repeating: -1, count: levels + 1)
    for (position, level) in order.prefix(codeLimit).enumerated() { result[level] = Int32(position) }
    let kept = min(order.count, codeLimit)
    // The rest share a code only where the fold has rows of it to learn from.
    if order.count > codeLimit || levels > 100 {
      for level in 0...levels where result[level] < 0 { result[level] = Int32(kept) }
    }
    return result
  }

  private static func oneHot(_ codes: [Int32], _ levels: Int, _ rows: [Int]) -> FittedColumn {
    let order = byFrequency(codes, levels, rows, minimum: 2)
    var result = [Int32](repeating: -1, count: levels + 2)
    var width = 0
    for level in order.prefix(oneHotLimit) {
      result[level] = Int32(width)
      width += 1
    }
    let counted = rows.count { codes[$0] >= 0 && result[Int(codes[$0])] < 0 }
    if counted > 0 {
      for level in 0...levels where result[level] < 0 { result[level] = Int32(width) }
      width += 1
    }
    if rows.contains(where: { codes[$0] < 0 }) {
      result[levels + 1] = Int32(width)
      width += 1
    }
    return .oneHot(result, width: width)
  }

  /// The levels with `minimum` rows or more, the most frequent first.
  private static func byFrequency(_ codes: [Int32], _ levels: Int, _ rows: [Int], minimum: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: levels + 1)
    for row in rows where codes[row] >= 0 { counts[Int(codes[row])] += 1 }
    return (0..<levels).filter { counts[$0] >= minimum }.sorted { (counts[$1], $0) < (counts[$0], $1) }
  }

  /// What is averaged: the label itself, or for each class but the first whether it is that.
  private static func targets(_ labels: Labels) -> [[Double]] {
    switch labels {
    case .numbers(let numbers): [numbers]
    case .classes(let codes, let count): (1..<max(count, 2)).map { label in codes.map { $0 == label ? 1 : 0 } }
    }
  }

  private static func means(_ codes: [Int32], levels: Int, rows: [Int], labels: Labels) -> [[Double]] {
    targets(labels).map { target in
      var sums = [Double](repeating: 0, count: levels + 2)
      var counts = [Double](repeating: 0, count: levels + 2)
      for (position, row) in rows.enumerated() {
        let level = codes[row] < 0 ? levels + 1 : Int(codes[row])
        sums[level] += target[position]
        counts[level] += 1
      }
      let overall = rows.isEmpty ? 0 : sums.reduce(0, +) / Double(rows.count)
      return zip(sums, counts).map { ($0 + overall * meanWeight) / ($1 + meanWeight) }
    }
  }

  /// The means of rows learnt from, each taken over other rows than its own.
  private static func outOfFoldMeans(
    _ codes: [Int32], levels: Int, rows: [Int], labels: Labels, seed: UInt64
  ) -> [[Double]] {
    let folds = Folds(labels, count: innerFolds, seed: seed)
    let whole = means(codes, levels: levels, rows: rows, labels: labels)
    var counts = [Double](repeating: 0, count: levels + 2)
    for row in rows { counts[codes[row] < 0 ? levels + 1 : Int(codes[row])] += 1 }
    var result = Array(repeating: [Double](repeating: 0, count: rows.count), count: targets(labels).count)
    for fold in 0..<folds.count {
      let learnt = folds.learnt[fold]
      let means = means(codes, levels: levels, rows: learnt.map { rows[$0] }, labels: labels.selecting(learnt))
      for position in folds.judged[fold] {
        let code = codes[rows[position]]
        let level = code < 0 ? levels + 1 : Int(code)
        let known = counts[level] >= tellingRows ? whole : means
        for output in result.indices { result[output][position] = known[output][level] }
      }
    }
    return result
  }

  // MARK: Applying

  private static func features(_ cells: PreparedTable.Cells, _ column: FittedColumn, _ rows: [Int]) -> [[Double]] {
    switch (cells, column) {
    case (.numbers(let features), .numbers(let encodings)):
      return zip(features, encodings).flatMap { $1.encode($0, rows) }
    case (.text(let features, let texts), .text(let encodings, let projection)):
      return zip(features, encodings).flatMap { $1.encode($0, rows) } + projection.project(texts.counts, rows: rows)
    case (.text(let features, let texts), .words(let encodings, let means)):
      return zip(features, encodings).flatMap { $1.encode($0, rows) } + means.project(texts, rows: rows)
    case (.text(let features, let texts), .encoded(let encodings, let directions)):
      return zip(features, encodings).flatMap { $1.encode($0, rows) } + directions.project(texts.vectors, rows: rows)
    case (.codes(let codes, _), .codes(let map)):
      return [
        rows.map { row in
          let code = codes[row] < 0 ? -1 : map[Int(codes[row])]
          return code < 0 ? .nan : Double(code)
        }
      ]
    case (.codes(let codes, let levels), .oneHot(let map, let width)):
      var result = Array(repeating: [Double](repeating: 0, count: rows.count), count: width)
      for (position, row) in rows.enumerated() {
        let feature = map[codes[row] < 0 ? levels + 1 : Int(codes[row])]
        if feature >= 0 { result[Int(feature)][position] = 1 }
      }
      return result
    case (.codes(let codes, let levels), .means(let means)):
      return means.map { means in rows.map { means[codes[$0] < 0 ? levels + 1 : Int(codes[$0])] } }
    // A schema and its recipes are made together; a bundle is checked when it is loaded.
    case (.numbers, _), (.text, _), (.codes, _):
      return Array(repeating: [Double](repeating: .nan, count: rows.count), count: width(column))
    }
  }

  /// True where this recipe can read what the schema prepares.
  func matches(_ schema: FeatureSchema) -> Bool {
    guard columns.count == schema.columns.count else { return false }
    return zip(columns, schema.columns).allSatisfy { column, given in
      switch (column, given.content) {
      case (.numbers(let encodings), .number): encodings.count == 1
      case (.numbers(let encodings), .calendar(let parts)): encodings.count == parts.count
      case (.codes(let map), .levels(let levels)): map.count == levels.count + 1
      case (.oneHot(let map, let width), .levels(let levels)):
        map.count == levels.count + 2 && (0...map.count).contains(width) && map.allSatisfy { $0 < width }
      case (.means(let means), .levels(let levels)): means.allSatisfy { $0.count == levels.count + 2 }
      case (.text(let encodings, let projection), .text(let statistics, let terms)):
        encodings.count == statistics.count && projection.weights.count == terms.count
          && (0...TermProjection.widthLimit).contains(projection.width)
          && projection.directions.count == projection.weights.count * projection.width
      case (.words(let encodings, let means), .text(let statistics, _)):
        encodings.count == statistics.count && means.isWhole
      case (.encoded(let encodings, let directions), .text(let statistics, _)):
        encodings.count == statistics.count && directions.fits(dimensions: schema.encoder?.dimensions ?? 0)
      case (.numbers, _), (.codes, _), (.oneHot, _), (.means, _), (.text, _), (.words, _), (.encoded, _): false
      }
    }
  }

  /// Numbers that a model sees: those of the columns, and after them those of other candidates.
  var width: Int { columnWidth + (stack?.encodings.count ?? 0) }

  /// Numbers that the columns are made into.
  var columnWidth: Int { columns.reduce(0) { $0 + Self.width($1) } }
}
