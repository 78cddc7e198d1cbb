import Embed
import Frame
import Plot

/// Where texts come from.
public enum TextInput: Codable, Sendable, Equatable {
  /// A file, one text a line: plain, gzip or xz; - is standard input.
  case lines(String)
  /// A column of a step; a label column is for the training of a classifier.
  case column(NodeRequest, text: String, label: String?)
}

/// What is asked of texts, words and their vectors.
public enum EmbedSpec: Codable, Sendable, Equatable {
  case train(EmbedTraining)
  /// The nearest words to each of some.
  case neighbors(vectors: String, words: [String], count: Int)
  /// What is to the third word as the second is to the first.
  case analogy(vectors: String, words: [String], count: Int)
  /// How alike two words or texts are.
  case similarity(vectors: String, first: String, second: String)
  case evaluate(vectors: String, similarity: [String], analogies: [String], limit: Int?)
  /// The labels of texts by a trained classifier.
  case classify(EmbedClassification)
  /// A vector for each text.
  case encode(EmbedEncoding)
  /// How well each word of a group fits the others.
  case fits(vectors: String, words: [String])
  /// Whether two sets of words lean to different attributes.
  case association(vectors: String, sets: AssociationSets, seed: UInt64)
  /// The first words on a plane.
  case map(EmbedMapping)
  /// How likely a model finds each text.
  case score(EmbedScoring)
  /// How a model goes on with a text.
  case complete(model: String, text: String, options: CompletionOptions)

  var title: String {
    switch self {
    case .train(let training): "train \(training.options.mode.rawValue)"
    case .neighbors(_, let words, _): "neighbours of \(words.joined(separator: ", "))"
    case .analogy: "analogy"
    case .similarity: "similarity"
    case .evaluate(let vectors, _, _, _): "evaluate \(vectors)"
    case .classify(let classification): "classify with \(classification.model)"
    case .encode(let encoding): "encode with \(encoding.model)"
    case .fits: "odd one out"
    case .association: "word embedding association test"
    case .map(let mapping): "map of \(mapping.vectors)"
    case .score(let scoring): "score with \(scoring.model)"
    case .complete(let model, _, _): "complete with \(model)"
    }
  }

  func filled() throws -> EmbedSpec {
    switch self {
    case .train(var training):
      training.input = try training.input.filled()
      training.validation = try training.validation?.filled()
      return .train(training)
    case .classify(var classification):
      classification.input = try classification.input.filled()
      return .classify(classification)
    case .encode(var encoding):
      encoding.input = try encoding.input.filled()
      return .encode(encoding)
    case .score(var scoring):
      scoring.input = try scoring.input.filled()
      return .score(scoring)
    case .neighbors, .analogy, .similarity, .evaluate, .fits, .association, .map, .complete: return self
    }
  }
}

extension TextInput {
  func filled() throws -> TextInput {
    switch self {
    case .lines: self
    case .column(let request, let text, let label): .column(try request.filled(), text: text, label: label)
    }
  }
}

/// A training of word vectors or of a classifier.
public struct EmbedTraining: Codable, Sendable, Equatable {
  public var input: TextInput
  /// Labelled texts that tell when a classifier is good enough.
  public var validation: TextInput?
  public var options: TrainingOptions
  public var splitting: WordSplitting
  /// Files of word pairs that the vectors are judged by after each epoch.
  public var similarity: [String]
  public var folder: String
  /// True writes word2vec's binary format too.
  public var writesBinary: Bool
  /// Seconds in which the hyper-parameters of a classifier are looked for on the validation texts; nil takes them as they are.
  public var tuningSeconds: Double?

  public init(
    input: TextInput, validation: TextInput? = nil, options: TrainingOptions, splitting: WordSplitting = .whitespace,
    similarity: [String] = [], folder: String, writesBinary: Bool = false, tuningSeconds: Double? = nil
  ) {
    (self.input, self.validation, self.options, self.splitting) = (input, validation, options, splitting)
    (self.similarity, self.folder, self.writesBinary) = (similarity, folder, writesBinary)
    self.tuningSeconds = tuningSeconds
  }
}

/// Texts that get labels.
public struct EmbedClassification: Codable, Sendable, Equatable {
  public var model: String
  public var input: TextInput
  /// As the training of the model did it.
  public var splitting: WordSplitting
  /// Labels for each text, and the least probability that they have.
  public var count: Int
  public var threshold: Double
  /// Nil gives the labels back.
  public var path: String?
  public var format: SourceFormat?

  public init(
    model: String, input: TextInput, splitting: WordSplitting = .whitespace, count: Int = 1, threshold: Double = 0,
    path: String? = nil, format: SourceFormat? = nil
  ) {
    (self.model, self.input, self.splitting, self.count) = (model, input, splitting, count)
    (self.threshold, self.path, self.format) = (threshold, path, format)
  }
}

/// Texts that become vectors.
public struct EmbedEncoding: Codable, Sendable, Equatable {
  /// A file of word vectors, or the folder of an encoder.
  public var model: String
  public var input: TextInput
  /// Before the words are looked up; an encoder splits texts itself.
  public var splitting: WordSplitting
  /// True writes the columns of the source too.
  public var keepsColumns: Bool
  /// Nil gives the vectors back.
  public var path: String?
  public var format: SourceFormat?

  public init(
    model: String, input: TextInput, splitting: WordSplitting = .lowercase, keepsColumns: Bool = false,
    path: String? = nil, format: SourceFormat? = nil
  ) {
    (self.model, self.input, self.splitting, self.keepsColumns) = (model, input, splitting, keepsColumns)
    (self.path, self.format) = (path, format)
  }
}

/// Words that are laid out on a plane.
public struct EmbedMapping: Codable, Sendable, Equatable {
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// The two directions in which the vectors vary most.
    case pca
    /// Neighbours stay neighbours; far distances mean little.
    case tsne
  }

  public var vectors: String
  /// How many of the first words, the most frequent ones.
  public var words: Int
  public var method: Method
  public var options: NeighborMapOptions
  /// Words that are pointed out.
  public var highlighted: [String]

  public init(
    vectors: String, words: Int = 500, method: Method = .pca, options: NeighborMapOptions = NeighborMapOptions(),
    highlighted: [String] = []
  ) {
    (self.vectors, self.words, self.method, self.options) = (vectors, words, method, options)
    self.highlighted = highlighted
  }
}

/// Texts that a language model scores.
public struct EmbedScoring: Codable, Sendable, Equatable {
  public var model: String
  public var input: TextInput
  /// Nil gives the scores back.
  public var path: String?
  public var format: SourceFormat?

  public init(model: String, input: TextInput, path: String? = nil, format: SourceFormat? = nil) {
    (self.model, self.input, self.path, self.format) = (model, input, path, format)
  }
}

/// What came of it.
public enum EmbedOutput: Sendable, Equatable {
  case trained(EmbedReport)
  case neighbors([WordNeighbors])
  case similarity(Double)
  case evaluation(EmbedEvaluation)
  case fits([GroupFit])
  case association(AssociationResult)
  case map(EmbeddingMap)
  case completion(Completion)
}

/// A word and those nearest to it.
public struct WordNeighbors: Codable, Sendable, Equatable {
  public let word: String
  public let neighbors: [Neighbor]
}

/// How good vectors are.
public struct EmbedEvaluation: Codable, Sendable, Equatable {
  public var similarity: [SimilarityScore]
  public var analogies: [AnalogyScore]
}

/// What a training made: `eval.json` in its folder.
public struct EmbedReport: Codable, Sendable, Equatable {
  public var options: TrainingOptions
  /// Words that have a vector.
  public var vocabulary: Int
  /// Words of the text, rare ones too.
  public var words: Int
  /// Of a classifier; nil of word vectors.
  public var labels: [String]?
  public var examples: Int?
  public var epochs: [TrainingProgress]
  /// The scores after each epoch, where there are files of pairs.
  public var similarity: [[SimilarityScore]]
  /// The share of validation texts whose first label is right, after each epoch.
  public var validationAccuracy: [Double]
  public var stoppedEarly: Bool
  /// True where the training was stopped; the files hold what it had learnt.
  public var wasCancelled: Bool
  public var seconds: Double
  public var files: [String]
  /// The hyper-parameters that were tried, where they were looked for.
  public var trials: [TuningTrial]?
}
