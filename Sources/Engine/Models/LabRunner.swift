import Embed
import Flow
import Foundation
import Frame
import Jobs
import Numerics
import Plot

/// Answers the questions of the word lab.
struct LabRunner {
  let nodes: NodeStore
  let threads: Int?
  let context: any JobContext

  private var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func run(_ spec: LabSpec) throws -> LabAnswer {
    switch spec {
    case .models(let folders): return .models(Self.models(in: folders))
    case .ask(let model, let line, let count):
      guard let question = LabQuestion(line) else { return .words(LabWords(title: "", rows: [], trace: [])) }
      return .words(try answer(question, model, count))
    case .map(let model, let words, let method):
      let mapping = EmbedMapping(vectors: model, words: words, method: method)
      let map = try EmbedRunner(nodes: nodes, threads: threads, context: context).map(mapping, groups: Self.clusters)
      return .map(LabMap(map: map, total: map.total))
    case .search(let search):
      return .found(try ColumnSearch(search, nodes: nodes, threads: threadCount, context: context).run())
    case .pause(let folder, let isPaused): return .paused(nodes.texts.pause(folder, isPaused))
    }
  }

  private static let clusters = 7

  // MARK: Lists

  private static func models(in folders: [String]) -> [TextModelInfo] {
    var seen: Set<String> = []
    let files = FileManager.default
    return folders.flatMap { folder -> [TextModelInfo] in
      let names = ((try? files.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      return ([""] + names).compactMap { name in
        let path = name.isEmpty ? folder : folder == "." ? name : folder + "/" + name
        return seen.insert(path).inserted ? info(path) : nil
      }
    }
  }

  /// Nil for what is no model of words or texts.
  static func info(_ path: String) -> TextModelInfo? {
    let files = FileManager.default
    func has(_ name: String) -> Bool { files.fileExists(atPath: path + "/" + name) }
    if let data = files.contents(atPath: path + "/eval.json"),
      let report = try? JSONDecoder().decode(EmbedReport.self, from: data)
    {
      let isClassifier = report.labels != nil
      var facts = [report.options.mode.rawValue, "\(report.options.vectorDim) numbers", "\(report.vocabulary) words"]
      if let labels = report.labels { facts.append("\(labels.count) labels") }
      if report.wasCancelled { facts.append("stopped early by hand") }
      return TextModelInfo(
        path: path, kind: isClassifier ? .classifier : .vectors, facts: facts.joined(separator: ", "))
    }
    let hasWeights =
      has("model.safetensors") || has("model.safetensors.index.json") || ELMoEncoder.originalWeights(of: path) != nil
    // ELMo has options.json; a folder of sentence-transformers may have its weights one level down.
    if hasWeights && (has("config.json") || has("tokenizer.json") || has("options.json")) || has("modules.json") {
      let data = files.contents(atPath: path + "/config.json") ?? Data()
      let config = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
      let size = (config?["hidden_size"] ?? config?["n_embd"]) as? Int
      let kind = config?["model_type"] as? String ?? "encoder"
      return TextModelInfo(
        path: path, kind: .encoder, facts: kind + (size.map { ", \($0) numbers" } ?? "") + ", makes vectors of texts")
    }
    let ending = (path as NSString).pathExtension.lowercased()
    if ending == "vec" || ending == "ftz" { return TextModelInfo(path: path, kind: .vectors, facts: "a file") }
    return nil
  }

  // MARK: Words

  private func answer(_ question: LabQuestion, _ model: String, _ count: Int) throws -> LabWords {
    if case .alike(let left, let right) = question { return try alike(left, right, model) }
    if case .nearest(let text) = question, let reader = try nodes.texts.encoder(model) as? GPT2Encoder {
      return try likely(text, reader)
    }
    let lookup = try WordLookup(model, nodes.texts)
    switch question {
    case .nearest(let text): return try nearest(text, lookup, count)
    case .sum(let plus, let minus):
      var sum = [Float](repeating: 0, count: lookup.words.dimensions)
      var used: Set<Int> = []
      for (terms, sign) in [(plus, Float(1)), (minus, -1)] {
        for term in terms {
          let vector = try lookup.vector(term, &used)
          for column in sum.indices { sum[column] += sign * vector[column] }
        }
      }
      let found = lookup.words.nearest(to: sum, count: count, without: used)
      let title = "nearest to " + plus.joined(separator: " + ") + minus.map { " - " + $0 }.joined()
      return LabWords(title: title, rows: Self.rows(found), trace: [])
    case .odd(let items):
      let rows = try lookup.fits(items).enumerated().map { rank, fit in
        LabWords.Row(word: fit.word, similarity: fit.similarity, isMarked: rank == 0)
      }
      return LabWords(title: "odd one out: mean cosine with the others", rows: rows, trace: [])
    case .leaning(let sets): return try leaning(sets, lookup)
    case .alike: return LabWords(title: "", rows: [], trace: [])
    }
  }

  /// How likely a language model finds a text.
  private func likely(_ text: String, _ model: GPT2Encoder) throws -> LabWords {
    guard let score = try model.scores(of: [text], threads: threadCount, context: context).first,
      let perplexity = score.perplexity
    else { return LabWords(title: "no perplexity: the text has no piece to foresee", rows: [], trace: []) }
    let note = "\(score.pieces) pieces, log-likelihood \((score.logLikelihood * 100).rounded() / 100)"
    return LabWords(
      title: "perplexity", rows: [LabWords.Row(word: text, similarity: perplexity)], note: note, trace: [])
  }

  /// Whether two sets of words lean to different attributes.
  private func leaning(_ sets: AssociationSets, _ lookup: WordLookup) throws -> LabWords {
    let found = try lookup.words.associations(of: sets, seed: 0, context: context)
    func figure(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
    let interval = found.interval.map { ", 95 %: \(figure($0[0])) to \(figure($0[1]))" } ?? ""
    let p = found.pValue < 0.001 ? "p below 0.001" : "p \(figure(found.pValue))"
    let rows = found.leanings.sorted { $0.value > $1.value }.map {
      LabWords.Row(word: $0.word, similarity: $0.value, isMarked: $0.isFirst)
    }
    var note = "leaning to the third set, away from the fourth; ! is of the first"
    if !found.missing.isEmpty { note += "; without a vector: " + found.missing.joined(separator: ", ") }
    return LabWords(
      title: "effect size \(figure(found.effectSize))\(interval), \(p)", rows: rows, note: note, trace: [])
  }

  private static func rows(_ found: [Neighbor]) -> [LabWords.Row] {
    found.map { LabWords.Row(word: $0.word, similarity: $0.similarity) }
  }

  private func nearest(_ text: String, _ lookup: WordLookup, _ count: Int) throws -> LabWords {
    let words = lookup.words
    let parts = text.split(separator: " ").map(String.init)
    var used: Set<Int> = []
    if parts.count > 1 {
      var sum = [Float](repeating: 0, count: words.dimensions)
      for part in parts {
        let vector = try lookup.vector(part, &used)
        for column in sum.indices { sum[column] += vector[column] }
      }
      let found = words.nearest(to: sum, count: count, without: used)
      return LabWords(title: "nearest to \(text)", rows: Self.rows(found), note: "the mean of its words", trace: [])
    }
    let trace = (lookup.subwords?.trace(of: text) ?? []).map { LabWords.Row(word: $0.ngram, similarity: $0.length) }
    let vector = try lookup.vector(text, &used)
    let note: String? =
      used.isEmpty
      ? "never seen in training: its vector is the mean of its character n-grams"
      : used.first.map { words.words[$0] }.flatMap { $0 == text ? nil : "\"\($0)\", as \"\(text)\" has no vector" }
    let found = words.nearest(to: vector, count: count, without: used)
    return LabWords(title: "nearest to \(text)", rows: Self.rows(found), note: note, trace: trace)
  }

  private func alike(_ left: String, _ right: String, _ model: String) throws -> LabWords {
    let vectors = try nodes.texts.vectors(
      of: [left, right], by: model, splitting: .words, threads: threadCount, context: context)
    for (text, vector) in zip([left, right], vectors) where vector.allSatisfy({ $0 == 0 }) {
      throw EmbedError.unknownWord(text, nearest: nil)
    }
    let row = LabWords.Row(word: "\(left) | \(right)", similarity: cosine(vectors[0], vectors[1]))
    return LabWords(title: "cosine of two texts", rows: [row], trace: [])
  }
}
