// What an AutoML run is asked to do.

/// How much a run tries.
public enum AutoMLPreset: String, Codable, Sendable, CaseIterable {
  /// A few candidates, no search.
  case quick
  /// The whole portfolio, then a search until the time is out.
  case balanced
  /// As balanced, with more folds and a longer ensemble.
  case best
}

/// What a run makes.
public enum AutoMLMode: String, Codable, Sendable, CaseIterable {
  /// An ensemble below 100 MB of cells, the best single candidate above.
  case auto
  case ensembling
  /// A few candidates of each learner, then a search; the best single candidate answers.
  case tuning
}

/// The settings of a run; all but the target have defaults.
public struct AutoMLOptions: Codable, Hashable, Sendable {
  public var target: String
  /// Seconds of the whole run, reading and judging included.
  public var timeLimit: Double
  /// Nil for the problem's own: `f1` for two classes, `accuracy` for more, `mse` for numbers.
  public var metric: Objective?
  public var preset: AutoMLPreset
  public var problem: ProblemChoice
  public var seed: UInt64
  /// Folds trained at once; nil for one a processor. Scores do not depend on it, only how many candidates there are in the end.
  public var threads: Int?
  /// Candidates at most; nil for as many as the time allows.
  public var candidateLimit: Int?
  public var mode = AutoMLMode.auto
  /// A column that says how much each row counts while learning; it is no feature.
  public var weightColumn: String?
  /// True lets each class count as much as any other, however few rows it has.
  public var hasBalancedClasses = false
  /// A column whose rows of one value are never parted by folds, such as a customer; it is no feature.
  public var groupColumn: String?
  /// A column to order rows by: folds then learn from what was before the rows that they judge.
  public var timeColumn: String?
  /// A folder of an encoder of texts, or a file of word vectors, that candidates may read texts with.
  public var encoder: String?
  /// How all candidates read free text; nil for a part of them in each way that there is.
  public var texts: TextTreatment?
  /// Who grows the trees of LightGBM together; nil for this process alone. Which rows a worker has decides the last digits of
  /// its sums, so that scores depend, very little, on how many there are.
  public var workers: WorkerPool?
  /// What is trained, instead of the portfolio and the search.
  public var candidates: [CandidateSpec]?

  public init(
    target: String, timeLimit: Double = 60, metric: Objective? = nil, preset: AutoMLPreset = .balanced,
    problem: ProblemChoice = .automatic, seed: UInt64 = 0, threads: Int? = nil, candidateLimit: Int? = nil
  ) {
    (self.target, self.timeLimit, self.metric, self.preset) = (target, timeLimit, metric, preset)
    (self.problem, self.seed, self.threads, self.candidateLimit) = (problem, seed, threads, candidateLimit)
  }

  private enum CodingKeys: String, CodingKey {
    case target, metric, preset, problem, seed, threads
    case timeLimit = "time_limit"
    case candidateLimit = "candidate_limit"
    case mode, candidates, encoder, texts, workers
    case weightColumn = "weight_column"
    case hasBalancedClasses = "balanced_classes"
    case groupColumn = "group_column"
    case timeColumn = "time_column"
  }

  /// How rows are weighted and divided, in words; empty for random folds of rows that count alike.
  public func division(hasValidation: Bool) -> String {
    let parts = [
      weightColumn.map { "weights in " + $0 }, hasBalancedClasses ? "balanced classes" : nil,
      groupColumn.map { "groups in " + $0 }, timeColumn.map { "ordered by " + $0 },
      hasValidation ? "a validation set" : nil,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  /// Throws for a value out of range.
  func validate() throws {
    guard timeLimit >= 1, timeLimit.isFinite else {
      throw LearnError.option(name: "time limit", value: "\(timeLimit)", allowed: "1 second or more")
    }
    if let threads, !(1...1024).contains(threads) {
      throw LearnError.option(name: "threads", value: "\(threads)", allowed: "1 to 1,024")
    }
    if let candidateLimit, candidateLimit < 1 {
      throw LearnError.option(name: "candidate limit", value: "\(candidateLimit)", allowed: "1 or more")
    }
    if let candidates, candidates.isEmpty {
      throw LearnError.option(name: "candidates", value: "empty", allowed: "one candidate or more")
    }
    for candidate in candidates ?? [] { try candidate.validate() }
    let asks = texts == .encoder || (candidates ?? []).contains { $0.recipe.texts == .encoder }
    if asks, encoder == nil {
      throw LearnError.option(
        name: "encoder", value: "not given", allowed: "the folder of an encoder, since candidates read texts with one")
    }
    if groupColumn != nil, timeColumn != nil {
      throw LearnError.option(
        name: "group column", value: "given beside a time column", allowed: "one of the two: rows are divided by one")
    }
  }
}
